import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Rule } from './rules-code.ts';
import { layersOf, lineAt } from './source.ts';
import { fileAt, repository, type Tree } from './tree.ts';

const QUIRKS = 'docs/quirks.md';
const DEPENDENCIES = 'docs/dependencies.md';
const INDEX = 'packages/core/src/index.ts';

interface Link {
  readonly target: string;
  readonly line: number;
}

/** The links of a page to files of the repository, as paths from its root. */
function linksOf(path: string, text: string): readonly Link[] {
  const plain = text.replace(/```[\s\S]*?```/g, (block) => block.replace(/[^\n]/g, ' '));
  return [...plain.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(({ 1: target = '', index }) => ({ target, line: lineAt(text, index) }))
    .filter(({ target }) => !/^([a-z]+:|#)/.test(target))
    .map(({ target, line }) => {
      const file = target.split('#')[0] ?? '';
      return { target: posix.normalize(posix.join(posix.dirname(path), file)), line };
    });
}

export const linksLeadSomewhere: Rule = (tree) =>
  tree
    .filter(({ path }) => path.endsWith('.md'))
    .flatMap(({ path, text }) =>
      linksOf(path, text)
        .filter(({ target }) => !isThere(tree, target))
        .map(({ target, line }) => `${path}:${line} links to ${target}, which is not there`),
    );

function isThere(tree: Tree, target: string): boolean {
  const folder = target.replace(/\/$/, '');
  if (tree.some(({ path }) => path === folder || path.startsWith(`${folder}/`))) return true;
  return existsSync(join(repository, folder));
}

interface Quirk {
  readonly name: string;
  readonly text: string;
}

function quirksOf(tree: Tree): readonly Quirk[] {
  const sections = fileAt(tree, QUIRKS).text.split(/^## /m).slice(1);
  return sections.map((text) => ({ name: /^Q\d+/.exec(text)?.[0] ?? text.slice(0, 20), text }));
}

/** Numbers cited in comments; elsewhere a Q and a number may be anything. */
export const quirksAreListed: Rule = (tree) => {
  const names = quirksOf(tree).map(({ name }) => name);
  const numbers = names.map((_, index) => `Q${index + 1}`);
  const gaps = names.join() === numbers.join() ? [] : [`${QUIRKS} does not count from Q1 on`];
  const unknown = tree
    .filter(({ path }) => /\.tsx?$/.test(path))
    .flatMap(({ path, text }) => {
      const { comments } = layersOf(text);
      return [...comments.matchAll(/\bQ\d+\b/g)]
        .filter(([name]) => !names.includes(name))
        .map(([name], index) => `${path} cites ${name} (${index + 1}), which ${QUIRKS} lacks`);
    });
  return [...gaps, ...unknown];
};

/** Each names its source, code that is there, and tests that are there under that name. */
export const quirksAreProved: Rule = (tree) =>
  quirksOf(tree).flatMap(({ name, text }) => {
    const part = (head: string): string =>
      new RegExp(`- \\*\\*${head}:\\*\\*([\\s\\S]*?)(?=\\n- |\\n\\n|$)`).exec(text)?.[1] ?? '';
    const missing = ['Claim', 'Source', 'Code', 'Test'].filter((head) => part(head).trim() === '');
    const nowhere = linksOf(QUIRKS, `${part('Code')} ${part('Test')}`)
      .filter(({ target }) => !isThere(tree, target))
      .map(({ target }) => `${name} names ${target}, which is not there`);
    return [
      ...missing.map((head) => `${name} has no ${head}`),
      ...nowhere,
      ...unprovedTests(tree, name, part('Test')),
    ];
  });

function unprovedTests(tree: Tree, quirk: string, part: string): readonly string[] {
  const pieces = [...part.matchAll(/\]\(([^)]+)\)((?:,?\s*`[^`]+`)+)/g)];
  if (pieces.length === 0) return [`${quirk} names no test`];
  return pieces.flatMap(({ 1: link = '', 2: names = '' }) => {
    const { text } = fileAt(tree, posix.normalize(posix.join('docs', link)));
    return [...names.matchAll(/`([^`]+)`/g)]
      .map(([, test = '']) => test)
      .filter((test) => !text.includes(test))
      .map((test) => `${quirk}: ${link} has no test "${test}"`);
  });
}

interface Dependency {
  readonly name: string;
  readonly version: string;
  readonly from: string;
}

/** What the package files ask for, but for the packages of this repository. */
function dependenciesOf(tree: Tree): readonly Dependency[] {
  const files = tree
    .filter(({ path }) => /^(packages\/[^/]+\/)?package\.json$|^bench\/.*package\.json$/.test(path))
    .map(({ path, text }) => ({ path, content: JSON.parse(text) as Record<string, unknown> }));
  const ours = files.map(({ content }) => content.name);
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
  return files.flatMap(({ path, content }) =>
    kinds
      .flatMap((kind) => Object.entries((content[kind] ?? {}) as Record<string, string>))
      .filter(([name]) => !ours.includes(name))
      .map(([name, version]) => ({ name, version, from: path })),
  );
}

export const dependenciesAreExplained: Rule = (tree) => {
  const used = dependenciesOf(tree);
  const table = fileAt(tree, DEPENDENCIES).text.matchAll(/^\| `([^`]+)` \| (\S+) \|/gm);
  const listed = new Map([...table].map(({ 1: name = '', 2: version = '' }) => [name, version]));
  const wrong = used.flatMap(({ name, version, from }) => {
    if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      return [`${from}: ${name} ${version} is not exact`];
    if (!listed.has(name)) return [`${DEPENDENCIES} lacks ${name}`];
    if (listed.get(name) === version) return [];
    return [`${DEPENDENCIES} has ${name} ${listed.get(name)}, ${from} has ${version}`];
  });
  const needless = [...listed.keys()].filter((name) => !used.some((each) => each.name === name));
  return [...wrong, ...needless.map((name) => `${DEPENDENCIES} lists ${name}, which nobody uses`)];
};

const locksOf = (tree: Tree): Tree => tree.filter(({ path }) => path.endsWith('package-lock.json'));

export const nothingRunsAtInstall: Rule = (tree) => {
  const marked = locksOf(tree)
    .filter(({ text }) => text.includes('"hasInstallScript"'))
    .map(({ path }) => `${path} has an install script`);
  const folders = ['node_modules', 'bench/peers/node_modules'];
  return [...marked, ...folders.flatMap((folder) => installers(join(repository, folder)))];
};

/** Everybody installs from the registry that is theirs. */
export const locksNameNoHost: Rule = (tree) =>
  locksOf(tree).flatMap(({ path, text }) =>
    [...text.matchAll(/"resolved": "\w+:\/\/[^"]*"/g)].map(
      ({ index }) => `${path}:${lineAt(text, index)} names a host`,
    ),
  );

/** Installed packages that run something at installation or compile. */
export function installers(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    // Links are the packages of this repository.
    if (!entry.isDirectory() || entry.name.startsWith('.')) return [];
    if (entry.name.startsWith('@')) return installers(path);
    return [...installing(path), ...installers(join(path, 'node_modules'))];
  });
}

function installing(path: string): readonly string[] {
  const file = join(path, 'package.json');
  if (!existsSync(file)) return [];
  const { name, scripts = {} } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly name: string;
    readonly scripts?: Readonly<Record<string, string>>;
  };
  const running = ['preinstall', 'install', 'postinstall'].filter((script) => script in scripts);
  const compiling = existsSync(join(path, 'binding.gyp')) ? ['binding.gyp'] : [];
  return [...running, ...compiling].map((what) => `${name} has ${what}`);
}

interface Exported {
  readonly name: string;
  readonly path: string;
}

/** What a barrel hands on, also through another barrel. */
function exportsOf(tree: Tree, path: string): readonly Exported[] {
  const { text } = fileAt(tree, path);
  const from = (file: string): string => posix.normalize(posix.join(posix.dirname(path), file));
  const named = [...text.matchAll(/^export (?:type )?\{([^}]*)\} from '([^']+)'/gm)];
  const whole = [...text.matchAll(/^export \* from '([^']+)'/gm)];
  return [
    ...named.flatMap(({ 1: names = '', 2: file = '' }) =>
      names
        .split(',')
        .map((name) => name.trim().replace(/^type\s+/, ''))
        .filter((name) => name !== '')
        .map((name) => ({ name, path: from(file) })),
    ),
    ...whole.flatMap(({ 1: file = '' }) => exportsOf(tree, from(file))),
  ];
}

export const exportsAreDocumented: Rule = (tree) =>
  exportsOf(tree, INDEX).flatMap(({ name, path }) => {
    const { text } = fileAt(tree, path);
    const kind = '(?:async function|function|interface|type|const|class)';
    const declared = new RegExp(`^export ${kind} ${name}\\b`, 'm').exec(text);
    if (declared !== null) {
      const above = text.slice(0, declared.index).trimEnd();
      const isNear = !text.slice(above.length, declared.index).includes('\n\n');
      return above.endsWith('*/') && isNear ? [] : [`${path}: ${name} has no TSDoc comment`];
    }
    // Handed on by a file in between.
    const next = exportsOf(tree, path).find((each) => each.name === name);
    if (next === undefined) return [`${path}: ${name} is not declared there`];
    return exportsAreDocumentedIn(tree, next);
  });

function exportsAreDocumentedIn(tree: Tree, { name, path }: Exported): readonly string[] {
  const { text } = fileAt(tree, path);
  const documented = new RegExp(`\\*/\\nexport [a-z ]+ ${name}\\b`).test(text);
  return documented ? [] : [`${path}: ${name} has no TSDoc comment`];
}

// In pieces, so that this file does not find itself.
const MACHINE = new RegExp(`(?<![\\w.:/])/(?:${['work', 'root', 'home'].join('|')})/`, 'g');

export const noMachinePaths: Rule = (tree) =>
  tree.flatMap(({ path, text }) =>
    [...text.matchAll(MACHINE)].map(
      ({ index }) => `${path}:${lineAt(text, index)} names a path of one machine`,
    ),
  );
