import type { Clock } from './ports.ts';

/** A clock that stands still until it is told: for tests. */
export class ManualClock implements Clock {
  #now = 1_800_000_000_000;
  readonly #settled: () => Promise<unknown>;
  readonly #wakes = new Set<{ readonly at: number; readonly wake: () => void }>();

  /** `settled` lets every promise that can go on do so: `setImmediate`, where there is one. */
  constructor(settled: () => Promise<unknown>) {
    this.#settled = settled;
  }

  now(): number {
    return this.#now;
  }

  schedule(at: number, wake: () => void): () => void {
    const entry = { at, wake };
    this.#wakes.add(entry);
    return () => this.#wakes.delete(entry);
  }

  /** How many wakes are due later. */
  get waiting(): number {
    return this.#wakes.size;
  }

  /** Lets so much time pass, wake by wake, with all that follows from each before the next. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    await this.#settled();
    for (;;) {
      const next = this.#next();
      if (next === null || next.at > until) break;
      this.#wakes.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.wake();
      await this.#settled();
    }
    this.#now = until;
    await this.#settled();
  }

  #next() {
    let first: { readonly at: number; readonly wake: () => void } | null = null;
    for (const entry of this.#wakes) if (first === null || entry.at < first.at) first = entry;
    return first;
  }
}
