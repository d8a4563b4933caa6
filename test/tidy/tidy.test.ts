import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import * as code from './rules-code.ts';
import * as paper from './rules-paper.ts';
import { fileAt, readTree, type Tree } from './tree.ts';

const tree = readTree();

interface Case {
  readonly rule: code.Rule;
  readonly sentence: string;
  /** Files by path, each of which breaks the rule; null spoils the file that is there. */
  readonly broken: readonly (readonly [path: string, text: string | ((text: string) => string)])[];
}

const ENGINE = 'packages/core/src/engine/x.ts';
const line = (count: number): string => 'x;\n'.repeat(count);

const CASES: readonly Case[] = [
  {
    rule: code.fileLength,
    sentence: 'files are no longer than 300 lines, examples no longer than 80',
    broken: [
      ['demo/x.ts', line(301)],
      ['examples/x.ts', line(81)],
      ['packages/emulator/src/rest/rest.test.ts', line(300)],
    ],
  },
  {
    rule: code.functionLength,
    sentence: 'functions are no longer than 70 lines',
    broken: [
      ['demo/a.ts', `export function a(b: { c: string }): { d: () => string } {\n${line(70)}}`],
      ['demo/b.ts', `const b = async (c: string): Promise<void> => {\n${line(70)}};`],
      ['demo/c.ts', `class C {\n  async #c<T>(d: T): Promise<T> {\n${line(70)}  }\n}`],
      ['demo/d.ts', `const d = {\n  e(f = '}'): void {\n${line(70)}  },\n};`],
    ],
  },
  {
    rule: code.engineIsPure,
    sentence: 'the engine has no clock, no chance and no promise',
    broken: [
      [ENGINE, 'const a = Date.now();'],
      [ENGINE, 'const a = new Date();'],
      [ENGINE, 'const a = Math.random();'],
      [ENGINE, 'setTimeout(a, 1);'],
      [ENGINE, 'const a = new Promise(b);'],
    ],
  },
  {
    rule: code.importDirection,
    sentence: 'imports go one way',
    broken: [
      [ENGINE, "import { a } from '../tracker/tracker.ts';"],
      [ENGINE, "import type { a } from '../discord/payload.ts';"],
      ['packages/core/src/tracker/x.ts', "import { a } from 'node:fs';"],
      ['packages/core/src/tracker/x.ts', "import a from '@discordjs/rest';"],
      ['packages/core/src/tracker/x.test.ts', "import { a } from '@wherefrom/emulator';"],
      ['packages/emulator/src/x.ts', "import { a } from 'wherefrom';"],
      ['packages/emulator/src/x.test.ts', "import { a } from '@wherefrom/service';"],
      ['packages/emulator/src/x.ts', "import { a } from '../../core/src/index.ts';"],
      ['packages/service/src/x.ts', "import {\n  a,\n} from '@wherefrom/emulator';"],
      ['packages/service/src/x.ts', "const a = await import('@wherefrom/emulator');"],
      ['packages/service/src/x.ts', "import { a } from '../../core/src/index.ts';"],
      ['packages/service/src/x.ts', "import { a } from '../../../demo/main.ts';"],
    ],
  },
  {
    rule: code.oracleIsApart,
    sentence: 'the oracle shares no code with the engine',
    broken: [
      ['test/oracle/x.ts', "import { step } from '../../packages/core/src/engine/flow.ts';"],
    ],
  },
  {
    rule: code.plainTypeScript,
    sentence: 'no any, no enum, no namespace, no parameter property',
    broken: [
      ['demo/x.ts', 'const a: any = 1;'],
      ['demo/x.ts', 'const a = b as any;'],
      ['demo/x.ts', 'const a: Map<string, any> = b;'],
      ['demo/x.ts', 'export const enum A { b }'],
      ['demo/x.ts', 'export namespace A {}'],
      ['demo/x.ts', 'class A { constructor(private readonly b: string) {} }'],
      ['demo/x.ts', 'class A { constructor(a: string, readonly b: string) {} }'],
    ],
  },
  {
    rule: code.wordsThatSayNothing,
    sentence: 'names say something',
    broken: [
      ['demo/x.ts', 'class GuildManager {}'],
      ['demo/x.ts', 'const userData = 1;'],
      ['demo/x.ts', 'function f(data: string) {}'],
      ['demo/x.ts', 'const { info } = a;'],
      ['demo/join-helpers.ts', line(1)],
      ['demo/utils.ts', line(1)],
    ],
  },
  {
    rule: code.nobodySleeps,
    sentence: 'no test sleeps',
    broken: [
      ['demo/x.test.ts', 'await setTimeout(5);'],
      ['demo/x.test.ts', 'await sleep(5);'],
      ['test/regression/sockets.test.ts', ''],
    ],
  },
  {
    rule: paper.quirksAreListed,
    sentence: 'a quirk that is cited is in docs/quirks.md',
    broken: [
      ['demo/x.ts', '// Odd, because of Q999.'],
      ['docs/quirks.md', (text) => text.replace('## Q3:', '## Q77:')],
    ],
  },
  {
    rule: paper.quirksAreProved,
    sentence: 'a quirk has a source, code and a test that are there',
    broken: [
      ['docs/quirks.md', (text) => text.replace('engine/worlds.ts)', 'engine/gone.ts)')],
      ['docs/quirks.md', (text) => text.replace('`P22 two joins', '`P22 no joins')],
      ['docs/quirks.md', (text) => text.replace('rows-burst.ts) `', 'gone.ts) `')],
      ['docs/quirks.md', (text) => text.replace('**Source:**', '**Origin:**')],
      ['test/regression/rows-limited.ts', ''],
    ],
  },
  {
    rule: paper.dependenciesAreExplained,
    sentence: 'every dependency is exact and has its reason',
    broken: [
      ['packages/core/package.json', '{"dependencies":{"left-pad":"1.0.0"}}'],
      ['packages/core/package.json', '{"dependencies":{"pino":"^10.4.0"}}'],
      ['packages/core/package.json', '{"dependencies":{"pino":"10.3.0"}}'],
      ['docs/dependencies.md', (text) => text.replace('| `pino` |', '| `pinot` |')],
    ],
  },
  {
    rule: paper.nothingRunsAtInstall,
    sentence: 'nothing runs or compiles at installation',
    broken: [
      ['package-lock.json', '"hasInstallScript": true'],
      ['bench/peers/package-lock.json', '"hasInstallScript": true'],
    ],
  },
  {
    rule: paper.locksNameNoHost,
    sentence: 'a lock file names no registry',
    broken: [
      ['package-lock.json', '"resolved": "https://example.org/a.tgz"'],
      ['bench/peers/package-lock.json', '"resolved": "https://example.org/a.tgz"'],
    ],
  },
  {
    rule: paper.exportsAreDocumented,
    sentence: 'every export of core has a TSDoc comment',
    broken: [
      [
        'packages/core/src/engine/engine.ts',
        (text) => text.replace('*/\nexport function step(', '*/\n\nexport function step('),
      ],
      ['packages/core/src/discord/timestamp.ts', (text) => text.replaceAll('*/', '')],
    ],
  },
  {
    rule: paper.linksLeadSomewhere,
    sentence: 'links between pages lead somewhere',
    broken: [['docs/x.md', 'See [this](gone.md#part).']],
  },
  {
    rule: paper.noMachinePaths,
    sentence: 'no file names a path of one machine',
    broken: [['docs/x.md', `See /${'work'}/main.`]],
  },
];

