import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { emptyState, type GuildState, type Origin, type SearchedMember, step } from 'wherefrom';
import type { BackfillPage } from '../backfill/backfill-store.ts';
import { type Database, openDatabase } from './database.ts';
import {
  attributionOf,
  CHANNEL,
  GUILD,
  inviteOrigin,
  joinStep,
  LOGGING,
  leaveStep,
  NOON,
  stepOf,
  userOf,
} from './examples.ts';
import { SqliteBackfill } from './sqlite-backfill.ts';
import { SqliteGuildStore } from './sqlite-guild-store.ts';
import { SqliteLedger } from './sqlite-ledger.ts';
import { SqliteOutbox } from './sqlite-outbox.ts';

const YEAR = 365 * 86_400_000;
const LATER = NOON + 60_000;

/** Somebody who joined a year ago. */
function member(n: number, changes: Partial<SearchedMember> = {}): SearchedMember {
  const origin: Origin | null = inviteOrigin();
  return { userId: userOf(n), joinedAt: NOON - YEAR + n, bot: false, origin, ...changes };
}

function page(members: readonly SearchedMember[], changes: Partial<BackfillPage> = {}) {
  return { guildId: GUILD, at: LATER, members, next: null, total: members.length, ...changes };
}

/** What the engine knows of a guild in which the first user has just joined, and no list is read. */
function heard(joinedAt: number, at: number): GuildState {
  const { invites, rest } = emptyState();
  const watched = { ...rest, trackedSince: NOON, access: { ...rest.access, counts: true } };
  const join = {
    kind: 'join',
    userId: userOf(1),
    joinedAt,
    at,
    roleIds: [],
    member: null,
  } as const;
  const observed = { ...join, bot: false, guest: false, replayed: false };
  return step({ invites, rest: watched }, observed).state;
}

/** The same where the member list names the first user, after a gap, and is not at its end. */
function swept(joinedAt: number, at: number): GuildState {
  const { invites, rest } = heard(joinedAt, at);
  const [join] = rest.joins;
  const span = {
    since: joinedAt - 60_000,
    until: joinedAt + 60_000,
    startedAt: at,
    progressAt: at,
  };
  const reading = { after: userOf(1), open: true, failures: 0, failedAt: null };
  return { invites, rest: { ...rest, joins: [], sweep: { ...span, ...reading, found: [join!] } } };
}

