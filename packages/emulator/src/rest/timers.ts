/** Timers that can be called off together. */
export class Timers {
  readonly #timers = new Set<NodeJS.Timeout>();

  /** Runs later; with no delay now, in this very tick. */
  after(delayMs: number, run: () => void): void {
    if (delayMs <= 0) {
      run();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, delayMs);
    this.#timers.add(timer);
  }

  /** Calls all of them off. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
