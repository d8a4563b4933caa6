import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { GuildId } from 'wherefrom';
import { CrashingProcess, ME } from './crash-scene.ts';
import { resumeScene } from './resume-scene.ts';

const TOWN = '10' as GuildId;

let first: CrashingProcess;

beforeEach(async () => {
  const { rows } = await resumeScene();
  first = new CrashingProcess({ rows, known: new Set(), lastAlive: 500 }, 1_000);
});

const ready = (...ids: string[]) => ({
  user: { id: ME },
  guilds: ids.map((id) => ({ id })),
  session_id: 'first',
  resume_gateway_url: 'wss://here',
  shard: [0, 1],
});
const guild = (change: object = {}) => ({
  id: TOWN,
  name: 'Town',
  // Manage Server, and to see and write in channels.
  roles: [{ id: TOWN, permissions: '3104' }],
  members: [{ user: { id: ME }, roles: [] }],
  member_count: 3,
  channels: [],
  features: [],
  joined_at: '1970-01-01T00:00:00.100Z',
  ...change,
});
const person = (id: string) => ({ guild_id: TOWN, user: { id }, roles: [] });
const joiner = (id: string) => ({ ...person(id), joined_at: '1970-01-01T00:00:01Z' });

/** The session is there, and the guild's first step is stored. */
async function settled(): Promise<void> {
  await first.take(1, 'READY', ready(TOWN));
  await first.take(2, 'GUILD_CREATE', guild());
  first.commit(TOWN);
  first.words.length = 0;
}

test('members are counted up to the event that is stored, and on from there', async () => {
  await settled();
  for (const [s, id] of [
    [3, '20'],
    [4, '21'],
    [5, '22'],
  ] as const) {
    await first.take(s, 'GUILD_MEMBER_ADD', joiner(id));
  }
  await first.take(6, 'GUILD_MEMBER_REMOVE', person('20'));
  first.commit(TOWN, 1);
  const next = first.crashed();
  assert.equal(next.directory.membersOf(TOWN), 4);
  await next.take(4, 'GUILD_MEMBER_ADD', joiner('21'));
  await next.take(5, 'GUILD_MEMBER_ADD', joiner('22'));
  await next.take(6, 'GUILD_MEMBER_REMOVE', person('20'));
  assert.equal(next.directory.membersOf(TOWN), 5);
  next.commit(TOWN);
  assert.equal(next.crashed().directory.membersOf(TOWN), 5);
});

test('a coming that was taken in is neither counted nor asked about again', async () => {
  const village = guild({ id: '11' });
  await first.take(1, 'READY', ready(TOWN, '11'));
  await first.take(2, 'GUILD_CREATE', village);
  await first.take(3, 'GUILD_CREATE', guild());
  await first.take(4, 'GUILD_MEMBER_ADD', joiner('20'));
  first.commit(TOWN);
  const next = first.crashed();
  assert.equal(first.point, 1);
  await next.take(2, 'GUILD_CREATE', village);
  await next.take(3, 'GUILD_CREATE', guild());
  await next.take(4, 'GUILD_MEMBER_ADD', joiner('20'));
  await next.take(5, 'GUILD_MEMBER_ADD', joiner('21'));
  assert.equal(next.directory.membersOf(TOWN), 5);
  assert.deepEqual(
    next.words.filter((word) => /gap|join/.test(word)),
    ['gap first-start 0-1000, replaying', 'join 21'],
  );
});

test('a guild that was added in a rush is not new again', async () => {
  await first.take(1, 'READY', ready());
  await first.take(2, 'GUILD_CREATE', guild());
  await first.take(3, 'GUILD_MEMBER_ADD', joiner('20'));
  await first.take(4, 'GUILD_MEMBER_REMOVE', person('20'));
  await first.take(5, 'GUILD_MEMBER_ADD', joiner('21'));
  // Another join is under way, so the guild's row is not written with the first of its steps.
  first.commit(TOWN, 5);
  const next = first.crashed();
  assert.equal(first.point, 1);
  await next.take(2, 'GUILD_CREATE', guild());
  await next.take(3, 'GUILD_MEMBER_ADD', joiner('20'));
  await next.take(4, 'GUILD_MEMBER_REMOVE', person('20'));
  await next.take(5, 'GUILD_MEMBER_ADD', joiner('21'));
  assert.deepEqual(next.words, ['session lost', 'join 21']);
  assert.equal(next.directory.has(TOWN), true);
});

test('a guild is looked through although the bot was added to it just before the crash', async () => {
  const added = guild({ joined_at: '1970-01-01T00:00:00.900Z' });
  await first.take(1, 'READY', ready());
  await first.take(2, 'GUILD_CREATE', added);
  first.commit(TOWN);
  const next = first.crashed(60_000);
  await next.take(1, 'READY', ready(TOWN));
  await next.take(2, 'GUILD_CREATE', added);
  assert.ok(next.words.includes('gap restart 500-60000'), next.words.join());
});

test('a bot that was added again meanwhile had been removed, nobody knows when', async () => {
  await settled();
  const next = first.crashed(60_000);
  await next.take(1, 'READY', ready(TOWN));
  await next.take(2, 'GUILD_CREATE', guild({ joined_at: '1970-01-01T00:00:50Z' }));
  assert.ok(next.words.includes('gap removed 0-60000'), next.words.join());
});

test('a guild that comes in a replay reads nothing before all of it has come', async () => {
  await first.take(1, 'READY', ready());
  const next = first.crashed();
  await next.take(2, 'GUILD_CREATE', guild());
  await next.take(3, 'GUILD_MEMBER_ADD', joiner('20'));
  await next.take(4, 'RESUMED', {});
  const words = next.words.filter((word) => /gap|session|join/.test(word));
  assert.deepEqual(words, ['gap first-start 0-1000, replaying', 'join 20', 'session resumed']);
});

test('so does one that comes back from an outage', async () => {
  await settled();
  const next = first.crashed();
  await next.take(3, 'GUILD_DELETE', { id: TOWN, unavailable: true });
  await next.take(4, 'GUILD_CREATE', guild());
  await next.take(5, 'RESUMED', {});
  const words = next.words.filter((word) => /gap|session/.test(word));
  assert.deepEqual(words.slice(-2), ['gap outage 500-1000, replaying', 'session resumed']);
});
