import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { exportJournal } from '../../packages/service/src/journal/export-journal.ts';
import { playEngine } from '../regression/play-engine.ts';
import { ROWS } from '../regression/rows.ts';
import { GUILD, recordedOf } from './recording.ts';
import { isPlain, runCommand, runUnread } from './run-command.ts';
import { sealed } from './spoiling.ts';

const TIMEOUT = { timeout: 60_000 };
const folder = mkdtempSync(join(tmpdir(), 'wherefrom-commands-'));
after(() => rmSync(folder, { recursive: true }));

const journal = playEngine(ROWS.find(({ id }) => id === 'P22')!).journals[0]!;
const { text } = exportJournal(recordedOf(journal), { guildId: GUILD, pseudonyms: false });
const lines = text.trimEnd().split('\n');

function fileWith(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const bare = journal.map((each) => JSON.stringify(each)).join('\n');
const changed = lines.map((line) => line.replace('"uses":6', '"uses":7'));
const strange = sealed(lines.with(2, '{"kind":"prophecy","at":1700000000000}'));
const mistyped = sealed(lines.with(2, lines[2]!.replace('"counts":true', '"counts":"yes"')));

const WRONG: readonly (readonly [string, () => string, RegExp, RegExp])[] = [
  ['not there', () => join(folder, 'nowhere'), /cannot be read/, /nowhere.*\(ENOENT\)/],
  ['a folder', () => folder, /cannot be read/, /\(EISDIR\)/],
  ['empty', () => fileWith('empty', ''), /no journal/, /The file is empty/],
  ['blank', () => fileWith('blank', '\n\n  \n'), /no journal/, /The file is empty/],
  ['compressed', () => fileWith('gz', gzipSync(text)), /no journal/, /Line 1 is no header/],
  ['some other JSON', () => fileWith('json', '{"a":1}\n'), /no journal/, /Line 1 is no header/],
  ['nested without end', () => fileWith('deep', '['.repeat(2_000_000)), /no journal/, /Line 1/],
  ['a bare list', () => fileWith('bare', bare), /no journal/, /--unproven/],
  [
    'of another version',
    () => fileWith('v2', text.replace('"version":1', '"version":2')),
    /another version/,
    /Line 1 says/,
  ],
  [
    'cut in its first line',
    () => fileWith('c1', text.slice(0, 30)),
    /cut short/,
    /within line 1\./,
  ],
  ['cut in a line', () => fileWith('c2', text.slice(0, -20)), /cut short/, /within line 23\./],
  [
    'cut between lines',
    () => fileWith('c3', `${lines.slice(0, -1).join('\n')}\n`),
    /cut short/,
    /after line 22\./,
  ],
  ['changed', () => fileWith('ch', changed.join('\n')), /was changed/, /of the lines 17 to 18 was/],
  [
    'lacking a line',
    () => fileWith('l', lines.toSpliced(12, 1).join('\n')),
    /was changed/,
    /lines are missing there/,
  ],
  [
    'longer than its end',
    () => fileWith('e', `${text}${lines[2]}\n`),
    /was changed/,
    /Line 24 comes after the end/,
  ],
  [
    'with a kind that is not known',
    () => fileWith('k', strange.join('\n')),
    /does not know/,
    /Line 3: kind is "prophecy"/,
  ],
  [
    'with a value of another type',
    () => fileWith('t', mistyped.join('\n')),
    /does not know/,
    /Line 3: counts is neither true nor false/,
  ],
  [
    'with a line without end',
    () => fileWith('h', `${lines[0]}\n${'x'.repeat(65 * 2 ** 20)}\n${lines[2]}\n`),
    /does not know/,
    /Line 2 is longer than any line/,
  ],
];

describe('npm run replay, given a file that is', { concurrency: 2 }, () => {
  for (const [what, file, failed, detail] of WRONG) {
    it(`${what}, says so plainly and ends with 2`, TIMEOUT, async () => {
      isPlain(await runCommand('replay', [file()]), failed, detail);
    });
  }

  it('whole, ends with 0 and says the same on every run', TIMEOUT, async () => {
    const file = fileWith('whole.jsonl', text);
    const first = await runCommand('replay', [file]);
    assert.deepEqual(await runCommand('replay', [file]), first);
    assert.equal(first.exit, 0);
    assert.match(first.out, /The file is whole\./);
    assert.match(first.out, /\* users u1, u2: `A` or `B` \(settles at 12:01:03\.005\)/);
    assert.match(
      first.out,
      /2 joins answered: 2 ambiguous; 2 settled\.\n4 recorded answers, and the same now/,
    );
  });

  it('cut, shows what is there before that place, after saying so', TIMEOUT, async () => {
    const cut = fileWith('cut.jsonl', lines.slice(0, 18).join('\n'));
    const { out, complaints } = await runCommand('replay', [cut, '--answers']);
    assert.match(complaints, /The file ends after line 18\./);
    assert.match(out, /^.*\nThe file is not whole\. Shown are lines 1 to 18/);
    assert.match(out, /> users u1, u2 joined/);
  });

  it('changed, tells where its answers part from those of the replay', TIMEOUT, async () => {
    const { out, complaints } = await runCommand('replay', [fileWith('parts', changed.join('\n'))]);
    assert.match(complaints, /part at line 18\.\n$/);
    assert.doesNotMatch(out, /u1 joined with|certain|likely|ambiguous/);
  });

  it('bare, is replayed on request, and every answer is called unproven', TIMEOUT, async () => {
    const { exit, out } = await runCommand('replay', [fileWith('bare', bare), '--unproven']);
    assert.equal(exit, 0);
    const answers = out.split('\n').filter((line) => line.startsWith('  > '));
    assert.equal(answers.length, 2);
    assert.ok(
      answers.every((line) => line.endsWith(' · unproven')),
      out,
    );
  });

  it('recorded by another engine, ends with 1', TIMEOUT, async () => {
    const other = sealed(
      lines.map((line) =>
        line
          .replace('"settled":false', '"settled":true')
          .replace('"FALL_LISTS":3', '"FALL_LISTS":4'),
      ),
    );
    const { exit, out } = await runCommand('replay', [fileWith('other', other.join('\n'))]);
    assert.equal(exit, 1);
    assert.match(out, /another engine recorded this.*FALL_LISTS 4 then, 3 now/);
    assert.match(out, /! line 18: recorded: .* settled; replayed: .* may still change/);
    assert.match(out, /1 step answered otherwise than recorded, the first at line 18\./);
  });

  it('read by nobody any more, ends without a word', TIMEOUT, async () => {
    const { complaints } = await runUnread([fileWith('whole.jsonl', text)]);
    assert.equal(complaints, '');
  });
});

describe('npm run replay', { concurrency: 2 }, () => {
  const file = fileWith('chosen.jsonl', text);
  const chosen: readonly (readonly [string, readonly string[], RegExp, RegExp])[] = [
    ['the answers', ['--answers'], /> users u1, u2/, /invite list/],
    ['one person', ['--user', 'u2'], /user u2 joined at/, /user u1 joined at/],
    ['one invite', ['--code', 'B'], /`B` 1 -> 2/, /user u1 joined at/],
    ['a time', ['--from', '2026-11-22T12:01:03Z'], /line 19/, /line 17/],
    ['until a time', ['--to', '2026-11-22 12:01'], /line 15/, /line 17/],
    ['nobody of that name', ['--user', 'u9'], /Nothing in it is what was asked for/, / {2}> /],
  ];
  for (const [what, options, shown, hidden] of chosen) {
    it(`shows ${what} if asked to`, TIMEOUT, async () => {
      const { exit, out } = await runCommand('replay', [file, ...options]);
      assert.equal(exit, 0);
      assert.match(out, shown);
      assert.doesNotMatch(out, hidden);
      assert.match(out, /4 recorded answers, and the same now/);
    });
  }

  it('writes one object a line for programs', TIMEOUT, async () => {
    const { out } = await runCommand('replay', [file, '--json']);
    const objects = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(Object.keys(objects[0]!), ['journal']);
    assert.deepEqual(Object.keys(objects.at(-1)!), ['summary']);
    const list = objects.find(({ line }) => line === 17) as {
      readonly belief: { readonly uses: readonly unknown[] };
    };
    assert.equal(list.belief.uses.length, 2);
  });

  it('names a wrong option and ends with 2', TIMEOUT, async () => {
    for (const args of [[], [file, '--from', 'yesterday'], [file, '--nonsense']]) {
      const { exit, complaints } = await runCommand('replay', args);
      assert.equal(exit, 2);
      assert.match(complaints, /^error: /);
    }
    const { exit, out } = await runCommand('replay', ['--help']);
    assert.equal(exit, 0);
    assert.match(out, /--unproven/);
  });
});
