import { basename, posix } from 'node:path';
import { functionsOf, importsOf, layersOf, lineAt } from './source.ts';
import { linesOf, type TextFile, type Tree } from './tree.ts';

/** A rule of ours: what is wrong, one line each, with file and line. */
export type Rule = (tree: Tree) => readonly string[];

const FILE_LINES = 300;
const EXAMPLE_LINES = 80;
const FUNCTION_LINES = 70;

/** Files that are longer, each with its reason. */
export const LONG_FILES: Readonly<Record<string, string>> = {
  'packages/emulator/src/rest/rest.test.ts': 'one conversation per route of the emulated API',
  'packages/service/src/gateway/dispatch.test.ts': 'one stage, and one test per event it must read',
};

/** Test files that wait for real time, each with its reason. */
export const SLEEPERS: Readonly<Record<string, string>> = {
  'test/regression/sockets.test.ts':
    'rows begin one after another, as the bot may ask 45 times a second',
};

const isCode = ({ path }: TextFile): boolean => /\.tsx?$/.test(path);
const isTest = ({ path }: TextFile): boolean => /\.(test|conformance)\.ts$/.test(path);
const isUnder = (path: string, folder: string): boolean => path.startsWith(`${folder}/`);

/** Every place in the code layer of these files where the pattern is found. */
function found(files: Tree, pattern: RegExp, what: string): readonly string[] {
  return files.flatMap(({ path, text }) => {
    const { code } = layersOf(text);
    return [...code.matchAll(pattern)].map(
      (match) => `${path}:${lineAt(code, match.index)} ${what}: ${match[0].trim()}`,
    );
  });
}

export const fileLength: Rule = (tree) => {
  const tooLong = tree.filter(isCode).flatMap(({ path, text }) => {
    const limit = isUnder(path, 'examples') ? EXAMPLE_LINES : FILE_LINES;
    const lines = linesOf(text);
    if (lines <= limit || path in LONG_FILES) return [];
    return [`${path} has ${lines} lines, more than ${limit}`];
  });
  const needless = tree.filter(
    ({ path, text }) => path in LONG_FILES && linesOf(text) <= FILE_LINES,
  );
  return [...tooLong, ...needless.map(({ path }) => `${path} needs no exception any more`)];
};

