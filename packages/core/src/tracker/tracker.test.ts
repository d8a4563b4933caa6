import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as settled } from 'node:timers/promises';
import type { GuildId } from '../engine/ids.ts';
import { firstWords, GUILD, joined, OTHER, scripted, user } from './scripted-ports.ts';
import { createTracker } from './tracker.ts';

test('the observations of a guild are committed in their order, each once', async () => {
  const { clock, ports, steps } = scripted(settled);
  const tracker = createTracker(ports);
  const at = clock.now();
  for (let n = 0; n < 1_000; n += 1) tracker.observe(GUILD, joined(user(n), at + n));
  await clock.pass(10_000);
  const users = steps.flatMap(({ observations }) =>
    observations.flatMap((seen) => (seen.kind === 'join' ? [seen.userId] : [])),
  );
  assert.deepEqual(
    users,
    Array.from({ length: 1_000 }, (_, n) => user(n)),
  );
  assert.ok(steps.length >= 4, 'in bounded batches');
});

test('a guild whose store hangs keeps no other guild waiting', async () => {
  const { clock, ports, memory, use } = scripted(settled);
  const { store } = ports;
  const tracker = createTracker({
    ...ports,
    store: {
      ...store,
      commit: (step) => (step.guildId === GUILD ? new Promise(() => {}) : store.commit(step)),
    },
  });
  for (const guildId of [GUILD, OTHER]) {
    use('a', guildId);
    for (const word of firstWords(clock.now())) tracker.observe(guildId, word);
  }
  await clock.pass(60_000);
  for (const guildId of [GUILD, OTHER]) {
    use('a', guildId);
    tracker.observe(guildId, joined(user(1), clock.now()));
  }
  await clock.pass(60_000);
  assert.equal(memory.answers(GUILD).length, 0);
  assert.equal(memory.answers(OTHER)[0]?.certainty, 'certain');
});

/** So many guilds that the bot meets in the same moment. */
function crowd(size: number) {
  const stage = scripted(settled);
  const tracker = createTracker(stage.ports);
  const ids = Array.from({ length: size }, (_, n) => String(10_000 + n) as GuildId);
  for (const guildId of ids) {
    stage.use('a', guildId);
    for (const word of firstWords(stage.clock.now())) tracker.observe(guildId, word);
  }
  return { ...stage, tracker, ids };
}

test('at the start no more than 35 guilds a second are read', async () => {
  const { clock, asked } = crowd(300);
  await clock.pass(30_000);
  assert.equal(asked.length, 300);
  for (let n = 36; n < asked.length; n += 1)
    assert.ok(asked[n]!.at - asked[n - 36]!.at >= 1_000, `list ${n}`);
});

test('a guild that waits for its first list is read at once when somebody joins', async () => {
  const { clock, asked, tracker, ids, use } = crowd(1_000);
  await clock.pass(5_000);
  const last = ids.at(-1)!;
  assert.ok(asked.length < 900 && !asked.some(({ guildId }) => guildId === last));
  use('a', last);
  const at = clock.now();
  tracker.observe(last, joined(user(1), at));
  await clock.pass(2_100);
  assert.ok(asked.some(({ guildId }) => guildId === last));
  await clock.pass(60_000);
  assert.ok(asked.filter(({ guildId }) => guildId === last).length <= 3);
  assert.equal(tracker.health().openRequests, 0);
  assert.deepEqual(tracker.health().firstLists, { wanted: 1_000, read: 1_000 });
});

test('a stop commits what was taken, and nothing that comes later', async () => {
  const { clock, ports, steps, controls, use } = scripted(settled);
  controls.listMs = 30_000;
  const tracker = createTracker(ports);
  use('a');
  for (const word of firstWords(clock.now())) tracker.observe(GUILD, word);
  await clock.pass(10_000);
  for (let n = 0; n < 600; n += 1) tracker.observe(GUILD, joined(user(n), clock.now()));
  await tracker.stop();
  const taken = steps.flatMap(({ observations }) => observations);
  assert.equal(taken.filter(({ kind }) => kind === 'join').length, 600);
  tracker.observe(GUILD, joined(user(700), clock.now()));
  await clock.pass(120_000);
  assert.equal(steps.flatMap(({ observations }) => observations).length, taken.length);
});

test('a stop withdraws every wake and every list that waits for its slot', async () => {
  const { clock, tracker, asked } = crowd(500);
  await clock.pass(6_000);
  const sent = asked.length;
  assert.ok(sent < 500);
  await tracker.stop();
  await clock.pass(200);
  assert.equal(asked.length, sent);
  assert.equal(clock.waiting, 0);
  assert.equal(tracker.health().openRequests, 0);
});

test('a stop withdraws every page of a member list that waits for its slot', async () => {
  const { clock, ports } = scripted(settled);
  let pages = 0;
  const members = {
    page: async () => {
      pages += 1;
      return { kind: 'failed', failure: 'unavailable' } as const;
    },
  };
  const tracker = createTracker({ ...ports, members });
  for (const word of firstWords(clock.now())) tracker.observe(GUILD, word);
  await clock.pass(10_000);
  const at = clock.now();
  // The second gap wants its own page while that of the first has not left.
  for (const from of [at - 5_000, at - 2_000]) {
    const gap = { kind: 'gap', at, from, to: at, cause: 'outage', turnover: true } as const;
    tracker.observe(GUILD, gap);
  }
  await settled();
  await tracker.stop();
  await clock.pass(60_000);
  assert.equal(pages, 0);
  assert.equal(tracker.health().openRequests, 0);
});

test('after a restart an open join is looked up again and answered', async () => {
  const stage = scripted(settled);
  const { clock, memory, controls } = stage;
  const begin = () => createTracker(stage.ports);
  const first = begin();
  stage.use('a');
  for (const word of firstWords(clock.now())) first.observe(GUILD, word);
  await clock.pass(60_000);
  controls.invites = () => new Promise(() => {});
  stage.use('a');
  first.observe(GUILD, joined(user(1), clock.now()));
  await settled();
  await first.stop();
  assert.equal(memory.answers(GUILD).filter((answer) => answer.settled).length, 0);
  controls.invites = null;
  await clock.pass(5_000);
  const second = begin();
  const at = clock.now();
  assert.equal(await second.known(GUILD), true);
  second.observe(GUILD, { kind: 'gap', at, from: at - 5_000, to: at, cause: 'restart' });
  await clock.pass(60_000);
  const [answer] = memory.answers(GUILD);
  assert.equal(answer?.settled, true);
  assert.equal(answer?.origin?.kind, 'invite');
});

test('a drain ends when nothing is under way, also after a source has thrown', async () => {
  const { clock, ports, controls } = scripted(settled);
  const tracker = createTracker(ports);
  controls.invites = () => Promise.reject(new Error('broken'));
  for (const word of firstWords(clock.now())) tracker.observe(GUILD, word);
  await clock.pass(4_200);
  let drained = false;
  void tracker.drain().then(() => {
    drained = true;
  });
  await settled();
  assert.equal(drained, true);
});
