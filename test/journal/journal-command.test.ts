import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { exportJournal } from '../../packages/service/src/journal/export-journal.ts';
import { openDatabase } from '../../packages/service/src/storage/database.ts';
import { LOGGING } from '../../packages/service/src/storage/examples.ts';
import { JournalRows } from '../../packages/service/src/storage/journal-rows.ts';
import { createSqliteStore } from '../../packages/service/src/storage/sqlite-store.ts';
import { playEngine } from '../regression/play-engine.ts';
import { ROWS } from '../regression/rows.ts';
import { GUILD, recordedOf, stepsOf } from './recording.ts';
import { isPlain, runCommand, runScript } from './run-command.ts';

const TIMEOUT = { timeout: 60_000 };
const folder = mkdtempSync(join(tmpdir(), 'wherefrom-commands-'));
after(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'notes'), 'these are the notes of somebody else');

const journal = playEngine(ROWS.find(({ id }) => id === 'P22')!).journals[0]!;
const { text } = exportJournal(recordedOf(journal), { guildId: GUILD, pseudonyms: false });

describe('npm run journal', { concurrency: 2 }, () => {
  const env = { DATA_DIR: join(folder, 'data') };
  before(async () => {
    const path = join(env.DATA_DIR, 'wherefrom.db');
    const database = await openDatabase(path);
    const store = createSqliteStore(database, LOGGING, new JournalRows(database.sqlite));
    for (const step of stepsOf(journal)) await store.guildStore.commit(step);
    // Left open: the bot is running.
    after(() => store.close());
  });

  it('lists what is recorded', TIMEOUT, async () => {
    const { exit, out } = await runCommand('journal', ['list'], { env });
    assert.equal(exit, 0);
    assert.match(
      out,
      /^900000000000000001 {2}2026-11-22 12:00:00\.000 to .* UTC {2}10 steps {2}0\.0 MiB\n$/,
    );
  });

  it('exports what was recorded while the store is open, for its owner only', TIMEOUT, async () => {
    const out = join(folder, 'exported.jsonl');
    const { exit } = await runCommand('journal', ['export', '--guild', GUILD, '--out', out], {
      env,
    });
    assert.equal(exit, 0);
    assert.equal(readFileSync(out, 'utf8'), text);
    assert.equal(statSync(out).mode & 0o077, 0);
  });

  it('exports what the example replays with nothing but the library', TIMEOUT, async () => {
    const file = join(folder, 'example.jsonl');
    writeFileSync(file, text);
    const example = join(import.meta.dirname, '..', '..', 'examples', 'replay-a-journal.ts');
    const { out } = await runScript(example, [file]);
    assert.deepEqual(out.trim().split('\n'), [
      'u1: invite A or invite B, ambiguous',
      'u2: invite A or invite B, ambiguous',
    ]);
  });

  it('exports with other names to a file whose name tells nothing', TIMEOUT, async () => {
    const cwd = join(folder, 'elsewhere');
    mkdirSync(cwd);
    const args = ['export', '--guild', GUILD, '--pseudonyms'];
    const { exit, out } = await runCommand('journal', args, { env, cwd });
    assert.equal(exit, 0);
    assert.match(
      out,
      /^journal-pseudonymous\.jsonl: 23 lines, 10 steps\. Ids and codes have other names/,
    );
    const written = readFileSync(join(cwd, 'journal-pseudonymous.jsonl'), 'utf8');
    assert.doesNotMatch(written, /"u1"|"A"|9000000/);
    assert.equal((await runCommand('replay', ['journal-pseudonymous.jsonl'], { cwd })).exit, 0);
  });

  const wrong: readonly (readonly [
    string,
    readonly string[],
    Record<string, string>,
    RegExp,
    RegExp,
  ])[] = [
    [
      'no database',
      ['list'],
      { DATA_DIR: join(folder, 'none') },
      /nothing to export/,
      /There is no database/,
    ],
    [
      'a wrong setting',
      ['list'],
      { DATABASE_URL: 'mysql://x' },
      /setting cannot be used/,
      /DATABASE_URL is/,
    ],
    [
      'no database at all',
      ['list'],
      { DATABASE_URL: `sqlite:${join(folder, 'notes')}` },
      /damaged/,
      /cannot be read/,
    ],
    [
      'an unknown server',
      ['export', '--guild', '77'],
      env,
      /nothing to export/,
      /Nothing is recorded of the server 77/,
    ],
    [
      'a file that is there',
      ['export', '--guild', GUILD, '--out', join(folder, 'data', 'wherefrom.db')],
      env,
      /cannot be written there/,
      /is there already/,
    ],
    [
      'a place that is not',
      ['export', '--guild', GUILD, '--out', join(folder, 'no', 'where')],
      env,
      /cannot be written there/,
      /\(ENOENT\)/,
    ],
  ];
  for (const [what, args, place, failed, detail] of wrong) {
    it(`tells of ${what} plainly and ends with 2`, TIMEOUT, async () => {
      isPlain(await runCommand('journal', args, { env: place }), failed, detail);
    });
  }

  it('names a wrong option and ends with 2', TIMEOUT, async () => {
    for (const args of [
      ['export'],
      ['export', '--guild', 'Town'],
      ['import'],
      ['export', '--guild', GUILD, '--since', 'soon'],
    ]) {
      const { exit, complaints } = await runCommand('journal', args, { env });
      assert.equal(exit, 2, complaints);
      assert.match(complaints, /^error: /);
    }
  });
});
