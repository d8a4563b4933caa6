import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { CHANNEL, GUILD, joinStep, leaveStep, NOON, userOf } from '../storage/examples.ts';
import { OTHER_CHANNEL, OTHER_GUILD, OutboxScene } from './outbox-scene.ts';

const MINUTE = 60_000;

describe('Outbox', () => {
  let scene: OutboxScene;
  beforeEach(async () => {
    scene = await OutboxScene.open();
  });
  afterEach(() => scene.close());

  it('posts a lone line at once', async () => {
    await scene.commit(joinStep());
    assert.equal(scene.messages.requests.length, 1);
    await scene.run(1_000);
    assert.equal(scene.messages.contents.length, 1);
    assert.match(
      scene.messages.contents[0] ?? '',
      /^<@100000000000000001> \*\*N001\*\* joined with `abcDEF12`/,
    );
  });

  it('stores a message with its lines before it sends it', async () => {
    let stored = 0;
    scene.messages.onRequest = () => {
      stored = scene.store.outbox.message(1)?.lines.length ?? 0;
    };
    for (let number = 1; number <= 9; number += 1)
      await scene.store.guildStore.commit(joinStep({ userId: userOf(number) }));
    scene.outbox.committed(joinStep());
    assert.equal(stored, 9);
  });

  it('edits the line that is there when evidence comes, and never posts it twice', async () => {
    await scene.commit(joinStep({ certainty: 'likely', assumptions: ['no-lag'] }));
    await scene.run(500);
    await scene.revise({ settled: true });
    await scene.run(5_000);
    assert.equal(scene.messages.contents.length, 1);
    assert.doesNotMatch(scene.messages.contents[0] ?? '', /likely/);
    assert.deepEqual(
      scene.messages.requests.map((request) => request.kind),
      ['post', 'edit'],
    );
  });

  it('sends nothing when a new version reads the same', async () => {
    await scene.commit(joinStep());
    await scene.run(500);
    await scene.revise({ settled: true });
    await scene.run(5_000);
    assert.equal(scene.messages.requests.length, 1);
    assert.deepEqual(scene.store.outbox.busyChannels(), []);
  });

  it('edits a line that changed while its message was under way', async () => {
    await scene.commit(joinStep({ certainty: 'likely', assumptions: ['no-lag'] }));
    await scene.revise({ settled: true });
    await scene.run(5_000);
    assert.equal(scene.messages.messages.length, 1);
    assert.doesNotMatch(scene.messages.contents[0] ?? '', /likely/);
  });

  it('never lets one channel wait for another', async () => {
    scene.messages.fates.push({ kind: 'never' });
    await scene.joinNow(1);
    await scene.joinNow(2, OTHER_GUILD);
    await scene.run(200);
    assert.deepEqual(
      scene.messages.messages.map((message) => message.channelId),
      [OTHER_CHANNEL],
    );
  });

  it('logs 60 joins in 2.5 s within 6 s, each member once with their line', async () => {
    for (let number = 1; number <= 60; number += 1) {
      await scene.joinNow(number);
      await scene.run(42);
    }
    await scene.run(6_000);
    const text = scene.messages.contents.join('\n');
    for (let number = 1; number <= 60; number += 1) {
      assert.equal(text.split(`<@${userOf(number)}>`).length, 2, `member ${number}`);
    }
    assert.ok(scene.messages.contents.some((content) => content.includes('\n')));
  });

  it('re-renders a digest as a whole with one edit', async () => {
    for (let number = 1; number <= 9; number += 1) {
      const likely = { certainty: 'likely', assumptions: ['no-lag'] } as const;
      await scene.store.guildStore.commit(joinStep({ userId: userOf(number), ...likely }));
    }
    scene.outbox.committed(joinStep());
    await scene.run(500);
    for (const number of [3, 5]) await scene.revise({ userId: userOf(number), settled: true });
    await scene.run(5_000);
    assert.deepEqual(
      scene.messages.requests.map((request) => request.kind),
      ['post', 'edit'],
    );
    const likely = (scene.messages.contents[0] ?? '')
      .split('\n')
      .map((line) => line.includes('likely'));
    assert.deepEqual(likely, [true, true, false, true, false, true, true, true, true]);
  });

  it('says that a leave was a kick when the audit log tells, before or after', async () => {
    await scene.commit(joinStep());
    scene.outbox.noteRemoval({
      guildId: GUILD,
      userId: userOf(1),
      removal: 'kicked',
      at: NOON + 900,
    });
    await scene.commit(leaveStep(userOf(1), NOON + 1_000));
    await scene.commit(leaveStep(userOf(2), NOON + 1_000));
    await scene.run(1_000);
    scene.outbox.noteRemoval({
      guildId: GUILD,
      userId: userOf(2),
      removal: 'banned',
      at: NOON + 2_000,
    });
    await scene.run(5_000);
    assert.equal(scene.messages.messages.length, 3);
    assert.match(scene.messages.contents[1] ?? '', /was kicked/);
    assert.match(scene.messages.contents[2] ?? '', /was banned/);
  });

  it('erases names once a line can no longer change', async () => {
    await scene.commit(joinStep());
    await scene.run(5 * MINUTE);
    assert.equal(scene.store.outbox.message(1)?.lines[0]?.facts.name, 'N001');
    await scene.revise({ settled: true });
    await scene.run(5 * MINUTE);
    assert.equal(scene.store.outbox.message(1)?.lines[0]?.facts.name, null);
  });

  it('deletes messages after a month', async () => {
    await scene.commit(joinStep({ settled: true }));
    await scene.run(32 * 24 * 60 * MINUTE);
    assert.equal(scene.store.outbox.message(1), null);
  });

  it('drains what is waiting before a shutdown', async () => {
    for (let number = 1; number <= 12; number += 1) await scene.joinNow(number);
    const drained = scene.outbox.drain(10_000);
    await scene.run(10_000);
    assert.equal(await drained, true);
    assert.equal(scene.messages.contents.join('\n').split('<@').length, 13);
    await scene.joinNow(13);
    await scene.run(5_000);
    assert.equal(scene.store.outbox.waiting(CHANNEL, 10).length, 1);
  });

  it('stops draining when the time is up; the rest goes out at the next start', async () => {
    scene.messages.fates.push({ kind: 'never' });
    await scene.joinNow(1);
    await scene.joinNow(2);
    const drained = scene.outbox.drain(3_000);
    await scene.run(3_000);
    assert.equal(await drained, false);
    await scene.restart();
    await scene.run(10_000);
    assert.equal(scene.messages.messages.length, 2);
  });
});
