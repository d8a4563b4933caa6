import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { createTracker, type GuildId, type Observation, type UserId } from 'wherefrom';
import { SqliteGuildStore } from '../storage/sqlite-guild-store.ts';
import { Dispatch } from './dispatch.ts';
import { restore } from './restore.ts';
import { memoryOver, resumeScene } from './resume-scene.ts';

const ME = '1' as UserId;
const GUILD = '10' as GuildId;
const log = { debug() {}, info() {}, warn() {}, error() {} };

let scene: Awaited<ReturnType<typeof resumeScene>>;
let now = 0;

beforeEach(async () => {
  scene = await resumeScene();
  now = 1_000;
});

/** A process over what the one before it stored; that one is never heard of again. */
function begin(me = ME) {
  const memory = memoryOver(scene.rows);
  const { directory, resume } = memory;
  const observed: Observation[] = [];
  const clock = { now: () => now, schedule: () => () => {} };
  const nobody = { names: { nameOf: () => null }, removals: { removalOf: () => null } };
  const failed = async () => ({ kind: 'failed', failure: 'unavailable' }) as const;
  const tracker = createTracker({
    clock,
    source: {
      invites: failed,
      vanity: failed,
      targets: async () => ({ requestedAt: now, answeredAt: now, userIds: null }),
    },
    store: new SqliteGuildStore(scene.database, { channels: directory, ...nobody }, resume),
    committed: ({ observations }) => observed.push(...observations),
  });
  const lastAlive = () => 500;
  const life = { clock, tracker, ...memory, lastAlive, log };
  const dispatch = new Dispatch({ ...life, seen: () => {}, removed: () => {} });
  const sessions = restore(
    { ...memory, rows: scene.rows, dispatch, lastAlive, now: clock.now, log },
    me,
  );
  const take = async (s: number, t: string, d: object): Promise<void> => {
    dispatch.take({ t, s, d }, 0);
    await new Promise((resolve) => setImmediate(resolve));
    await tracker.drain();
  };
  const ready = (sessionId: string, ...guilds: GuildId[]) =>
    take(1, 'READY', {
      user: { id: me },
      session_id: sessionId,
      resume_gateway_url: 'wss://here',
      guilds: guilds.map((id) => ({ id })),
    });
  return { ...memory, sessions, observed, take, ready };
}

const guild = (changes: object = {}) => ({
  id: GUILD,
  name: 'Town',
  owner_id: ME,
  roles: [],
  members: [{ user: { id: ME }, roles: [] }],
  member_count: 3,
  joined_at: '1970-01-01T00:00:00.100Z',
  ...changes,
});

/** A process that has met the guild, up to event 2. */
async function running() {
  const first = begin();
  await first.ready('first', GUILD);
  await first.take(2, 'GUILD_CREATE', guild());
  return first;
}

test('a guild that is gone at the first READY has missed events since the last process', async () => {
  await running();
  const { ready, take, observed } = begin();
  now = 9_000;
  await ready('second');
  now = 12_000;
  await take(2, 'GUILD_CREATE', guild());
  const gap = observed.find(({ kind }) => kind === 'gap');
  assert.deepEqual(gap?.kind === 'gap' && [gap.cause, gap.from, gap.to], ['removed', 500, 12_000]);
});

test('the next process knows the log channel that was made, moved or deleted since', async () => {
  const { take, resume } = await running();
  const logChannel = () => begin().directory.channelFor(GUILD)?.id;
  const channel = (id: string, name = 'join-logs') => ({ guild_id: GUILD, id, type: 0, name });
  await take(3, 'CHANNEL_CREATE', channel('41'));
  resume.flush();
  assert.equal(logChannel(), '41');
  await take(4, 'CHANNEL_CREATE', channel('42'));
  await take(5, 'CHANNEL_UPDATE', channel('41', 'general'));
  resume.flush();
  assert.equal(logChannel(), '42');
  await take(6, 'CHANNEL_DELETE', channel('42'));
  assert.equal(logChannel(), undefined);
});

test('guilds of another bot are none of ours, also not in the session after', async () => {
  await running();
  const other = '2' as UserId;
  const { sessions, ready, resume } = begin(other);
  assert.deepEqual(sessions, []);
  await ready('second');
  resume.flush();
  const third = begin(other);
  assert.equal(third.sessions[0]?.sessionId, 'second');
  assert.equal(third.directory.size, 0);
  await third.take(2, 'RESUMED', {});
  await third.take(3, 'GUILD_CREATE', guild());
  assert.ok(third.observed.some(({ kind }) => kind === 'gap'));
});

test('guilds of shards that are no more are left alone', async () => {
  await running();
  scene.rows.put({ guildId: '11' as GuildId, shardId: 1, entry: null, absence: null });
  const session = { sessionId: 'first', resumeUrl: 'wss://here', me: ME, sequence: 1, at: 0 };
  scene.rows.begin({ ...session, shardId: 1, shardCount: 2 }, []);
  const { ready } = begin();
  await ready('second', GUILD);
  assert.deepEqual(
    begin().sessions.map(({ shardId }) => shardId),
    [0],
  );
});

test('a return to a guild that was taken in is no second gap when it is replayed', async () => {
  const first = await running();
  // Of another guild, whose coming is never stored: the session is replayed from before it.
  first.resume.during(0, 3, () => first.resume.hold('11' as GuildId));
  await first.take(4, 'GUILD_DELETE', { id: GUILD });
  await first.take(5, 'GUILD_CREATE', guild());
  await first.take(6, 'GUILD_MEMBER_REMOVE', { guild_id: GUILD, user: { id: '20' } });
  const { take, observed, sessions } = begin();
  assert.equal(sessions[0]?.sequence, 2);
  await take(4, 'GUILD_DELETE', { id: GUILD });
  await take(5, 'GUILD_CREATE', guild());
  await take(6, 'GUILD_MEMBER_REMOVE', { guild_id: GUILD, user: { id: '20' } });
  assert.deepEqual(
    observed.filter(({ kind }) => kind !== 'session'),
    [],
  );
  await take(7, 'GUILD_MEMBER_REMOVE', { guild_id: GUILD, user: { id: '21' } });
  assert.equal(observed.at(-1)?.kind, 'leave');
  assert.equal(scene.rows.guilds()[0]?.sequence, 7);
});

test('the end of a replay is told to every guild that heard of its beginning', async () => {
  const first = await running();
  await first.take(9, 'GUILD_MEMBER_REMOVE', { guild_id: GUILD, user: { id: '20' } });
  const { take, observed } = begin();
  await take(8, 'RESUMED', {});
  const states = observed.flatMap((seen) => (seen.kind === 'session' ? [seen.state] : []));
  assert.deepEqual(states, ['lost', 'resumed']);
  assert.equal(scene.rows.guilds()[0]?.sequence, 9);
});
