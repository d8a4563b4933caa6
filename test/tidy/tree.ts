import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const repository = join(import.meta.dirname, '..', '..');

/** A text file of the repository; the path is relative to its root, with slashes. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

export type Tree = readonly TextFile[];

const IGNORED = ['node_modules', '.git', '.cache', 'data', 'dist', 'coverage', '.bench'];
const TEXT =
  /\.(ts|tsx|js|json|md|sql|css|html|yml|yaml|sh|service)$|(^|\/)(\.ci\/run|Containerfile)$/;

/** Every text file that people wrote. */
export function readTree(root = repository): Tree {
  const paths = globSync(['**/*', '.*/**/*', '*'], {
    cwd: root,
    exclude: (path) => IGNORED.includes(String(path).split(/[/\\]/).at(-1) ?? ''),
  });
  return [...new Set(paths.map((path) => path.replaceAll('\\', '/')))]
    .filter((path) => TEXT.test(path))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** The file at this path, or an empty one. */
export function fileAt(tree: Tree, path: string): TextFile {
  return tree.find((file) => file.path === path) ?? { path, text: '' };
}

export function linesOf(text: string): number {
  return text.replace(/\n$/, '').split('\n').length;
}
