import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as settled } from 'node:timers/promises';
import { step } from '../engine/engine.ts';
import type { Observation } from '../engine/observation.ts';
import type { InvitesAnswer, TrackerPorts } from './ports.ts';
import { ANSWER_WITHIN_MS } from './requests.ts';
import { firstWords, GUILD, joined, scripted, user } from './scripted-ports.ts';
import { createTracker } from './tracker.ts';

/** A guild whose first list is read and whose start is over. */
async function watching(change: (ports: TrackerPorts) => TrackerPorts = (ports) => ports) {
  const stage = scripted(settled);
  const tracker = createTracker(change(stage.ports));
  const { clock } = stage;
  stage.use('a');
  const observe = (observation: Observation): void => tracker.observe(GUILD, observation);
  for (const word of firstWords(clock.now())) observe(word);
  await clock.pass(60_000);
  stage.asked.length = 0;
  stage.steps.length = 0;
  const join = (n: number, code = 'a'): void => {
    stage.use(code);
    observe(joined(user(n), clock.now()));
  };
  return { ...stage, tracker, observe, join };
}

describe('lists of one guild', () => {
  test('a lone join costs one list, sent at once', async () => {
    const { clock, asked, join, memory } = await watching();
    const at = clock.now();
    join(1);
    await clock.pass(60_000);
    assert.deepEqual(asked, [{ guildId: GUILD, at }]);
    const [answer] = memory.answers(GUILD);
    assert.equal(answer?.certainty, 'certain');
    assert.equal(answer?.settled, true);
  });

  test('one list is in flight; joins meanwhile share the next', async () => {
    const { clock, asked, join, controls } = await watching();
    controls.listMs = 1_000;
    const at = clock.now();
    for (let n = 0; n < 20; n += 1) {
      join(n);
      await clock.pass(40);
    }
    assert.equal(asked.length, 1);
    await clock.pass(60_000);
    // The second covers all who came after the first was asked for.
    assert.deepEqual(
      asked.slice(0, 2).map((list) => list.at - at),
      [0, 1_000],
    );
    assert.ok(asked.length <= 3, `${asked.length} lists`);
  });

  test('in a burst calls grow with time, not with joins', async () => {
    const { clock, asked, join, controls } = await watching();
    controls.listMs = 20;
    const at = clock.now();
    for (let n = 0; n < 300; n += 1) {
      join(n);
      await clock.pass(10);
    }
    const during = asked.filter((list) => list.at < at + 3_000);
    assert.ok(during.length <= 6, `${during.length} lists in 3 s`);
    for (let n = 1; n < during.length; n += 1) assert.ok(during[n]!.at - during[n - 1]!.at >= 600);
  });
});

describe('a source that breaks its promise', () => {
  const failing: readonly (readonly [string, () => Promise<InvitesAnswer>])[] = [
    ['rejects', () => Promise.reject(new Error('broken'))],
    [
      'throws at once',
      () => {
        throw new Error('broken');
      },
    ],
    ['never answers', () => new Promise(() => {})],
    ['answers nonsense', async () => ({ kind: 'answered' }) as unknown as InvitesAnswer],
  ];
  for (const [sentence, invites] of failing) {
    test(`that ${sentence} is asked again, and the join is answered`, async () => {
      const { clock, asked, join, controls, memory, reports } = await watching();
      controls.invites = invites;
      join(1);
      await clock.pass(ANSWER_WITHIN_MS + 1_000);
      assert.ok(reports.length > 0);
      controls.invites = null;
      const before = asked.length;
      await clock.pass(10 * 60_000);
      assert.ok(asked.length > before, 'the list is asked for again');
      assert.equal(memory.answers(GUILD).length, 1);
      join(2);
      await clock.pass(60_000);
      assert.equal(memory.answers(GUILD).at(-1)?.origin?.kind, 'invite');
    });
  }
});

