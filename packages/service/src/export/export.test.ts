import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { GuildId } from 'wherefrom';
import { ServiceError } from '../service-error.ts';
import { openDatabase } from '../storage/database.ts';
import { writeNewFile } from './write-export.ts';

const GUILD = '900';
const AT = Date.UTC(2026, 10, 26, 8, 45, 20, 123);
const main = join(import.meta.dirname, '..', 'export-main.ts');
const folder = mkdtempSync(join(tmpdir(), 'wherefrom-export-'));
after(() => rmSync(folder, { recursive: true }));

/** The command as a person runs it. */
function run(...args: string[]): { text: string; errors: string; code: number | null } {
  const env = { DATA_DIR: folder };
  const ran = spawnSync(process.execPath, [main, ...args], { cwd: folder, env, encoding: 'utf8' });
  return { text: ran.stdout, errors: ran.stderr, code: ran.status };
}

const json = (...args: string[]): Record<string, unknown>[] =>
  run(...args, '--guild', GUILD, '--format', 'jsonl', '--out', '-')
    .text.trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('the export of what is kept', () => {
  before(async () => {
    const { sqlite } = await openDatabase(join(folder, 'wherefrom.db'));
    const ledger = sqlite.prepare(
      `insert into ledger (guild, user, joined_at, seen_at, origin, code, inviter, adder, reason,
         other_type, certainty, candidates, join_group, assumptions, evidence, settled, was_member,
         revision, recorded_at, while_away)
       values (?, ?, ?, ?, 'invite', ?, '7', null, null, null, 'certain', ?, null, '[]', '[]', 1, 0, 2, ?, 0)`,
    );
    const candidates = JSON.stringify([{ origin: { kind: 'no-invite' }, share: 0.5, uses: null }]);
    // Two memberships of the same user: the end of the last one is stored.
    for (const [user, at] of [
      ['1', AT],
      ['2', AT - 5],
      ['1', AT + 60_000],
    ] as const) {
      ledger.run(GUILD, user, at, at, user === '2' ? '=1+1' : 'a"b,c', candidates, at);
    }
    ledger.run('901', '3', AT, AT, 'other', '[]', AT);
    sqlite
      .prepare(`insert into member (guild, user, joined_at, present, left_at, bot, earlier)
         values (?, '1', ?, 0, ?, 0, 1)`)
      .run(GUILD, AT + 60_000, AT + 90_000);
    sqlite
      .prepare(`insert into invite_seen
         (guild, code, inviter, channel, max_uses, created_s, restricted, first_seen_at, last_seen_at)
         values (?, 'gone', '7', null, 1, ?, 1, ?, ?)`)
      .run(GUILD, Math.floor(AT / 1000), AT, AT);
    sqlite.close();
  });

  it('tells every join of the server, oldest first, and of no other server', () => {
    const rows = json('joins');
    assert.deepEqual(
      rows.map((row) => [row.user_id, row.joined_at, row.left_at]),
      [
        ['2', '2026-11-26T08:45:20.118Z', null],
        ['1', '2026-11-26T08:45:20.123Z', null],
        ['1', '2026-11-26T08:46:20.123Z', '2026-11-26T08:46:50.123Z'],
      ],
    );
    assert.deepEqual(rows[0]!.candidates, [
      { origin: { kind: 'no-invite' }, share: 0.5, uses: null },
    ]);
  });

  it('quotes what CSV has to, and lets no cell be run as a formula', () => {
    const { text } = run('joins', '--guild', GUILD, '--out', '-');
    const lines = text.split('\r\n');
    assert.match(lines[0]!, /^guild_id,user_id,joined_at,left_at,certainty,origin,code,/);
    assert.match(lines[1]!, /,invite,'=1\+1,7,/);
    assert.match(lines[2]!, /,invite,"a""b,c",7,,,,true,false,false,2,/);
    assert.match(
      lines[2]!,
      /"\[\{""origin"":\{""kind"":""no-invite""\},""share"":0.5,""uses"":null\}\]"/,
    );
  });

  it('tells invites that are gone, without a count', () => {
    const [row] = json('invites');
    assert.deepEqual(
      [row!.code, row!.uses, row!.grants_roles_or_is_targeted],
      ['gone', null, true],
    );
  });

  it('writes a file for its owner only, says how much, and never over another', () => {
    const first = run('joins', '--guild', GUILD);
    const file = join(folder, `joins-${GUILD}.csv`);
    assert.match(first.text, /joins-900\.csv: 3 rows/);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const before = readFileSync(file, 'utf8');
    const second = run('joins', '--guild', GUILD);
    assert.equal(second.code, 2);
    assert.match(second.errors, /joins-900\.csv is there already\./);
    assert.equal(readFileSync(file, 'utf8'), before);
  });

  it('says what is wrong, in one message, and begins no file', () => {
    const seen = readdirSync(folder);
    const wrong: readonly [readonly string[], RegExp][] = [
      [['joins', '--guild', '12'], /No joins of the server 12 are stored\.[\s\S]*How to confirm/],
      [['joins', '--guild', 'my server'], /Accepted: the id of a server, in digits\./],
      [['joins'], /required option '--guild <id>' not specified/],
      [['people', '--guild', GUILD], /Allowed choices are joins, invites\./],
      [['joins', '--guild', GUILD, '--out', 'no/such/file'], /cannot be written \(ENOENT\)/],
    ];
    for (const [args, message] of wrong) {
      const { errors, code } = run(...args);
      assert.match(errors, message);
      assert.equal(code, 2);
      assert.doesNotMatch(errors, /at .*:\d+:\d+/);
    }
    assert.deepEqual(readdirSync(folder), seen);
  });

  it('removes what it began, if it is stopped or the rows end in a fault', async () => {
    const file = join(folder, 'begun.csv');
    const stop = new AbortController();
    function* stopped() {
      yield { guild: GUILD as GuildId };
      stop.abort();
      for (;;) yield { guild: GUILD as GuildId };
    }
    await assert.rejects(
      writeNewFile(stopped(), 'csv', file, stop.signal),
      /was stopped before its end/,
    );
    assert.equal(existsSync(file), false);
    const fault = new ServiceError('storage-corrupt', 'the file is damaged');
    const faulty = (function* () {
      yield { guild: GUILD };
      throw fault;
    })();
    await assert.rejects(writeNewFile(faulty, 'jsonl', file), fault);
    assert.equal(existsSync(file), false);
  });
});
