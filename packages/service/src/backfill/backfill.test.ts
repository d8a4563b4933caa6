import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import {
  emptyState,
  type GuildId,
  type GuildStep,
  type MemberPageWanted,
  type Observation,
  type SearchedMember,
} from 'wherefrom';
import { ManualClock } from '../join-log/manual-clock.ts';
import type { RecordPage, SearchFailure } from '../rest/rest-member-search.ts';
import { type Database, openDatabase } from '../storage/database.ts';
import { GUILD, inviteOrigin, LOGGING, NOON, stepOf, userOf } from '../storage/examples.ts';
import { SqliteBackfill } from '../storage/sqlite-backfill.ts';
import { SqliteGuildStore } from '../storage/sqlite-guild-store.ts';
import { Backfill } from './backfill.ts';

const OTHER = '900000000000000002' as GuildId;
const SLOT_MS = 250;
const HOUR = 60 * 60_000;

const failed = (
  failure: SearchFailure['failure'],
  retryAfterMs: number | null = null,
): RecordPage => ({ kind: 'failed', failure, retryAfterMs });

/** Members with a record, and every third without one; a millisecond apart. */
const crowd = (size: number): readonly SearchedMember[] =>
  Array.from({ length: size }, (_, n) => ({
    userId: userOf(n),
    joinedAt: NOON - 86_400_000 + n,
    bot: false,
    origin: n % 3 === 0 ? null : inviteOrigin(),
  }));

