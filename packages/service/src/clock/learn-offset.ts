import type { DiscordClock } from './discord-clock.ts';

const TRIES = 8;
/** Half of e: then a machine that keeps good time need not be corrected at all. */
const ENOUGH_MS = 250;
/** No divisor of a second: each answer falls on another fraction of it. */
const SPACING_MS = 170;

/**
 * Asks for answers with a `Date` until the offset is known well. Five or six do; without a network
 * it gives up, and ordinary requests go on narrowing the estimate.
 */
export async function learnOffset(
  clock: DiscordClock,
  probe: () => Promise<unknown>,
  pause: (delayMs: number) => Promise<void>,
): Promise<boolean> {
  for (let tried = 0; tried < TRIES && clock.state().errorMs > ENOUGH_MS; tried += 1) {
    if (tried > 0) await pause(SPACING_MS);
    await probe();
  }
  return clock.state().known;
}
