import { Misfit } from 'wherefrom';
import { ServiceError } from '../service-error.ts';
import { type HeaderLine, type JournalLine, readHeader, readLine } from './journal-line.ts';
import { Seal } from './seal.ts';

/** A line with its number in the file, counted from 1. */
export interface NumberedLine {
  readonly number: number;
  readonly line: Exclude<JournalLine, HeaderLine>;
}

/** A journal as it was found, with what is wrong with it. */
export interface Journal {
  /** Null for a bare list of observations. */
  readonly header: HeaderLine | null;
  readonly lines: readonly NumberedLine[];
  /** The last line that its mark vouches for; 0 if none does. */
  readonly provenTo: number;
  /** The first thing that is wrong; null if the file is whole. */
  readonly flaw: ServiceError | null;
}

const LONGEST_LINE = 64 * 2 ** 20;

/**
 * Reads the text of a journal file. What is wrong further down is told by `flaw`; the lines before
 * it can be used.
 * @throws ServiceError `journal-foreign` or `journal-version`, where nothing can be used
 */
export function readJournal(text: string, options: { readonly bare?: boolean } = {}): Journal {
  const texts = numberedTexts(text);
  const [first, ...others] = texts;
  if (first === undefined) throw new ServiceError('journal-foreign', 'The file is empty.');
  const header = readHeader(parsed(first.text));
  if (header === 'other-version') {
    throw new ServiceError('journal-version', 'Line 1 says that the file has another version.');
  }
  if (header !== 'none') return new Reader(header, first, others).read();
  if (options.bare === true) return readBare(texts);
  const cut = first.text.startsWith('{"wherefrom":');
  throw cut
    ? new ServiceError('journal-cut', 'The file ends within line 1.')
    : new ServiceError('journal-foreign', 'Line 1 is no header of a journal.');
}

interface NumberedText {
  readonly number: number;
  readonly text: string;
}

/** Mail and other systems change how a line ends, not what it says. */
function numberedTexts(text: string): readonly NumberedText[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line, index) => ({ number: index + 1, text: line }))
    .filter((line) => line.text.trim() !== '');
}

/** Observations and nothing else, one a line, as a failing test prints them. */
function readBare(texts: readonly NumberedText[]): Journal {
  const lines: NumberedLine[] = [];
  for (const { number, text } of texts) {
    const line = tryRead(number, text);
    if (line instanceof ServiceError) return { header: null, lines, provenTo: 0, flaw: line };
    lines.push({ number, line });
  }
  return { header: null, lines, provenTo: 0, flaw: null };
}

class Reader {
  readonly #header: HeaderLine;
  readonly #first: NumberedText;
  readonly #texts: readonly NumberedText[];
  readonly #seal = new Seal();
  readonly #lines: NumberedLine[] = [];
  #provenTo = 0;
  #markedTo: number;
  #steps = 0;
  #flaw: ServiceError | null = null;

  constructor(header: HeaderLine, first: NumberedText, texts: readonly NumberedText[]) {
    this.#header = header;
    this.#first = first;
    this.#texts = texts;
    this.#markedTo = first.number - 1;
    this.#seal.add(first.text);
  }

  read(): Journal {
    const last = this.#texts.at(-1) ?? this.#first;
    let ended = false;
    for (const { number, text } of this.#texts) {
      if (ended) {
        this.#found(new ServiceError('journal-changed', `Line ${number} comes after the end.`));
        break;
      }
      const line = tryRead(number, text);
      if (line instanceof ServiceError) {
        const cut = number === last.number && line.cause instanceof SyntaxError;
        this.#found(cut ? cutIn(number) : line);
        return this.#journal();
      }
      this.#checkMark(number, text, line);
      this.#lines.push({ number, line });
      ended = line.kind === 'end';
    }
    if (!ended) {
      this.#found(new ServiceError('journal-cut', `The file ends after line ${last.number}.`));
    }
    return this.#journal();
  }

  #checkMark(number: number, text: string, line: NumberedLine['line']): void {
    if (line.kind !== 'step' && line.kind !== 'end') return this.#seal.add(text);
    const from = this.#markedTo + 1;
    this.#markedTo = number;
    const miscounted = line.kind === 'end' && line.steps !== this.#steps;
    if (line.kind === 'step') this.#steps += 1;
    if (!this.#seal.holds(text) || miscounted) {
      const lines = from === number ? `Line ${number}` : `One of the lines ${from} to ${number}`;
      const what = `${lines} was changed, or lines are missing there: the mark of line ${number} differs.`;
      this.#found(new ServiceError('journal-changed', what));
    } else if (this.#flaw === null) this.#provenTo = number;
  }

  #found(flaw: ServiceError): void {
    this.#flaw ??= flaw;
  }

  #journal(): Journal {
    const lines = this.#lines;
    return { header: this.#header, lines, provenTo: this.#provenTo, flaw: this.#flaw };
  }
}

function cutIn(number: number): ServiceError {
  return new ServiceError('journal-cut', `The file ends within line ${number}.`);
}

function tryRead(number: number, text: string): NumberedLine['line'] | ServiceError {
  try {
    return readLine(parsedOrThrown(text));
  } catch (cause) {
    if (cause instanceof Misfit) {
      return new ServiceError('journal-strange', `Line ${number}: ${cause.message}.`, { cause });
    }
    const why = text.length > LONGEST_LINE ? 'is longer than any line of a journal' : 'is not JSON';
    return new ServiceError('journal-strange', `Line ${number} ${why}.`, { cause });
  }
}

function parsedOrThrown(text: string): unknown {
  if (text.length > LONGEST_LINE) throw new RangeError('too long');
  return JSON.parse(text) as unknown;
}

function parsed(text: string): unknown {
  try {
    return parsedOrThrown(text);
  } catch {
    return null;
  }
}
