import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { joinStep } from '../storage/examples.ts';
import { OutboxScene } from './outbox-scene.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const refused = { kind: 'refused', what: 'channel', reason: 'missing access' } as const;

/** The bot was removed from the guild and is added again, or cannot see the channel for a while. */
describe('Outbox, while a channel refuses', () => {
  let scene: OutboxScene;
  beforeEach(async () => {
    scene = await OutboxScene.open();
  });
  afterEach(() => scene.close());

  it('corrects a message once it may see the channel again', async () => {
    await scene.commit(joinStep({ certainty: 'likely', assumptions: ['no-lag'] }));
    await scene.run(500);
    const { requests } = scene.messages;
    scene.messages.fates.push(refused, refused, refused);
    await scene.revise({ settled: true });
    await scene.run(10 * MINUTE);
    assert.deepEqual(
      requests.map(({ kind }) => kind),
      ['post', 'edit', 'edit', 'edit', 'edit'],
    );
    assert.doesNotMatch(scene.messages.contents[0] ?? '', /likely/);
    assert.deepEqual(scene.store.outbox.busyChannels(), []);
  });

  it('corrects it after a restart too', async () => {
    await scene.commit(joinStep({ certainty: 'likely', assumptions: ['no-lag'] }));
    await scene.run(500);
    scene.messages.fates.push(refused);
    await scene.revise({ settled: true });
    await scene.run(5_000);
    assert.match(scene.messages.contents[0] ?? '', /likely/);
    await scene.restart();
    await scene.run(2 * MINUTE);
    assert.doesNotMatch(scene.messages.contents[0] ?? '', /likely/);
  });

  it('gives an edit up after a day, and does not ask for ever', async () => {
    await scene.commit(joinStep({ certainty: 'likely', assumptions: ['no-lag'] }));
    await scene.run(500);
    const { requests, fates } = scene.messages;
    for (let number = 0; number < 100; number += 1) fates.push(refused);
    await scene.revise({ settled: true });
    await scene.run(48 * HOUR);
    assert.ok(requests.length < 35, `${requests.length} requests`);
    assert.deepEqual(scene.store.outbox.busyChannels(), []);
    assert.equal(scene.reports.at(-1)?.kind, 'message-dropped');
  });

  it('finds a message that arrived without an answer, and corrects it', async () => {
    const { messages } = scene;
    messages.fates.push({ kind: 'lost' }, refused);
    await scene.commit(joinStep({ certainty: 'likely', assumptions: ['no-lag'] }));
    await scene.run(10_000);
    assert.equal(messages.finds, 1);
    await scene.revise({ settled: true });
    await scene.run(2 * MINUTE);
    assert.equal(messages.messages.length, 1);
    assert.doesNotMatch(messages.contents[0] ?? '', /likely|repeated/);
    assert.deepEqual(scene.store.outbox.busyChannels(), []);
  });

  it('gives a message up that has not arrived, or nobody knows: it is not sent later', async () => {
    const { messages } = scene;
    for (const history of ['readable', 'unreadable'] as const) {
      messages.history = history;
      messages.fates.push({ kind: 'unsure' }, refused);
      await scene.joinNow(history === 'readable' ? 1 : 2);
      await scene.run(HOUR);
    }
    assert.equal(messages.messages.length, 0);
    assert.deepEqual(scene.store.outbox.busyChannels(), []);
  });

  it('looks for it when it is back, and does not send it blindly before', async () => {
    const { messages } = scene;
    messages.fates.push({ kind: 'lost' }, ...Array.from({ length: 10 }, () => refused));
    messages.history = 'later';
    await scene.commit(joinStep({ certainty: 'likely', assumptions: ['no-lag'] }));
    await scene.run(10_000);
    await scene.revise({ settled: true });
    await scene.run(HOUR);
    assert.ok(messages.requests.length < 6, `${messages.requests.length} requests`);
    messages.fates.length = 0;
    messages.history = 'readable';
    await scene.run(2 * HOUR);
    assert.equal(messages.messages.length, 1);
    assert.doesNotMatch(messages.contents[0] ?? '', /likely|repeated/);
  });

  it('gives such a message up after a day', async () => {
    const { messages } = scene;
    messages.fates.push({ kind: 'lost' }, ...Array.from({ length: 10 }, () => refused));
    messages.history = 'later';
    await scene.commit(joinStep());
    await scene.run(48 * HOUR);
    assert.ok(messages.requests.length < 6, `${messages.requests.length} requests`);
    assert.deepEqual(scene.store.outbox.busyChannels(), []);
    assert.equal(scene.reports.at(-1)?.kind, 'message-dropped');
  });

  it('does not hold up a shutdown by what is put off for longer', async () => {
    await scene.commit(joinStep({ certainty: 'likely', assumptions: ['no-lag'] }));
    await scene.run(500);
    scene.messages.fates.push(refused);
    await scene.revise({ settled: true });
    await scene.run(5_000);
    let drained: boolean | null = null;
    void scene.outbox.drain(5_000).then((all) => {
      drained = all;
    });
    await scene.run(0);
    assert.equal(drained, false);
  });
});
