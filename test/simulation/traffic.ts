import type { Prng } from '@wherefrom/emulator';
import { integer, pause, weighted } from './chance.ts';

/** When people come: ms after the start, rising. */
export type Traffic = (prng: Prng, count: number) => number[];

/** The first people come while the bot still reads its first lists. */
const OPENING_MS = 2_000;

/** One every `meanMs`, each for itself. */
export const poisson =
  (meanMs: number): Traffic =>
  (prng, count) => {
    let at = OPENING_MS;
    return Array.from({ length: count }, () => {
      at += pause(prng, meanMs);
      return at;
    });
  };

/** `size` people within `spanMs`, then `pauseMs` of nothing, each about that. */
export const bursts =
  (size: number, spanMs: number, pauseMs: number): Traffic =>
  (prng, count) => {
    const times: number[] = [];
    let at = OPENING_MS;
    while (times.length < count) {
      at += pause(prng, pauseMs);
      const people = Math.min(count - times.length, integer(prng, 1, 2 * size - 1));
      for (let index = 0; index < people; index += 1) {
        times.push(at + integer(prng, 0, spanMs));
      }
      at += spanMs;
    }
    return times.sort((a, b) => a - b);
  };

/** Everything from a sleepy place to a raid. */
export function drawTraffic(prng: Prng): Traffic {
  return weighted<Traffic>(prng, [
    [2, poisson(60_000)],
    [3, poisson(12_000)],
    [3, poisson(3_000)],
    [4, bursts(3, 2_000, 15_000)],
    [3, bursts(8, 6_000, 40_000)],
    [1, bursts(60, 12_000, 90_000)],
  ]);
}
