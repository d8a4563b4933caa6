import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bestOffset, type ClockOffset, narrowed, worstError } from './clock-offset.ts';

/** An answer of a server whose clock is `offset` ahead of ours. */
function answer(offset: number, sentAt: number, out: number, back: number) {
  const server = sentAt + out + offset;
  return { sentAt, answeredAt: sentAt + out + back, date: Math.floor(server / 1000) * 1000 };
}

function after(samples: readonly ReturnType<typeof answer>[]): ClockOffset {
  let known: ClockOffset | null = null;
  for (const sample of samples) known = narrowed(known, sample).offset;
  assert.ok(known);
  return known;
}

const T = 1_800_000_000_000;

test('one answer leaves a second of doubt, and the machine is believed while it may be right', () => {
  const known = after([answer(0, T + 400, 20, 20)]);
  assert.deepEqual([known.low, known.high], [-440, 650]);
  assert.equal(bestOffset(known), 0);
  assert.equal(worstError(known, T + 440), 650);
});

test('a machine that is surely wrong is corrected at once', () => {
  const known = after([answer(60_000, T, 20, 20)]);
  assert.ok(Math.abs(bestOffset(known) - 60_000) <= 550);
});

test('answers at other fractions of the second narrow the doubt to the time of one request', () => {
  const known = after(Array.from({ length: 40 }, (_, i) => answer(3_000, T + i * 1_025, 20, 20)));
  assert.ok(known.high - known.low < 130, `${known.high - known.low}`);
  assert.ok(Math.abs(bestOffset(known) - 3_000) <= 500);
});

test('what is not refreshed gets vaguer', () => {
  const known = after([
    answer(0, T + 10, 5, 5),
    answer(0, T + 500, 5, 5),
    answer(0, T + 900, 5, 5),
  ]);
  const fresh = worstError(known, T + 905);
  assert.ok(worstError(known, T + 24 * 3_600_000) > fresh + 4_000);
});

test('a clock that jumps starts the estimate anew', () => {
  const before = after([answer(0, T, 5, 5), answer(0, T + 500, 5, 5)]);
  const { offset, jumpMs } = narrowed(before, answer(10_000, T + 60_000, 5, 5));
  assert.ok(jumpMs > 8_500, `${jumpMs}`);
  assert.ok(Math.abs(bestOffset(offset) - 10_000) <= 550);
});

test('the interval always holds the true offset, and the error is never larger than it says', () => {
  const request = fc.record({
    gap: fc.integer({ min: 1, max: 90_000 }),
    out: fc.nat(3_000),
    back: fc.nat(3_000),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: -1e7, max: 1e7 }),
      fc.array(request, { minLength: 1 }),
      (truth, requests) => {
        let now = T;
        let known: ClockOffset | null = null;
        for (const { gap, out, back } of requests) {
          const sample = answer(truth, now + gap, out, back);
          now = sample.answeredAt;
          const narrowing = narrowed(known, sample);
          known = narrowing.offset;
          assert.equal(narrowing.jumpMs, 0);
          assert.ok(known.low <= truth && truth <= known.high);
          assert.ok(Math.abs(bestOffset(known) - truth) <= worstError(known, now));
        }
      },
    ),
  );
});
