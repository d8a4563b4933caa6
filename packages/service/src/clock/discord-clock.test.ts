import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { DiscordClock } from './discord-clock.ts';

const T = 1_800_000_000_000;
const DAY = 24 * 3_600_000;
let local = T;

// Timers and our own time move together.
function pass(ms: number): void {
  const step = 1_000;
  for (let left = ms; left > 0; left -= step) {
    local += Math.min(step, left);
    mock.timers.tick(Math.min(step, left));
  }
}

beforeEach((context) => {
  local = T;
  mock.timers.enable({ apis: ['setTimeout'] });
  if ('after' in context) context.after(() => mock.timers.reset());
});

const clockWith = (onDoubt?: (jumpMs: number) => void) =>
  new DiscordClock({ localTime: () => local, ...(onDoubt ? { onDoubt } : {}) });
const atOffset = (offset: number) => ({
  sentAt: local,
  answeredAt: local + 10,
  date: Math.floor((local + 5 + offset) / 1000) * 1000,
});

test('without any answer the machine is believed', () => {
  const clock = clockWith();
  assert.equal(clock.now(), T);
  assert.deepEqual(clock.state(), {
    offsetMs: 0,
    errorMs: Number.POSITIVE_INFINITY,
    known: false,
  });
});

test('an answer corrects a machine that is wrong', () => {
  const clock = clockWith();
  clock.sample(atOffset(7_200_000));
  assert.ok(Math.abs(clock.now() - (T + 7_200_000)) <= 600);
});

test('time stands still rather than going back a little', () => {
  const clock = clockWith();
  const before = clock.now();
  clock.sample(atOffset(-900));
  assert.equal(clock.now(), before);
});

test('a wake comes once, not before its time, and not when withdrawn', () => {
  const clock = clockWith();
  const woken: string[] = [];
  clock.schedule(T + 5_000, () => woken.push('first'));
  clock.schedule(T + 5_000, () => woken.push('second'))();
  pass(4_000);
  assert.deepEqual(woken, []);
  pass(1_000);
  pass(60_000);
  assert.deepEqual(woken, ['first']);
});

test('a wake may lie further away than a timer can count', () => {
  const clock = clockWith();
  let woken = 0;
  clock.schedule(T + 40 * DAY, () => {
    woken = clock.now();
  });
  pass(40 * DAY - 1_000);
  assert.equal(woken, 0);
  pass(2_000);
  assert.ok(woken >= T + 40 * DAY);
});

test('wakes follow a clock that is corrected', () => {
  const clock = clockWith();
  let woken = false;
  clock.schedule(T + 3_600_000, () => {
    woken = true;
  });
  clock.sample(atOffset(3_600_000 + 2_000));
  pass(1_000);
  assert.equal(woken, true);
});

test('a jump beyond e raises a doubt, a smaller one does not', () => {
  const jumps: number[] = [];
  const clock = clockWith((jumpMs) => jumps.push(jumpMs));
  for (let i = 0; i < 20; i += 1, local += 1_037) clock.sample(atOffset(0));
  assert.deepEqual(jumps, []);
  clock.sample(atOffset(450));
  assert.deepEqual(jumps, []);
  clock.sample(atOffset(30_000));
  assert.equal(jumps.length, 1);
});

test('a closed clock wakes nobody', () => {
  const clock = clockWith();
  clock.schedule(T + 1_000, () => assert.fail('woken'));
  clock.close();
  pass(5_000);
});
