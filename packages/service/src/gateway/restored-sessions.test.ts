import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { GuildId, UserId } from 'wherefrom';
import { Alive } from '../storage/alive.ts';
import { restore } from './restore.ts';
import { memoryOver, resumeScene } from './resume-scene.ts';

const ME = '1' as UserId;
const TOWN = '10' as GuildId;
const HOUR = 60 * 60_000;
const BEGAN = 1_800_000_000_000;
const SESSION = {
  shardId: 0,
  sessionId: 'first',
  resumeUrl: 'wss://here',
  shardCount: 1,
  me: ME,
  sequence: 1,
  at: BEGAN,
};
const log = { debug() {}, info() {}, warn() {}, error() {} };

let scene: Awaited<ReturnType<typeof resumeScene>>;

beforeEach(async () => {
  scene = await resumeScene();
  scene.resume.began(SESSION, []);
});

/** The next process starts. Answers the sessions that it tries, and the guilds that it wakes. */
function restarted(now: number, me = ME) {
  const { rows, database } = scene;
  const memory = memoryOver(rows);
  const woken: GuildId[] = [];
  const sessions = restore(
    {
      rows,
      ...memory,
      dispatch: { restored: (_, guilds) => void woken.push(...guilds) },
      lastAlive: (shardId) => new Alive(database).lastAlive(shardId),
      now: () => now,
      log,
    },
    me,
  );
  return { sessions: sessions.map(({ sessionId }) => sessionId), woken, ...memory };
}

test('a process that ended in its first seconds is followed by one that goes on', () => {
  assert.equal(new Alive(scene.database).lastAlive(), BEGAN);
  assert.deepEqual(restarted(BEGAN + 1_000).sessions, ['first']);
});

test('a session is tried for an hour after the last that is stored of it', () => {
  assert.deepEqual(restarted(BEGAN + HOUR - 1).sessions, ['first']);
  assert.deepEqual(restarted(BEGAN + HOUR).sessions, []);
});

test('a session of a quiet bot is tried while it was alive lately', () => {
  new Alive(scene.database).markAlive(BEGAN + 2 * HOUR);
  assert.deepEqual(restarted(BEGAN + 2 * HOUR + 1_000).sessions, ['first']);
});

test('a session that goes on is tried though a guild has been in an outage for hours', () => {
  const { resume } = memoryOver(scene.rows, () => BEGAN + 5 * HOUR);
  resume.restore(scene.rows.sessions(), []);
  resume.during(0, 2, () => {});
  resume.flush();
  assert.equal(new Alive(scene.database).lastAlive(), BEGAN);
  assert.deepEqual(restarted(BEGAN + 5 * HOUR + 1_000).sessions, ['first']);
});

test('the session of another account is left alone', () => {
  assert.deepEqual(restarted(BEGAN + 1_000, '2' as UserId).sessions, []);
});

test('a later session leaves the time alone from which a restart names its gap', () => {
  scene.resume.began({ ...SESSION, sessionId: 'second', at: BEGAN + HOUR }, [TOWN]);
  assert.equal(new Alive(scene.database).lastAlive(), BEGAN);
});