export const functionLength: Rule = (tree) =>
  tree.filter(isCode).flatMap(({ path, text }) => {
    const lines = text.split('\n');
    return functionsOf(layersOf(text).code)
      .filter((span) => span.lines > FUNCTION_LINES)
      .filter((span) => !/^\s*describe\(/.test(lines[span.line - 1] ?? ''))
      .map((span) => `${path}:${span.line} ${span.name} has ${span.lines} lines`);
  });

const IMPURE =
  /(?<![\w.$])(Date|Math\.random|setTimeout|setInterval|queueMicrotask|Promise|async|await|performance|crypto|process|console|globalThis)\b/g;

export const engineIsPure: Rule = (tree) =>
  found(
    tree.filter((file) => isUnder(file.path, 'packages/core/src/engine') && isCode(file)),
    IMPURE,
    'the engine has no clock, no chance, no promise',
  );

/** Where an import leads: a path of the repository, a package of ours, or something foreign. */
function targetOf(path: string, specifier: string): string {
  const packages: Readonly<Record<string, string>> = {
    wherefrom: 'packages/core',
    '@wherefrom/service': 'packages/service',
    '@wherefrom/emulator': 'packages/emulator',
    '@wherefrom/dashboard': 'packages/dashboard',
  };
  if (specifier.startsWith('.')) return posix.normalize(posix.join(posix.dirname(path), specifier));
  return packages[specifier] ?? specifier;
}

/** Why a file must not import this, or null. */
function forbidden(file: TextFile, target: string): string | null {
  const { path } = file;
  const leadsTo = (folder: string): boolean => target === folder || isUnder(target, folder);
  if (isUnder(path, 'packages/core')) {
    if (leadsTo('packages/emulator')) return 'core never imports the emulator';
    const isTesting = isTest(file) && (target.startsWith('node:') || target === 'fast-check');
    if (!leadsTo('packages/core/src') && !isTesting) return 'core imports nothing';
  }
  if (isUnder(path, 'packages/core/src/engine') && !isTest(file)) {
    if (!leadsTo('packages/core/src/engine')) return 'engine imports only engine';
  }
  if (isUnder(path, 'packages/emulator')) {
    if (leadsTo('packages/core') || leadsTo('packages/service')) {
      return 'the emulator imports neither the tracker nor the service';
    }
  }
  if (isUnder(path, 'packages/service') && !isTest(file) && leadsTo('packages/emulator')) {
    return 'only tests, demo, bench and examples hold both sides';
  }
  if (
    isUnder(path, 'packages') &&
    !target.startsWith('packages/') &&
    /^(test|demo|bench|examples)\//.test(target)
  ) {
    return 'a package imports nothing that is around it';
  }
  const owner = path.split('/').slice(0, 2).join('/');
  const isRelative = /^packages\/[^/]+\//.test(target);
  if (isUnder(path, 'packages') && isRelative && !leadsTo(owner)) {
    return 'another package is imported by its name';
  }
  return null;
}

export const importDirection: Rule = (tree) =>
  tree.filter(isCode).flatMap((file) =>
    importsOf(file.text).flatMap(({ specifier, line }) => {
      const why = forbidden(file, targetOf(file.path, specifier));
      return why === null ? [] : [`${file.path}:${line} imports ${specifier}: ${why}`];
    }),
  );

/** What the oracle and the engine are both measured by: the constants of the assumptions. */
const SHARED = 'packages/core/src/engine/constants.ts';

/** The oracle shares types and constants with the engine and nothing else. */
export const oracleIsApart: Rule = (tree) =>
  tree
    .filter((file) => isCode(file) && isUnder(file.path, 'test/oracle') && !isTest(file))
    .flatMap(({ path, text }) =>
      importsOf(text)
        .filter(({ isType }) => !isType)
        .filter(({ specifier }) => isUnder(targetOf(path, specifier), 'packages'))
        .filter(({ specifier }) => targetOf(path, specifier) !== SHARED)
        .map(({ line, specifier }) => `${path}:${line} imports more than types of ${specifier}`),
    );

export const plainTypeScript: Rule = (tree) => {
  const files = tree.filter(isCode);
  return [
    ...found(files, /(?<=[:<|&,(]\s*|\bas\s+|=\s*)\bany\b(?!\s*[:(.])/g, 'any'),
    ...found(files, /^\s*(?:export\s+)?(?:declare\s+)?(?:const\s+)?enum\s+\w+/gm, 'enum'),
    ...found(files, /^\s*(?:export\s+)?(?:declare\s+)?(?:namespace|module)\s+\w+/gm, 'namespace'),
    ...found(
      files,
      /\bconstructor\s*\((?:[^(){}]*,)?\s*(?:(?:public|private|protected|readonly)\s+)+\w+\s*\??:/g,
      'parameter property',
    ),
  ];
};

const ANYWHERE = /^(manager|handler|helper|util)s?$/i;
const AT_THE_END = /^(data|info)s?$/i;
const DECLARED =
  /\b(?:(?:const|let|var|function\*?|class|interface)\s+|type\s+(?=\w+\s*[=<]))([A-Za-z_$][\w$]*)/g;

function isBadName(name: string): boolean {
  const words = name.split(/[-_.]|(?<=[a-z\d])(?=[A-Z])/).filter((word) => word !== '');
  return words.some((word) => ANYWHERE.test(word)) || AT_THE_END.test(words.at(-1) ?? '');
}

/** A parameter or a destructured name that is nothing but such a word. */
const BARE =
  /(?<=\(\s*)(?:manager|handler|helper|util|data|info)s?(?=\s*[,):=])|(?<=[{,[]\s*)(?:manager|handler|helper|util|data|info)s?(?=\s*[,}\])=])/g;

export const wordsThatSayNothing: Rule = (tree) => {
  const files = tree.filter(isCode);
  const names = files.flatMap(({ path, text }) => {
    const { code } = layersOf(text);
    return [...code.matchAll(DECLARED)]
      .filter(({ 1: name = '' }) => isBadName(name))
      .map((match) => `${path}:${lineAt(code, match.index)} is named ${match[1]}`);
  });
  const paths = files
    .filter(({ path }) => isBadName(basename(path).replace(/(\.\w+)+$/, '')))
    .map(({ path }) => `${path} has a name that says nothing`);
  return [...names, ...paths, ...found(files, BARE, 'is named')];
};

export const nobodySleeps: Rule = (tree) => {
  const tests = tree.filter(({ path }) => /\.test\.ts$/.test(path));
  const asleep = found(
    tests.filter(({ path }) => !(path in SLEEPERS)),
    /(?<![\w.$])(?:setTimeout|setInterval|sleep)\s*\(/g,
    'a test does not sleep',
  );
  const awake = tests.filter(
    ({ path, text }) => path in SLEEPERS && !/setTimeout|sleep/.test(text),
  );
  return [...asleep, ...awake.map(({ path }) => `${path} needs no exception any more`)];
};
