import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { emptyState, type InviteCode } from 'wherefrom';
import { ServiceError } from '../service-error.ts';
import { type Database, openDatabase } from './database.ts';
import {
  attributionOf,
  CHANNEL,
  CODE,
  GUILD,
  inviteRecord,
  joinStep,
  LOGGING,
  leaveStep,
  NOON,
  stepOf,
  userOf,
} from './examples.ts';
import { guildStoreConformance } from './guild-store.conformance.ts';
import { SqliteGuildStore } from './sqlite-guild-store.ts';
import { SqliteLedger } from './sqlite-ledger.ts';
import { SqliteOutbox } from './sqlite-outbox.ts';

guildStoreConformance('SqliteGuildStore in memory', async () => storeAt(':memory:'));

guildStoreConformance('SqliteGuildStore on disk', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wherefrom-'));
  const tested = await storeAt(join(folder, 'deep', 'wherefrom.db'));
  return {
    ...tested,
    close: () => {
      tested.close();
      rmSync(folder, { recursive: true });
    },
  };
});

async function storeAt(path: string) {
  const database = await openDatabase(path);
  const ledger = new SqliteLedger(database.queries);
  return {
    store: new SqliteGuildStore(database, LOGGING),
    answers: async (guildId: typeof GUILD) =>
      (await ledger.byGuild(guildId)).map((entry) => entry.attribution),
    close: () => database.sqlite.close(),
  };
}

