import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Activity } from './activity.ts';

test('settled waits for what is under way, and then for quiet', async () => {
  const activity = new Activity();
  const order: string[] = [];
  activity.begin();
  const settled = activity.settled({ idleMs: 0 }).then(() => order.push('settled'));
  setImmediate(() => {
    order.push('ended');
    activity.end();
  });
  await settled;
  assert.deepEqual(order, ['ended', 'settled']);
});

test('waitFor asks again whenever something happens, and says what it waited for', async () => {
  const activity = new Activity();
  let isDone = false;
  const done = activity.waitFor(() => isDone);
  isDone = true;
  activity.touch();
  await done;
  await assert.rejects(
    activity.waitFor(() => false, { timeoutMs: 1 }),
    /\(\) => false.*not after 1 ms/,
  );
});

test('a predicate that throws fails the wait, and closing fails all waits', async () => {
  const activity = new Activity();
  const thrown = (): boolean => {
    throw new TypeError('odd');
  };
  await assert.rejects(activity.waitFor(thrown), TypeError);
  const waiting = activity.waitFor(() => false);
  activity.close();
  await assert.rejects(waiting, /closed/);
});
