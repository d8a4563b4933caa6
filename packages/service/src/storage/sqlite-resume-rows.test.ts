import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { emptyState, type Observation, step } from 'wherefrom';
import { type Database, openDatabase } from './database.ts';
import { GUILD, LOGGING, NOON, stepOf, userOf } from './examples.ts';
import { SqliteGuildStore } from './sqlite-guild-store.ts';
import { SqliteResumeRows } from './sqlite-resume-rows.ts';

const list = (at: number): Observation => {
  return { kind: 'invites', at, requestedAt: at - 100, invites: [], complete: true };
};
const gap = (from: number, to: number, turnover = false): Observation => {
  const cause = from === 0 ? 'first-start' : 'restart';
  return { kind: 'gap', at: to, from, to, cause, turnover };
};
const passed = (at: number): Observation => ({ kind: 'time', at });

describe('guilds that wait for something', () => {
  let database: Database;
  let rows: SqliteResumeRows;

  beforeEach(async () => {
    database = await openDatabase(':memory:');
    rows = new SqliteResumeRows(database, 'here');
  });

  /** Stores what the engine makes of it. */
  async function observed(...observations: readonly Observation[]): Promise<void> {
    let state = emptyState();
    for (const observation of observations) ({ state } = step(state, observation));
    await new SqliteGuildStore(database, LOGGING).commit(stepOf({ state }));
  }

  const quiet = [gap(0, NOON), list(NOON + 10_000), passed(NOON + 300_000)];

  it('are none where nothing is to come', async () => {
    await observed(...quiet);
    assert.deepEqual(rows.unfinished(), []);
  });

  it('are those whose first list was on its way', async () => {
    await observed(gap(0, NOON), passed(NOON + 5_000));
    assert.deepEqual(rows.unfinished(), [GUILD]);
  });

  it('are those whose member list was being read', async () => {
    const from = NOON + 400_000;
    await observed(...quiet, gap(from, from + 60_000, true), passed(from + 300_000));
    assert.deepEqual(rows.unfinished(), [GUILD]);
  });

  it('are those whose record was being searched', async () => {
    const at = NOON + 400_000;
    const access = { kind: 'access', at, counts: true, auditLog: true, search: 'always' } as const;
    const join = { kind: 'join', at, joinedAt: at, userId: userOf(1), member: null } as const;
    const person = { bot: false, guest: false, roleIds: [], replayed: false } as const;
    const joined = [{ ...join, ...person }, list(at + 500), list(at + 4_000)];
    await observed(...quiet, access, ...joined, passed(at + 10_000), passed(at + 600_000));
    assert.deepEqual(rows.unfinished(), [GUILD]);
  });

  it('are told although the state of another cannot be read', async () => {
    await observed(gap(0, NOON));
    database.sqlite.exec(`insert into guild (id, rest) values ('1', '{"wakeAt":')`);
    assert.deepEqual(rows.unfinished(), [GUILD]);
  });
});