describe('SqliteGuildStore', () => {
  let database: Database;
  let store: SqliteGuildStore;
  let ledger: SqliteLedger;
  let outbox: SqliteOutbox;

  beforeEach(async () => {
    database = await openDatabase(':memory:');
    store = new SqliteGuildStore(database, LOGGING);
    ledger = new SqliteLedger(database.queries);
    outbox = new SqliteOutbox(database);
  });
  afterEach(() => database.sqlite.close());

  const entry = () => ledger.one({ guildId: GUILD, userId: userOf(1), joinedAt: NOON });
  const lines = () => outbox.waiting(CHANNEL, 100);

  it('counts a revision only when the content really changed', async () => {
    await store.commit(joinStep());
    await store.commit(joinStep());
    assert.equal((await entry())?.revision, 1);
    await store.commit(stepOf({ at: NOON + 4_000, records: [attributionOf({ settled: true })] }));
    assert.equal((await entry())?.revision, 2);
  });

  it('does not let a replay of old steps reopen a settled row', async () => {
    const settling = stepOf({ at: NOON + 4_000, records: [attributionOf({ settled: true })] });
    await store.commit(joinStep());
    await store.commit(settling);
    const before = await entry();
    await store.commit(joinStep());
    await store.commit(settling);
    assert.deepEqual(await entry(), before);
  });

  it('lets a later settled record correct a settled row', async () => {
    await store.commit(stepOf({ at: NOON + 4_000, records: [attributionOf({ settled: true })] }));
    const corrected = attributionOf({
      settled: true,
      certainty: 'reported',
      origin: { kind: 'hub' },
    });
    await store.commit(stepOf({ at: NOON + 9_000, records: [corrected] }));
    assert.deepEqual((await entry())?.attribution, corrected);
    assert.equal((await entry())?.revision, 2);
  });

  it("lets Discord's own record correct what settled in the same step, and only once", async () => {
    const settled = attributionOf({ settled: true });
    const reported = attributionOf({
      settled: true,
      certainty: 'reported',
      origin: { kind: 'hub' },
    });
    const step = { ...joinStep(), records: [settled, reported] };
    await store.commit(step);
    const before = await entry();
    assert.deepEqual(before?.attribution, reported);
    await store.commit(step);
    assert.deepEqual(await entry(), before);
    assert.equal(lines().length, 1);
  });

  it('queues one line for the first record of a join, and none for its repeats', async () => {
    await store.commit(joinStep());
    await store.commit(joinStep());
    assert.equal(lines().length, 1);
    assert.equal(lines()[0]?.facts.name, 'N001');
  });

  it('raises the version of a line with every change of its join', async () => {
    await store.commit(joinStep());
    const before = lines()[0]?.wanted ?? 0;
    await store.commit(stepOf({ at: NOON + 4_000, records: [attributionOf({ settled: true })] }));
    assert.equal(lines()[0]?.wanted, before + 1);
  });

  it('queues no line where there is no log channel, and none for it later', async () => {
    const silent = new SqliteGuildStore(database, {
      ...LOGGING,
      channels: { channelFor: () => null },
    });
    await silent.commit(joinStep());
    await store.commit(stepOf({ at: NOON + 4_000, records: [attributionOf({ settled: true })] }));
    assert.equal(lines().length, 0);
    assert.equal((await entry())?.attribution.settled, true);
  });

  it('queues no line for a join of the past', async () => {
    await store.commit(joinStep({ origin: { kind: 'unknown', reason: 'no-record' } }));
    assert.equal(lines().length, 0);
  });

  it('queues a line for a leave, with the stay and how they had come', async () => {
    await store.commit(joinStep());
    await store.commit(leaveStep(userOf(1), NOON + 90_000));
    await store.commit(leaveStep(userOf(1), NOON + 90_000));
    const facts = lines().map((line) => line.facts);
    assert.equal(facts.length, 2);
    assert.ok(facts[1]?.kind === 'leave');
    assert.equal(facts[1].joinedAt, NOON);
    assert.deepEqual(facts[1].attribution?.origin, attributionOf().origin);
  });

  it('takes an audit log entry for a leave before or after the leave', async () => {
    const told = new SqliteGuildStore(database, {
      ...LOGGING,
      removals: { removalOf: () => 'banned' },
    });
    await told.commit(leaveStep(userOf(1), NOON));
    await store.commit(leaveStep(userOf(2), NOON));
    const noted = { guildId: GUILD, userId: userOf(2), removal: 'kicked', at: NOON + 900 } as const;
    assert.equal(outbox.noteRemoval(noted), true);
    assert.equal(outbox.noteRemoval({ ...noted, userId: userOf(3) }), false);
    const removals = lines().map(({ facts }) => (facts.kind === 'leave' ? facts.removal : null));
    assert.deepEqual(removals, ['banned', 'kicked']);
  });

  it('knows a returning member, from the ledger or from a leave seen before', async () => {
    await store.commit(joinStep());
    await store.commit(leaveStep(userOf(1), NOON + 5_000));
    await store.commit(joinStep({ joinedAt: NOON + 9_000, seenAt: NOON + 9_100 }));
    await store.commit(leaveStep(userOf(2), NOON));
    await store.commit(joinStep({ userId: userOf(2), joinedAt: NOON + 1 }));
    await store.commit(joinStep({ userId: userOf(3) }));
    const returning = lines().flatMap(({ facts }) =>
      facts.kind === 'join' ? facts.returning : [],
    );
    assert.deepEqual(returning, [false, true, true, false]);
  });

  it('conceals a code that grants roles where everyone reads, even after it is gone', async () => {
    const open = { channelFor: () => ({ id: CHANNEL, everyoneReads: true }) };
    const publicly = new SqliteGuildStore(database, { ...LOGGING, channels: open });
    const { rest } = emptyState();
    const traits = [{ code: CODE, roleIds: ['1' as never], targeted: false, bypass: false }];
    const state = { invites: new Map([[CODE, inviteRecord()]]), rest: { ...rest, traits } };
    await publicly.commit(stepOf({ state, changedCodes: [CODE] }));
    await publicly.commit({ ...joinStep(), changedCodes: [CODE] });
    await store.commit(joinStep({ userId: userOf(2) }));
    assert.deepEqual(
      lines().map((line) => line.facts.concealed),
      [[CODE], []],
    );
  });

  it('leaves nothing half-written when the disk is full, and rejects with storage-full', async () => {
    await store.commit(joinStep());
    const pages = database.sqlite.prepare('pragma page_count').get()?.page_count;
    database.sqlite.exec(`pragma max_page_count = ${Number(pages)}`);
    const codes = Array.from({ length: 5_000 }, (_, index) => `code${index}` as InviteCode);
    const invites = new Map(codes.map((code) => [code, inviteRecord()]));
    const step = {
      ...joinStep({ userId: userOf(2) }),
      changedCodes: codes,
      state: { ...emptyState(), invites },
    };
    await assert.rejects(
      store.commit(step),
      (error) => error instanceof ServiceError && error.code === 'storage-full',
    );
    assert.equal((await store.load(GUILD))?.invites.size, 0);
    assert.equal(await store.member(GUILD, userOf(2)), null);
    assert.equal(lines().length, 1);
    database.sqlite.exec('pragma max_page_count = 100000');
    await store.commit(step);
    assert.equal((await store.load(GUILD))?.invites.size, 5_000);
  });

  it('counts the answers of a guild', async () => {
    await store.commit(joinStep());
    await store.commit(joinStep({ userId: userOf(2), certainty: 'likely', settled: true }));
    const { joins, settled, byCertainty } = await ledger.counts(GUILD);
    assert.deepEqual([joins, settled, byCertainty.certain, byCertainty.likely], [2, 1, 1, 1]);
  });
});
