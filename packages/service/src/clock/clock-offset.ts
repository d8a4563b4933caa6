/**
 * How far Discord's clock is ahead of ours, as an interval that surely holds it. Pure arithmetic.
 *
 * A `Date` header says D, in whole seconds: at some moment between request and answer Discord's
 * clock stood in [D, D + 1 s). With our times s and r that puts the offset between D - r and
 * D + 1 s - s. One answer leaves a second of doubt; answers at other fractions of the second cut it
 * down to about the time of one request.
 */
export interface ClockOffset {
  /** Milliseconds: Discord's clock minus ours is at least `low` and at most `high`. */
  readonly low: number;
  readonly high: number;
  /** Our time of the last answer that was used. */
  readonly at: number;
}

/** One answer: our times around it (ms), and its `Date` header (ms, a whole second). */
export interface DateSample {
  readonly sentAt: number;
  readonly answeredAt: number;
  readonly date: number;
}

/** The `Date` of an answer may be this much behind: servers write it once a second, and a bit late. */
const STALE_DATE_MS = 50;
/** How much two clocks may part per millisecond: 50 ppm, a bad quartz that nothing corrects. */
const DRIFT = 50e-6;
/** An offset that is surely no more wrong than this is known well enough (A6, e). */
export const KNOWN_WITHIN_MS = 500;

/** What a sample did to the estimate. */
export interface Narrowing {
  readonly offset: ClockOffset;
  /** How far a clock must have jumped to explain both; 0 if they agree. */
  readonly jumpMs: number;
}

/**
 * Takes a sample into the estimate. Where the two exclude each other a clock has jumped (or a
 * machine has slept): the estimate starts anew from the sample alone.
 */
export function narrowed(known: ClockOffset | null, sample: DateSample): Narrowing {
  const fresh: ClockOffset = {
    low: sample.date - sample.answeredAt,
    high: sample.date + 1000 + STALE_DATE_MS - sample.sentAt,
    at: sample.answeredAt,
  };
  if (known === null) return { offset: fresh, jumpMs: 0 };
  const wide = drifted(known, sample.answeredAt);
  const low = Math.max(wide.low, fresh.low);
  const high = Math.min(wide.high, fresh.high);
  if (low <= high) return { offset: { low, high, at: fresh.at }, jumpMs: 0 };
  return { offset: fresh, jumpMs: low - high };
}

/** The estimate as it stands at our time `now`: older knowledge is vaguer. */
export function drifted(offset: ClockOffset, now: number): ClockOffset {
  const slack = Math.max(0, now - offset.at) * DRIFT;
  return { low: offset.low - slack, high: offset.high + slack, at: offset.at };
}

/**
 * The offset to use: 0 while the machine may be right, because most machines keep good time and a
 * clock that follows every sample hops; else the middle of what is possible.
 */
export function bestOffset({ low, high }: ClockOffset): number {
  return low <= 0 && high >= 0 ? 0 : (low + high) / 2;
}

/** How wrong `bestOffset` can be at our time `now`. */
export function worstError(offset: ClockOffset, now: number): number {
  const best = bestOffset(offset);
  const { low, high } = drifted(offset, now);
  return Math.max(high - best, best - low);
}
