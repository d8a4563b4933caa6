import { DiscordClock } from '../../packages/service/src/clock/discord-clock.ts';
import type { EventQueue } from './event-queue.ts';

export interface SimulatedClockOptions {
  readonly queue: EventQueue;
  /** How far the machine's own clock is ahead of Discord's, in ms. */
  readonly errorMs: () => number;
  readonly onDoubt: (jumpMs: number) => void;
}

/**
 * The service's own clock, offset and all, on simulated time: only the machine's time and its
 * timers are replaced.
 */
export class SimulatedClock extends DiscordClock {
  readonly #queue: EventQueue;
  readonly #errorMs: () => number;
  readonly #planned = new Set<() => void>();
  #dead = false;

  constructor({ queue, errorMs, onDoubt }: SimulatedClockOptions) {
    super({ localTime: () => queue.now + errorMs(), onDoubt });
    this.#queue = queue;
    this.#errorMs = errorMs;
  }

  /** What this clock says at a moment of Discord's. */
  atDiscord(timeMs: number): number {
    return this.atLocal(timeMs + this.#errorMs());
  }

  /** How many appointments the process has. */
  get waiting(): number {
    return this.#planned.size;
  }

  override schedule(at: number, wake: () => void): () => void {
    if (this.#dead) return () => {};
    let withdraw = (): void => {};
    const forget = (): void => {
      withdraw();
      this.#planned.delete(forget);
    };
    const arm = (): void => {
      const waitMs = Math.max(0, Math.ceil(at - this.now()));
      withdraw = this.#queue.after(waitMs, () => {
        if (this.now() < at) return arm();
        forget();
        wake();
      });
    };
    this.#planned.add(forget);
    arm();
    return forget;
  }

  /** The process is gone: nothing that it planned happens. */
  override close(): void {
    this.#dead = true;
    for (const forget of [...this.#planned]) forget();
  }
}
