/** Chance by seed: the same seed tells the same story (mulberry32). */
export interface Chance {
  /** From 0 up to, not including, 1. */
  next(): number;
  pick<Item>(items: readonly Item[]): Item;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
}

export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    pick: (items) => items[Math.floor(next() * items.length)]!,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
  };
}

/** Any text, a commit for example, as a seed: its FNV-1a hash, or the number that it is. */
export function seedFrom(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193) >>> 0;
  return hash;
}