/** The tree with one file changed or added. */
function spoiled(path: string, change: string | ((text: string) => string)): Tree {
  const { text } = fileAt(tree, path);
  const changed = typeof change === 'string' ? change : change(text);
  assert.notEqual(changed, text, `${path} was not changed`);
  return [...tree.filter((file) => file.path !== path), { path, text: changed }];
}

describe('our rules', () => {
  for (const { rule, sentence } of CASES) {
    test(sentence, () => {
      const complaints = rule(tree);
      assert.equal(complaints.length, 0, complaints.join('\n'));
    });
  }

  test('the whole repository was read', () => {
    for (const path of ['package.json', '.ci/run', 'README.md', 'packages/core/src/index.ts']) {
      assert.notEqual(fileAt(tree, path).text, '', path);
    }
  });
});

describe('our rules can fail', () => {
  for (const { rule, sentence, broken } of CASES) {
    for (const [path, change] of broken) {
      const what = String(change).split('\n').join(' ').slice(0, 70).trim();
      test(`${sentence}: ${path} ${what}`, () => {
        const before = new Set(rule(tree));
        const found = rule(spoiled(path, change)).filter((complaint) => !before.has(complaint));
        assert.notEqual(found.length, 0);
      });
    }
  }

  test('an installed package with an install script is found', (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'wherefrom-tidy-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const place = join(folder, '@a', 'b', 'node_modules', 'c');
    mkdirSync(place, { recursive: true });
    const content = { name: 'c', scripts: { postinstall: 'node x' } };
    writeFileSync(join(place, 'package.json'), JSON.stringify(content));
    writeFileSync(join(place, 'binding.gyp'), '');
    assert.deepEqual(paper.installers(folder), ['c has postinstall', 'c has binding.gyp']);
  });
});
