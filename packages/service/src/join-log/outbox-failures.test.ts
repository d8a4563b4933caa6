import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import {
  attributionOf,
  CHANNEL,
  joinStep,
  leaveStep,
  stepOf,
  userOf,
} from '../storage/examples.ts';
import { OutboxScene } from './outbox-scene.ts';

const MINUTE = 60_000;

describe('Outbox, when things fail', () => {
  let scene: OutboxScene;
  beforeEach(async () => {
    scene = await OutboxScene.open();
  });
  afterEach(() => scene.close());

  it('repeats the same nonce when it does not know whether the message arrived', async () => {
    scene.messages.fates.push({ kind: 'lost' }, { kind: 'unsure' });
    await scene.commit(joinStep());
    await scene.run(30_000);
    assert.equal(scene.messages.requests.length, 3);
    assert.equal(scene.messages.messages.length, 1);
    assert.equal(scene.messages.messages[0]?.nonce.length, 25);
    assert.deepEqual(scene.store.outbox.busyChannels(), []);
  });

  it('brings a repeated message up to date if the first version arrived', async () => {
    scene.messages.fates.push({ kind: 'lost' });
    await scene.commit(joinStep({ certainty: 'likely', assumptions: ['no-lag'] }));
    await scene.run(200);
    await scene.revise({ settled: true });
    await scene.run(10_000);
    assert.equal(scene.messages.messages.length, 1);
    assert.doesNotMatch(scene.messages.contents[0] ?? '', /likely/);
  });

  it('does not know the words of a message that was tried with several', async () => {
    scene.messages.fates.push({ kind: 'unsure' }, { kind: 'lost' });
    await scene.commit(joinStep({ certainty: 'likely', assumptions: ['no-lag'] }));
    await scene.run(200);
    await scene.revise({});
    await scene.run(2_000);
    assert.doesNotMatch(scene.messages.contents[0] ?? '', /likely/);
    await scene.revise({ certainty: 'likely', assumptions: ['no-lag'], settled: true });
    await scene.run(10_000);
    assert.match(scene.messages.contents[0] ?? '', /likely/);
  });

  it('edits back what an edit without an answer may have said', async () => {
    await scene.commit(joinStep());
    await scene.run(10_000);
    const words = scene.messages.contents[0];
    scene.messages.fates.push({ kind: 'lost' });
    await scene.revise({ certainty: 'likely', assumptions: ['no-lag'] });
    await scene.run(900);
    assert.match(scene.messages.contents[0] ?? '', /likely/);
    await scene.revise({ settled: true });
    await scene.run(10_000);
    assert.equal(scene.messages.contents[0], words);
    assert.deepEqual(scene.store.outbox.busyChannels(), []);
  });

  it('waits as long as Discord asks', async () => {
    scene.messages.fates.push({ kind: 'rate-limited', retryAfterMs: 7_000 });
    await scene.commit(joinStep());
    await scene.run(6_900);
    assert.equal(scene.messages.requests.length, 1);
    await scene.run(1_000);
    assert.equal(scene.messages.messages.length, 1);
  });

  it('looks an unsure message up after a longer break, and finds it', async () => {
    scene.messages.fates.push({ kind: 'lost' });
    await scene.commit(joinStep());
    await scene.run(200);
    await scene.restart(20 * MINUTE);
    await scene.run(5_000);
    assert.deepEqual([scene.messages.finds, scene.messages.messages.length], [1, 1]);
    assert.deepEqual(scene.store.outbox.busyChannels(), []);
  });

  it('does not take one of two messages about the same member for the other', async () => {
    scene.messages.history = 'nonceless';
    scene.messages.fates.push({ kind: 'unsure' }, { kind: 'lost' });
    await scene.commit(joinStep());
    await scene.run(200);
    await scene.commit(leaveStep(userOf(1), scene.clock.now()));
    await scene.run(200);
    await scene.restart(20 * MINUTE);
    await scene.run(10_000);
    const said = scene.messages.contents.map((content) => /joined with|left/.exec(content)?.[0]);
    assert.deepEqual(said.sort(), ['joined with', 'left']);
  });

  it('posts it if the history does not have it', async () => {
    scene.messages.fates.push({ kind: 'never' });
    await scene.commit(joinStep());
    await scene.restart(20 * MINUTE);
    await scene.run(5_000);
    assert.deepEqual([scene.messages.finds, scene.messages.messages.length], [1, 1]);
    assert.doesNotMatch(scene.messages.contents[0] ?? '', /repeated/);
  });

  it('posts what is known by then, not what was known before it looked', async () => {
    scene.messages.fates.push({ kind: 'never' });
    await scene.commit(joinStep({ certainty: 'likely', assumptions: ['no-lag'] }));
    await scene.restart(20 * MINUTE);
    await scene.run(50);
    assert.equal(scene.messages.finds, 1);
    await scene.revise({ settled: true });
    await scene.run(5_000);
    assert.equal(scene.messages.messages.length, 1);
    assert.doesNotMatch(scene.messages.contents[0] ?? '', /likely/);
  });

  it('posts it once, marked, where the history may not be read', async () => {
    scene.messages.history = 'unreadable';
    scene.messages.fates.push({ kind: 'lost' }, { kind: 'never' });
    await scene.commit(joinStep());
    await scene.run(200);
    for (let process = 2; process <= 3; process += 1) {
      await scene.restart(20 * MINUTE);
      await scene.run(5_000);
    }
    // The first arrived; the marked one was under way when the process died; then it is given up.
    assert.equal(scene.messages.requests.length, 2);
    assert.equal(scene.messages.messages.length, 1);
    assert.equal(scene.reports.at(-1)?.kind, 'message-dropped');
    assert.deepEqual(scene.store.outbox.busyChannels(), []);
  });

  it('corrects a message that Discord gives back for the nonce after all', async () => {
    scene.messages.history = 'unreadable';
    const limited = { kind: 'rate-limited', retryAfterMs: 1_000 } as const;
    scene.messages.fates.push({ kind: 'lost' }, limited);
    await scene.commit(joinStep({ certainty: 'likely', assumptions: ['no-lag'] }));
    await scene.run(200);
    await scene.store.guildStore.commit(
      stepOf({ at: scene.clock.now(), records: [attributionOf({ settled: true })] }),
    );
    await scene.restart(4 * MINUTE);
    await scene.run(5_000);
    assert.equal(scene.messages.messages.length, 1);
    assert.doesNotMatch(scene.messages.contents[0] ?? '', /likely/);
  });

  it('marks such a message, also when it is edited', async () => {
    scene.messages.history = 'unreadable';
    scene.messages.fates.push({ kind: 'never' });
    await scene.commit(joinStep({ certainty: 'likely', assumptions: ['no-lag'] }));
    await scene.restart(20 * MINUTE);
    await scene.run(1_000);
    assert.match(scene.messages.contents[0] ?? '', /likely.*\n\(possibly repeated\)$/);
    await scene.revise({ settled: true });
    await scene.run(5_000);
    assert.match(scene.messages.contents[0] ?? '', /so far\n\(possibly repeated\)$/);
  });

  describe('after many attempts that surely failed', () => {
    const failed = { kind: 'failed', retry: true } as const;
    beforeEach(async () => {
      scene.messages.history = 'unreadable';
      for (let attempt = 1; attempt <= 9; attempt += 1) scene.messages.fates.push(failed);
      await scene.commit(joinStep({ certainty: 'likely', assumptions: ['no-lag'] }));
    });

    it('asks about an unsure one while its nonce protects it', async () => {
      scene.messages.fates.push({ kind: 'lost' });
      await scene.run(20 * MINUTE);
      assert.deepEqual([scene.messages.requests.length, scene.messages.messages.length], [11, 1]);
      assert.doesNotMatch(scene.messages.contents[0] ?? '', /repeated/);
    });

    it('asks about a marked one too, and keeps it up to date', async () => {
      scene.messages.fates.push({ kind: 'never' }, { kind: 'lost' });
      await scene.run(20 * MINUTE);
      await scene.restart(20 * MINUTE);
      await scene.run(20 * MINUTE);
      await scene.revise({ settled: true });
      await scene.run(5_000);
      assert.equal(scene.messages.messages.length, 1);
      assert.doesNotMatch(scene.messages.contents[0] ?? '', /likely/);
    });
  });

  it('sends after a restart what was queued before it', async () => {
    await scene.store.guildStore.commit(joinStep());
    await scene.restart();
    await scene.run(1_000);
    assert.equal(scene.messages.messages.length, 1);
  });

  it('does not post twice when the process dies in the middle of a request', async () => {
    scene.messages.fates.push({ kind: 'lost' });
    await scene.commit(joinStep());
    await scene.restart();
    await scene.run(10_000);
    assert.equal(scene.messages.messages.length, 1);
    assert.equal(scene.messages.requests.length, 2);
  });

  it('gives up the lines of a channel that is gone, and does not ask for ever', async () => {
    scene.messages.fates.push({ kind: 'refused', what: 'channel', reason: 'missing access' });
    for (let number = 1; number <= 3; number += 1) await scene.joinNow(number);
    await scene.run(10_000);
    assert.equal(scene.messages.requests.length, 1);
    assert.deepEqual(scene.reports.at(-1), {
      kind: 'channel-refused',
      channelId: CHANNEL,
      reason: 'missing access',
      linesDropped: 2,
    });
    await scene.joinNow(4);
    await scene.run(2 * MINUTE);
    assert.equal(scene.messages.messages.length, 1);
  });

  it('leaves a message alone that somebody deleted', async () => {
    await scene.commit(joinStep({ certainty: 'likely', assumptions: ['no-lag'] }));
    await scene.run(500);
    scene.messages.messages.length = 0;
    await scene.revise({ settled: true });
    await scene.run(10_000);
    await scene.joinNow(2);
    await scene.run(1_000);
    assert.equal(scene.messages.messages.length, 1);
    assert.equal(scene.reports.at(-1)?.kind, 'message-dropped');
  });

  it('reports a store that fails, sends nothing unstored, and goes on when it works', async () => {
    await scene.store.guildStore.commit(joinStep());
    const open = scene.store.outbox.open;
    scene.store.outbox.open = () => {
      throw new Error('disk full');
    };
    scene.outbox.committed(joinStep());
    await scene.run(1_000);
    assert.deepEqual(
      [scene.reports.at(-1)?.kind, scene.messages.requests.length],
      ['store-failed', 0],
    );
    scene.store.outbox.open = open;
    await scene.run(6_000);
    assert.equal(scene.messages.messages.length, 1);
  });

  it('takes up what an earlier process left once the store works, with no new join', async () => {
    scene.messages.fates.push({ kind: 'lost' });
    await scene.commit(joinStep());
    await scene.run(200);
    let recover = scene.store.outbox.recover;
    await scene.restart(0, ({ outbox }) => {
      recover = outbox.recover;
      outbox.recover = () => {
        throw new Error('disk full');
      };
    });
    await scene.run(6_000);
    assert.equal(scene.messages.requests.length, 1);
    scene.store.outbox.recover = recover;
    await scene.run(10_000);
    assert.deepEqual([scene.messages.requests.length, scene.messages.messages.length], [2, 1]);
    assert.deepEqual(scene.store.outbox.busyChannels(), []);
  });

  it('sends the same nonce again when the answer could not be stored', async () => {
    const { outbox } = scene.store;
    const sent = outbox.sent;
    outbox.sent = () => {
      throw new Error('disk full');
    };
    await scene.commit(joinStep());
    await scene.run(1_000);
    outbox.sent = sent;
    await scene.run(10_000);
    assert.deepEqual([scene.messages.requests.length, scene.messages.messages.length], [2, 1]);
    assert.deepEqual(outbox.busyChannels(), []);
  });
});
