import { LIST_SPACING_MS } from '../engine/constants.ts';

/** Between two lists of one guild when the bot has a long queue. */
export const LONGEST_SPACING_MS = 2_000;
/** Open requests up to which the spacing stays at its shortest, and at which it is longest. */
const EASY_QUEUE = 25;
const LONG_QUEUE = 250;

/**
 * How far apart two lists of one guild must be, in milliseconds: 600 while the bot keeps up,
 * rising to 2 s with its queue, so that calls grow with time and not with joins.
 */
export function listSpacing(openRequests: number): number {
  const load = (openRequests - EASY_QUEUE) / (LONG_QUEUE - EASY_QUEUE);
  const part = Math.min(1, Math.max(0, load));
  return LIST_SPACING_MS + part * (LONGEST_SPACING_MS - LIST_SPACING_MS);
}

/** Slots for requests that no join waits for (first lists), evenly spread. */
export interface RefreshPace {
  readonly nextAt: number;
}

/** Hands out the free slots of a pace, one after another. */
export function slotsOf(now: () => number, perSecond: number): () => number {
  let pace: RefreshPace = { nextAt: 0 };
  return () => {
    const slot = takeSlot(pace, now(), perSecond);
    pace = slot.pace;
    return slot.at;
  };
}

/** The next free slot and the pace after taking it. */
export function takeSlot(
  pace: RefreshPace,
  now: number,
  perSecond: number,
): { readonly at: number; readonly pace: RefreshPace } {
  const at = Math.max(now, pace.nextAt);
  return { at, pace: { nextAt: at + 1000 / perSecond } };
}
