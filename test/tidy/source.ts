/** A TypeScript file in two layers of the same shape: what is not of the layer is blank. */
export interface Layers {
  /** Without comments, and without the inside of texts and regular expressions. */
  readonly code: string;
  readonly comments: string;
}

const known = new Map<string, Layers>();

/** Splits a file by looking at one character after another; good enough for our own style. */
export function layersOf(text: string): Layers {
  const layers = known.get(text) ?? split(text);
  known.set(text, layers);
  return layers;
}

function split(text: string): Layers {
  const code: string[] = [];
  const comments: string[] = [];
  const templates: number[] = [];
  let braces = 0;
  let at = 0;
  const put = (until: number, layer: 'code' | 'comments' | 'none'): void => {
    for (; at < until; at += 1) {
      const character = text[at] ?? '';
      const blank = character === '\n' ? '\n' : ' ';
      code.push(layer === 'code' ? character : blank);
      comments.push(layer === 'comments' ? character : blank);
    }
  };
  const template = (): void => {
    const end = endOfTemplate(text, at);
    put(end, 'none');
    if (text[end - 1] === '{') templates.push(braces);
  };
  while (at < text.length) {
    const character = text[at] ?? '';
    const pair = text.slice(at, at + 2);
    if (pair === '//') put(endAt(text, '\n', at), 'comments');
    else if (pair === '/*') put(endAt(text, '*/', at + 2) + 2, 'comments');
    else if (character === "'" || character === '"') put(endOfText(text, at), 'none');
    else if (character === '/' && startsRegExp(code)) put(endOfRegExp(text, at), 'none');
    else if (character === '`') {
      put(at + 1, 'none');
      template();
    } else if (character === '}' && templates.at(-1) === braces) {
      templates.pop();
      put(at + 1, 'none');
      template();
    } else {
      if (character === '{') braces += 1;
      if (character === '}') braces -= 1;
      put(at + 1, 'code');
    }
  }
  return { code: code.join(''), comments: comments.join('') };
}

function endAt(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? text.length : found;
}

function endOfText(text: string, from: number): number {
  const quote = text[from];
  let at = from + 1;
  while (at < text.length && text[at] !== quote) at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function endOfRegExp(text: string, from: number): number {
  let at = from + 1;
  let isClass = false;
  while (at < text.length && (isClass || text[at] !== '/')) {
    if (text[at] === '[') isClass = true;
    if (text[at] === ']') isClass = false;
    at += text[at] === '\\' ? 2 : 1;
  }
  return at + 1;
}

/** Behind the closing quote, or behind the `${` of the next part that is code. */
function endOfTemplate(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '`') {
    if (text.startsWith('${', at)) return at + 2;
    at += text[at] === '\\' ? 2 : 1;
  }
  return at + 1;
}

function startsRegExp(code: readonly string[]): boolean {
  const before = code.slice(-40).join('').trimEnd();
  return before === '' || /[(,=:[!&|?{};+<>]$|\b(return|case|of|in|typeof|await)$/.test(before);
}

export interface FunctionSpan {
  readonly name: string;
  /** Of its first line, from 1. */
  readonly line: number;
  readonly lines: number;
}

const NOT_METHODS = /^(if|for|while|switch|catch|return|await|function|super|throw|typeof|new)$/;

/** The functions of a file's code layer, nested ones too. Bodies without braces are short. */
export function functionsOf(code: string): readonly FunctionSpan[] {
  const spans: FunctionSpan[] = [];
  const add = (name: string, from: number, body: number | null): void => {
    if (body === null) return;
    const line = lineAt(code, from);
    spans.push({ name, line, lines: lineAt(code, closing(code, body)) - line + 1 });
  };
  for (const { index, 0: head, 1: name = '' } of code.matchAll(/\bfunction\s*\*?\s*([\w$]*)/g)) {
    add(name, index, bodyAfter(code, index + head.length));
  }
  const methods = /^[ \t]+(?:(?:static|async|override|get|set)\s+)*([#*]?[\w$]+)\s*(?=[<(])/gm;
  for (const { index, 0: head, 1: name = '' } of code.matchAll(methods)) {
    if (!NOT_METHODS.test(name)) add(name, index, bodyAfter(code, index + head.length));
  }
  for (const { index, 0: arrow } of code.matchAll(/=>\s*\{/g)) {
    const start = code.lastIndexOf('\n', index) + 1;
    add(arrowName(code.slice(start, index)), start, index + arrow.length - 1);
  }
  return spans;
}

function arrowName(line: string): string {
  return /(?:const|let)\s+([\w$]+)/.exec(line)?.[1] ?? /([\w$]+)\s*[:(]/.exec(line)?.[1] ?? '=>';
}

export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

const OPENING = '([{<';
const CLOSING = ')]}>';

/** The index of the bracket that closes the one at `from`. */
function closing(code: string, from: number): number {
  const open = code[from] ?? '';
  const close = CLOSING[OPENING.indexOf(open)];
  let depth = 0;
  for (let at = from; at < code.length; at += 1) {
    if (code[at] === open) depth += 1;
    // The arrow of a function type is no bracket.
    if (code[at] === close && !(close === '>' && code[at - 1] === '=')) depth -= 1;
    if (depth === 0) return at;
  }
  return code.length;
}

/** From behind a function's name to the brace of its body; null if this is no function. */
function bodyAfter(code: string, from: number): number | null {
  let at = skipSpace(code, from);
  if (code[at] === '<') at = skipSpace(code, closing(code, at) + 1);
  if (code[at] !== '(') return null;
  at = skipSpace(code, closing(code, at) + 1);
  if (code[at] === '{') return at;
  return code[at] === ':' ? bodyAfterType(code, at + 1) : null;
}

/** A brace behind an operator belongs to the type, any other one opens the body. */
function bodyAfterType(code: string, from: number): number | null {
  let isComplete = false;
  for (let at = skipSpace(code, from); at < code.length; at = skipSpace(code, at + 1)) {
    const character = code[at] ?? '';
    if (';=)},'.includes(character)) return null;
    if (character === '{' && isComplete) return at;
    if (OPENING.includes(character)) at = closing(code, at);
    isComplete = !'|&'.includes(character);
  }
  return null;
}

function skipSpace(code: string, from: number): number {
  let at = from;
  while (at < code.length && /\s/.test(code[at] ?? '')) at += 1;
  return at;
}

export interface Import {
  readonly specifier: string;
  readonly isType: boolean;
  readonly line: number;
}

const IMPORT =
  /^(?:import|export)\s+(type\s)?(?:[^'"`;]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm;

/** What a file imports or hands on. */
export function importsOf(text: string): readonly Import[] {
  return [...text.matchAll(IMPORT)].map(({ 1: type, 2: specifier, 3: dynamic, index }) => ({
    specifier: specifier ?? dynamic ?? '',
    isType: type !== undefined,
    line: lineAt(text, index),
  }));
}
