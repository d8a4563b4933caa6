import { createPrng, type Prng } from '@wherefrom/emulator';

/** A source of chance for one thing, the same whatever else happens: so a story can be shortened. */
export type ChanceOf = (name: string) => Prng;

/** Each name of a seed has its own source. */
export function chanceOf(seed: number): ChanceOf {
  return (name) => createPrng(mixed(seed, name));
}

/** A number of 32 bits from a seed and a text (FNV-1a, then a final mix). */
export function mixed(seed: number, text: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** An integer from `low` to `high`, both included. */
export function integer(prng: Prng, low: number, high: number): number {
  return low + Math.floor(prng.next() * (high - low + 1));
}

/** The time to the next event of a Poisson process. */
export function pause(prng: Prng, meanMs: number): number {
  return Math.round(-Math.log(1 - prng.next()) * meanMs);
}

/** One of several things, each as likely as its weight. */
export function weighted<T>(prng: Prng, choices: readonly (readonly [weight: number, T])[]): T {
  let left = prng.next() * choices.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, choice] of choices) {
    left -= weight;
    if (left < 0) return choice;
  }
  return choices.at(-1)![1];
}