describe('Backfill', () => {
  let database: Database;
  let store: SqliteGuildStore;
  let jobs: SqliteBackfill;
  let clock: ManualClock;
  let members: readonly SearchedMember[];
  /** What pages get instead, one each. */
  let failures: RecordPage[];
  let asked: { readonly guildId: GuildId; readonly since: number; readonly at: number }[];
  let log: { readonly level: string; readonly text: string }[];
  let managed: Set<GuildId>;

  beforeEach(async () => {
    database = await openDatabase(':memory:');
    store = new SqliteGuildStore(database, LOGGING);
    jobs = new SqliteBackfill(database);
    clock = new ManualClock(NOON);
    [members, failures, asked, log] = [crowd(10), [], [], []];
    managed = new Set([GUILD, OTHER]);
  });
  afterEach(() => database.sqlite.close());

  /** The search as Discord's is described. */
  const page = async (guildId: GuildId, wanted: MemberPageWanted): Promise<RecordPage> => {
    const { since, until, limit } = wanted;
    asked.push({ guildId, since, at: clock.now() });
    const failure = failures.shift();
    if (failure) return failure;
    const fitting = members.filter(({ joinedAt }) => joinedAt >= since && joinedAt <= until);
    const shown = fitting.slice(0, limit);
    const at = clock.now();
    const counts = { entries: shown.length, total: fitting.length };
    return { kind: 'answered', requestedAt: at, answeredAt: at, members: shown, ...counts };
  };
  const watch = async (...guildIds: readonly GuildId[]): Promise<void> => {
    const { invites, rest } = emptyState();
    const state = { invites, rest: { ...rest, trackedSince: NOON } };
    for (const guildId of guildIds) await store.commit(stepOf({ guildId, state }));
  };
  const write = (level: string) => (_: object, text: string) => void log.push({ level, text });
  const open = (slotMs = SLOT_MS): Backfill => {
    let slotAt = 0;
    return new Backfill({
      clock,
      store: jobs,
      records: { page },
      slot: () => {
        slotAt = Math.max(clock.now(), slotAt + slotMs);
        return slotAt;
      },
      guilds: () => managed,
      mayManage: (guildId) => managed.has(guildId),
      log: { info: write('info'), warn: write('warn'), error: write('error') },
    });
  };
  const told = (guildId: GuildId): GuildStep => {
    const access: Observation = { kind: 'access', at: NOON, counts: true, auditLog: true };
    return stepOf({ guildId, observations: [access] });
  };
  const passed = (ms: number): Promise<void> => clock.advanceTo(clock.now() + ms);
  const rows = (): number =>
    Number(database.sqlite.prepare('select count(*) as n from ledger').get()?.n);

  it('begins by itself in guilds that are watched, and looks at everybody once', async () => {
    members = crowd(2_500);
    await watch(GUILD);
    const backfill = open();
    backfill.start();
    await passed(60_000);
    const progress = backfill.progress(GUILD);
    assert.deepEqual([progress?.state, progress?.total, progress?.done], ['done', 2_500, 2_500]);
    assert.deepEqual([progress?.reported, progress?.noRecord], [1_666, 834]);
    assert.equal(rows(), 2_500);
    assert.equal(backfill.progress(OTHER), null);
    assert.equal(asked.length, 3);
  });

  it('begins once the first step of a guild is stored, and never twice', async () => {
    const backfill = open();
    backfill.start();
    await passed(60_000);
    assert.equal(asked.length, 0);
    await watch(GUILD);
    backfill.committed(told(GUILD));
    backfill.committed(told(GUILD));
    await passed(60_000);
    backfill.committed(told(GUILD));
    await passed(60_000);
    assert.equal(asked.length, 1);
    const again = open();
    again.start();
    await passed(60_000);
    assert.equal(asked.length, 1);
  });

  it('lets guilds take turns, a page a slot', async () => {
    members = crowd(3_000);
    await watch(GUILD, OTHER);
    open().start();
    await passed(60_000);
    const guilds = asked.slice(0, 4).map(({ guildId }) => guildId);
    assert.deepEqual(guilds, [GUILD, OTHER, GUILD, OTHER]);
    for (let n = 1; n < asked.length; n += 1) {
      assert.ok(asked[n]!.at - asked[n - 1]!.at >= SLOT_MS);
    }
  });

  it('goes on after a crash where the last page was stored', async () => {
    members = crowd(2_500);
    await watch(GUILD);
    const first = open();
    first.start();
    await passed(1);
    assert.equal(asked.length, 1);
    first.stop();
    await passed(60_000);
    assert.equal(asked.length, 1);
    const second = open();
    second.start();
    await passed(60_000);
    assert.equal(asked[1]?.since, members[999]!.joinedAt);
    const { state, done, reported, noRecord } = second.progress(GUILD)!;
    assert.deepEqual([state, done, reported + noRecord, rows()], ['done', 2_500, 2_500, 2_500]);
  });

  it('waits for an index that is being built, as long as it says', async () => {
    await watch(GUILD);
    failures = [failed('not-indexed', 20_000)];
    const backfill = open();
    backfill.start();
    await passed(19_000);
    assert.deepEqual([asked.length, backfill.progress(GUILD)?.waitsFor], [1, 'not-indexed']);
    await passed(2_000);
    assert.deepEqual([asked.length, backfill.progress(GUILD)?.waitsFor], [2, null]);
    assert.equal(backfill.progress(GUILD)?.state, 'done');
  });

  it('asks again where there was no answer, and not at once', async () => {
    await watch(GUILD);
    failures = [failed('unavailable', 0), failed('unavailable', 30_000)];
    const backfill = open();
    backfill.start();
    await passed(4_900);
    assert.equal(asked.length, 1);
    await passed(40_000);
    assert.deepEqual([asked.length, backfill.progress(GUILD)?.state], [3, 'done']);
  });

  it('stops where it is refused until the access is told anew', async () => {
    await watch(GUILD, OTHER);
    failures = [failed('refused')];
    const backfill = open();
    backfill.start();
    await passed(60_000);
    assert.equal(backfill.progress(GUILD)?.state, 'refused');
    assert.equal(backfill.progress(OTHER)?.state, 'done');
    backfill.committed(stepOf({ guildId: GUILD, observations: [{ kind: 'time', at: NOON }] }));
    await passed(60_000);
    assert.equal(backfill.progress(GUILD)?.state, 'refused');
    backfill.committed(told(GUILD));
    await passed(60_000);
    assert.equal(backfill.progress(GUILD)?.state, 'done');
    assert.equal(asked.length, 3);
  });

  it('asks no guild that it may not manage', async () => {
    await watch(GUILD);
    const backfill = open();
    backfill.start();
    managed.delete(GUILD);
    await passed(60_000);
    assert.deepEqual([asked.length, backfill.progress(GUILD)?.state], [0, 'refused']);
    managed.add(GUILD);
    backfill.committed(told(GUILD));
    await passed(60_000);
    assert.equal(backfill.progress(GUILD)?.state, 'done');
  });

  it('asks nobody while the search is withdrawn, and says so of every guild', async () => {
    await watch(GUILD, OTHER);
    failures = [failed('withdrawn', 24 * HOUR)];
    const backfill = open();
    backfill.start();
    await passed(23 * HOUR);
    assert.equal(asked.length, 1);
    const waits = [GUILD, OTHER].map((guildId) => backfill.progress(guildId)?.waitsFor);
    assert.deepEqual(waits, ['withdrawn', 'withdrawn']);
    await passed(2 * HOUR);
    const states = [GUILD, OTHER].map((guildId) => backfill.progress(guildId)?.state);
    assert.deepEqual(states, ['done', 'done']);
  });

  it('ends with a reason where the search cannot be read, and goes on when it is told', async () => {
    members = crowd(2_500);
    await watch(GUILD);
    const upsideDown = members.slice(0, 5).reverse();
    const at = NOON;
    const odd = { entries: 5, total: 2_500, requestedAt: at, answeredAt: at };
    failures = [{ kind: 'answered', members: upsideDown, ...odd }];
    const backfill = open();
    backfill.start();
    await passed(60_000);
    const stuck = backfill.progress(GUILD);
    assert.deepEqual([stuck?.state, stuck?.done, asked.length], ['stuck', 0, 1]);
    assert.match(stuck?.reason ?? '', /not in the order/);
    assert.equal(log.filter(({ level }) => level === 'warn').length, 1);
    assert.equal(backfill.begin(GUILD)?.state, 'running');
    await passed(60_000);
    assert.deepEqual([backfill.progress(GUILD)?.state, rows()], ['done', 2_500]);
    assert.equal(backfill.begin(GUILD)?.state, 'done');
  });

  it('tries again where the page could not be stored', async () => {
    await watch(GUILD);
    const backfill = open();
    database.sqlite.exec(`create trigger full before insert on ledger
      begin select raise(fail, 'database or disk is full'); end`);
    backfill.start();
    await passed(20_000);
    assert.deepEqual([asked.length, rows()], [1, 0]);
    assert.equal(log[0]?.level, 'error');
    database.sqlite.exec('drop trigger full');
    await passed(60_000);
    assert.deepEqual([backfill.progress(GUILD)?.state, rows()], ['done', 10]);
  });

  it('tells how far it is now and then, and no more when it is done', async () => {
    members = crowd(3_000);
    await watch(GUILD, OTHER);
    open(15_000).start();
    await passed(60 * 60_000);
    const lines = log.map(({ text }) => text);
    assert.ok(lines.length >= 3 && lines.length <= 6, `${lines.length} lines`);
    assert.equal(
      lines.at(-1),
      'members from before the bot: 6,000 looked at, 4,000 with a record; 2 of 2 servers finished',
    );
  });
});