describe('a store that fails', () => {
  const full = () => new Error('disk full');

  test('keeps the observations and is tried again, ever more slowly', async () => {
    const { clock, join, controls, reports, memory, tracker } = await watching();
    const at = clock.now();
    controls.commitFailures.push(full(), full(), full());
    join(1);
    const failedAt: number[] = [];
    for (let ms = 0; ms < 8_000; ms += 100) {
      if (reports.length > failedAt.length) failedAt.push(clock.now() - at);
      await clock.pass(100);
    }
    assert.deepEqual(failedAt, [100, 1_000, 3_000]);
    assert.deepEqual([...new Set(reports.map(({ kind }) => kind))], ['store-failed']);
    await clock.pass(60_000);
    assert.equal(memory.answers(GUILD).length, 1);
    assert.equal(tracker.health().failingGuilds, 0);
  });

  test('performs nothing twice', async () => {
    const { clock, join, controls, asked, steps } = await watching();
    controls.commitFailures.push(full(), full());
    join(1);
    await clock.pass(20_000);
    const joins = steps.flatMap(({ observations }) => observations).filter(isJoin);
    assert.equal(joins.length, 1);
    assert.equal(asked.filter(({ at }) => at === asked[0]?.at).length, 1);
  });

  test('that did commit and said otherwise makes no repeat of the join', async () => {
    let lies = 0;
    const { clock, join, memory } = await watching((ports) => ({
      ...ports,
      store: {
        ...ports.store,
        commit: async (step) => {
          await ports.store.commit(step);
          if (step.observations.some(isJoin) && lies++ === 0) throw new Error('connection lost');
        },
      },
    }));
    join(1);
    await clock.pass(60_000);
    assert.equal(lies, 2);
    const [answer] = memory.answers(GUILD);
    assert.equal(answer?.origin?.kind, 'invite');
  });

  test('a listener that throws costs neither the lookup nor the next join', async () => {
    const { clock, join, memory, reports } = await watching((ports) => ({
      ...ports,
      committed: () => {
        throw new Error('the screen is gone');
      },
    }));
    join(1);
    await clock.pass(60_000);
    join(2);
    await clock.pass(60_000);
    assert.equal(memory.answers(GUILD).length, 2);
    assert.deepEqual([...new Set(reports.map(({ kind }) => kind))], ['listener-threw']);
  });
});

test('a leave and a return in one batch are two joins', async () => {
  const { clock, observe, join, memory, use } = await watching();
  join(1);
  await clock.pass(60_000);
  const at = clock.now();
  observe({ kind: 'leave', at, userId: user(1) });
  use('a');
  observe(joined(user(1), at));
  await clock.pass(60_000);
  assert.equal(memory.answers(GUILD).length, 2);
});

test('a member who joins, leaves and returns in one batch has two rows', async () => {
  const { clock, observe, memory, use } = await watching();
  const at = clock.now();
  use('a');
  use('a');
  observe(joined(user(1), at));
  observe({ kind: 'leave', at: at + 1, userId: user(1) });
  observe(joined(user(1), at + 2_500));
  await clock.pass(60_000);
  assert.equal(memory.answers(GUILD).length, 2);
});

function isJoin({ kind }: Observation): boolean {
  return kind === 'join';
}

describe('the steps of a guild, one after another', () => {
  test('each begin with the very state that the last one ended with, whatever fails', async () => {
    const { clock, join, controls, steps } = await watching();
    controls.commitFailures.push(new Error('disk full'));
    join(1);
    await clock.pass(10_000);
    controls.invites = async () => ({ kind: 'answered' }) as unknown as InvitesAnswer;
    join(2);
    await clock.pass(60_000);
    assert.ok(steps.length > 6);
    steps.forEach(({ before, state }, index) => {
      if (index > 0) assert.equal(before, steps[index - 1]?.state);
      assert.notEqual(before, state);
    });
  });

  test('replay to the same answers, also where the engine could not take an answer', async () => {
    const { clock, join, controls, steps, reports } = await watching();
    controls.invites = async () => ({ kind: 'answered' }) as unknown as InvitesAnswer;
    join(1);
    await clock.pass(3_000);
    controls.invites = null;
    await clock.pass(60_000);
    assert.ok(reports.some(({ kind }) => kind === 'step-threw'));
    let state = steps[0]!.before;
    const replayed = steps.flatMap(({ observations }) =>
      observations.flatMap((observation) => {
        try {
          const taken = step(state, observation);
          state = taken.state;
          return taken.effects;
        } catch {
          return [];
        }
      }),
    );
    const answers = replayed.flatMap((each) => (each.kind === 'record' ? [each.attribution] : []));
    assert.deepEqual(
      answers,
      steps.flatMap(({ records }) => records),
    );
    assert.ok(answers.length > 0);
  });
});
