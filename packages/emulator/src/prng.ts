/** A seeded source of chance: the same seed gives the same draws on every machine. */
export type Prng = {
  /** The next number in [0, 1). */
  next(): number;
  /** A number in [range[0], range[1]); the bound itself when both are equal. */
  between(range: readonly [number, number]): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One entry; throws on an empty list. */
  pick<T>(entries: readonly T[]): T;
};

/**
 * A small generator in the splitmix family: 32 bits of state, one multiply-mix per draw.
 * Good enough for scenarios, not for secrets.
 */
export function createPrng(seed: number): Prng {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 0x1_0000_0000;
  };
  return {
    next,
    between: ([low, high]) => low + next() * (high - low),
    chance: (probability) => next() < probability,
    pick: (entries) => {
      const entry = entries[Math.floor(next() * entries.length)];
      if (entry === undefined) throw new RangeError('pick from an empty list');
      return entry;
    },
  };
}
