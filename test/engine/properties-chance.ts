/**
 * Decisions read off a tape of numbers. Cutting the tape or lowering a number makes every decision
 * simpler: an exhausted tape answers 0, and 0 always is the plainest choice. So fast-check shrinks
 * a journal by shrinking its tape.
 */
export interface Chance {
  /** An integer from 0 to `count - 1`. */
  below(count: number): number;
  /** True in so many percent of the cases; false is plainer. */
  maybe(percent: number): boolean;
  /** One of the list, the plainest first. */
  pick<Item>(items: readonly Item[]): Item;
  /** On the grid of 100 ms, both ends included. */
  between(fromMs: number, toMs: number): number;
}

const GRID_MS = 100;

export function chance(tape: readonly number[]): Chance {
  let position = 0;
  const below = (count: number) => (tape[position++] ?? 0) % count;
  return {
    below,
    maybe: (percent) => below(100) >= 100 - percent,
    pick: (items) => items[below(items.length)]!,
    between(fromMs, toMs) {
      const steps = Math.max(0, Math.floor((toMs - fromMs) / GRID_MS));
      return fromMs + GRID_MS * below(steps + 1);
    },
  };
}
