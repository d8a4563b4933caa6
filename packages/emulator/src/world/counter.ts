/**
 * A use count with its recent past, so that a slow replica can answer with what was true
 * a moment ago.
 */
export type Counter = {
  uses: number;
  /** Earlier values, oldest first: `uses` was the value until `untilMs`. */
  past: { untilMs: number; uses: number }[];
};

const REMEMBERED_MS = 120_000;
const PRUNE_AT = 64;

/** A counter that has always stood at `uses`. */
export function createCounter(uses: number): Counter {
  return { uses, past: [] };
}

/** Moves a counter to a new value from `atMs` on. */
export function setCounter(counter: Counter, uses: number, atMs: number): void {
  counter.past.push({ untilMs: atMs, uses: counter.uses });
  counter.uses = uses;
  // Dropping only when half is old keeps the cost per use constant.
  const middle = counter.past[counter.past.length >> 1]!;
  if (counter.past.length < PRUNE_AT || middle.untilMs > atMs - REMEMBERED_MS) return;
  counter.past.splice(0, counter.past.length >> 1);
}

/** The value a reader saw at `atMs`; the oldest known value for times before memory. */
export function usesAt(counter: Counter, atMs: number): number {
  // The newest step is the usual answer, so look from the end.
  let uses = counter.uses;
  for (let index = counter.past.length - 1; index >= 0; index -= 1) {
    const step = counter.past[index]!;
    if (step.untilMs <= atMs) break;
    uses = step.uses;
  }
  return uses;
}