describe('SqliteBackfill', () => {
  let database: Database;
  let store: SqliteGuildStore;
  let backfill: SqliteBackfill;
  let ledger: SqliteLedger;

  beforeEach(async () => {
    database = await openDatabase(':memory:');
    store = new SqliteGuildStore(database, LOGGING);
    backfill = new SqliteBackfill(database);
    ledger = new SqliteLedger(database.queries);
  });
  afterEach(() => database.sqlite.close());

  const watched = async (trackedSince: number | null = NOON): Promise<void> => {
    const { invites, rest } = emptyState();
    await store.commit(stepOf({ state: { invites, rest: { ...rest, trackedSince } } }));
  };
  const rowsOf = async (n: number) => await ledger.ofUser(GUILD, userOf(n));
  const answerOf = async (n: number) => (await rowsOf(n))[0]?.attribution;
  const lines = () => new SqliteOutbox(database).waiting(CHANNEL, 100);

  it('has no job for a guild that is not watched yet', async () => {
    assert.equal(backfill.begin(GUILD, LATER), null);
    await watched(null);
    assert.equal(backfill.begin(GUILD, LATER), null);
    assert.equal(backfill.job(GUILD), null);
  });

  it('has one job per guild, for everybody who joined before it was watched', async () => {
    await watched();
    const job = backfill.begin(GUILD, LATER);
    assert.deepEqual(job, {
      guildId: GUILD,
      state: 'running',
      reason: null,
      since: 0,
      until: NOON,
      total: null,
      done: 0,
      reported: 0,
      noRecord: 0,
      startedAt: LATER,
      endedAt: null,
    });
    backfill.take(page([member(1)], { next: 5 }));
    assert.equal(backfill.begin(GUILD, LATER + 1)?.since, 5);
    assert.equal(backfill.jobs().length, 1);
  });

  it('writes what the record says, that there is none, and that bots are bots', async () => {
    await watched();
    backfill.begin(GUILD, LATER);
    const hub = { origin: { kind: 'hub' } } as const;
    const bot = { bot: true, origin: { kind: 'oauth' } } as const;
    const job = backfill.take(
      page([member(1), member(2, { origin: null }), member(3, hub), member(4, bot)]),
    );
    assert.deepEqual([job?.done, job?.reported, job?.noRecord], [4, 2, 1]);
    const [one, two, three, four] = [
      await answerOf(1),
      await answerOf(2),
      await answerOf(3),
      await answerOf(4),
    ];
    assert.deepEqual([one?.certainty, one?.origin], ['reported', inviteOrigin()]);
    assert.deepEqual(two?.origin, { kind: 'unknown', reason: 'no-record' });
    assert.deepEqual([three?.certainty, three?.origin], ['reported', { kind: 'hub' }]);
    assert.deepEqual([four?.certainty, four?.origin], ['certain', { kind: 'bot', adderId: null }]);
    assert.ok([one, two, three, four].every((answer) => answer?.settled));
    assert.deepEqual([one?.seenAt, one?.joinedAt], [LATER, NOON - YEAR + 1]);
  });

  it('writes no line', async () => {
    await watched();
    backfill.begin(GUILD, LATER);
    backfill.take(page([member(1), member(2, { origin: null })]));
    assert.equal(lines().length, 0);
  });

  it('keeps rows that are there, of the same join give or take two seconds', async () => {
    await watched();
    backfill.begin(GUILD, LATER);
    const joinedAt = member(1).joinedAt;
    await store.commit(joinStep({ joinedAt }));
    await store.commit(joinStep({ userId: userOf(2), joinedAt: joinedAt + 1_999 }));
    await store.commit(joinStep({ userId: userOf(3), joinedAt: joinedAt + 2_000 }));
    const before = await answerOf(1);
    const other: Origin = { kind: 'discovery' };
    const members = [1, 2, 3].map((n) => member(n, { joinedAt, origin: other }));
    const job = backfill.take(page(members));
    assert.deepEqual(await answerOf(1), before);
    const counts = [await rowsOf(1), await rowsOf(2), await rowsOf(3)].map((rows) => rows.length);
    assert.deepEqual(counts, [1, 1, 2]);
    assert.deepEqual([job?.done, job?.reported], [3, 1]);
  });

  it('is the same after the same page twice, but for the counts', async () => {
    await watched();
    backfill.begin(GUILD, LATER);
    backfill.take(page([member(1), member(2, { origin: null })], { next: 9 }));
    const before = await ledger.byGuild(GUILD);
    const job = backfill.take(page([member(1), member(2, { origin: null })], { next: 9 }));
    assert.deepEqual(await ledger.byGuild(GUILD), before);
    assert.deepEqual([job?.reported, job?.noRecord, job?.since], [1, 1, 9]);
  });

  it('ends with its last page, and remembers how many there were at first', async () => {
    await watched();
    backfill.begin(GUILD, LATER);
    backfill.take(page([member(1)], { next: 7, total: 2 }));
    const job = backfill.take(page([member(2)], { total: 1, at: LATER + 5 }));
    assert.deepEqual([job?.state, job?.total, job?.done], ['done', 2, 2]);
    assert.deepEqual([job?.since, job?.endedAt], [NOON, LATER + 5]);
    assert.deepEqual(backfill.totals(), { guilds: 1, ended: 1, done: 2, reported: 2 });
  });

  it('is stopped for a reason, and goes on', async () => {
    await watched();
    backfill.begin(GUILD, LATER);
    backfill.turn(GUILD, 'stuck', 'a page was not in order', LATER + 9);
    const stuck = backfill.job(GUILD);
    assert.deepEqual([stuck?.state, stuck?.reason], ['stuck', 'a page was not in order']);
    assert.equal(stuck?.endedAt, LATER + 9);
    backfill.turn(GUILD, 'running', null, LATER + 10);
    assert.deepEqual([backfill.job(GUILD)?.state, backfill.job(GUILD)?.endedAt], ['running', null]);
  });

  it('writes a page with its place or not at all', async () => {
    await watched();
    backfill.begin(GUILD, LATER);
    database.sqlite.exec(`create trigger full before insert on ledger when new.user = '${userOf(2)}'
      begin select raise(fail, 'database or disk is full'); end`);
    assert.throws(() => backfill.take(page([member(1), member(2)], { next: 7 })));
    assert.deepEqual(await rowsOf(1), []);
    assert.equal(await store.member(GUILD, userOf(1)), null);
    assert.deepEqual([backfill.job(GUILD)?.since, backfill.job(GUILD)?.done], [0, 0]);
  });

  describe('makes members known', () => {
    beforeEach(async () => {
      await watched();
      backfill.begin(GUILD, LATER);
    });

    it('so that their next event is a repeat and their return is one', async () => {
      backfill.take(page([member(1)]));
      const { joinedAt } = member(1);
      assert.deepEqual(await store.member(GUILD, userOf(1)), { joinedAt, present: true });
      await store.commit(leaveStep(userOf(1), LATER + 1));
      await store.commit(joinStep({ joinedAt: LATER + 2, seenAt: LATER + 3 }));
      const [left, back] = lines().map(({ facts }) => facts);
      assert.ok(left?.kind === 'leave' && left.joinedAt === joinedAt);
      assert.deepEqual(left.attribution?.origin, inviteOrigin());
      assert.ok(back?.kind === 'join' && back.returning);
    });

    it('but knows better of those whom it saw itself', async () => {
      await store.commit(joinStep({ joinedAt: NOON + 5 }));
      backfill.take(page([member(1)]));
      assert.deepEqual(await store.member(GUILD, userOf(1)), {
        joinedAt: NOON + 5,
        present: true,
      });
    });

    it('and that somebody who was seen leaving is gone', async () => {
      await store.commit(leaveStep(userOf(1), LATER - 1));
      backfill.take(page([member(1)]));
      const { joinedAt } = member(1);
      assert.deepEqual(await store.member(GUILD, userOf(1)), { joinedAt, present: false });
      await store.commit(joinStep({ joinedAt: LATER + 2, seenAt: LATER + 3 }));
      const back = lines().at(-1)?.facts;
      assert.ok(back?.kind === 'join' && back.returning);
    });
  });

  for (const [told, stateOf] of [
    ['heard', heard],
    ['found in the member list', swept],
  ] as const) {
    it(`leaves a join that was ${told} to the engine, so that its answer makes a line`, async () => {
      await watched();
      backfill.begin(GUILD, LATER);
      const answered = joinStep({ joinedAt: NOON - 1, seenAt: NOON + 200 });
      await store.commit({ ...answered, state: stateOf(NOON - 1, NOON + 200), records: [] });
      for (const origin of [null, inviteOrigin()]) {
        backfill.take(page([member(1, { joinedAt: NOON - 1, origin })]));
        assert.deepEqual(await rowsOf(1), []);
      }
      await store.commit(answered);
      assert.equal(lines().length, 1);
      assert.equal((await answerOf(1))?.certainty, 'certain');
    });
  }

  it('names the source of somebody whose event was no join, though they are known', async () => {
    await watched();
    backfill.begin(GUILD, LATER);
    await store.commit({ ...joinStep({ joinedAt: member(1).joinedAt }), records: [] });
    backfill.take(page([member(1)]));
    assert.equal((await answerOf(1))?.certainty, 'reported');
  });

  it('does not change the answers of the engine', async () => {
    await watched();
    await store.commit(joinStep());
    backfill.begin(GUILD, LATER);
    backfill.take(page([member(1, { joinedAt: NOON, origin: { kind: 'discovery' } })]));
    assert.deepEqual(await answerOf(1), attributionOf());
  });
});
