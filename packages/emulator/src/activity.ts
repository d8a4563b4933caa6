/** How long and for what to wait. */
export type WaitOptions = {
  /** Milliseconds after which the wait is a failure. Default 20,000. */
  readonly timeoutMs?: number;
};

/** How quiet it must be. */
export type SettledOptions = WaitOptions & {
  /** Milliseconds without a request or an event. Default 50. */
  readonly idleMs?: number;
};

const DEFAULT_TIMEOUT_MS = 20_000;
const DEFAULT_IDLE_MS = 50;

/**
 * Watches what is under way, so that nobody has to sleep: waits are re-examined when
 * something happens, never by polling.
 */
export class Activity {
  #open = 0;
  #lastAtMs = performance.now();
  readonly #watchers = new Set<() => void>();
  readonly #closers = new Set<(reason: Error) => void>();

  /** Something starts that must end before all is quiet. */
  begin(): void {
    this.#open += 1;
    this.touch();
  }

  /** Something that began has ended. */
  end(): void {
    this.#open -= 1;
    this.touch();
  }

  /** Something happened. */
  touch(): void {
    this.#lastAtMs = performance.now();
    for (const watcher of this.#watchers) watcher();
  }

  /** What is still under way, for error messages. */
  get open(): number {
    return this.#open;
  }

  /** Resolves once nothing is under way and nothing has happened for `idleMs`. */
  settled(options: SettledOptions = {}): Promise<void> {
    const idleMs = options.idleMs ?? DEFAULT_IDLE_MS;
    return this.#watch(options, 'settled', (again) => {
      if (this.#open > 0) return false;
      const quietMs = performance.now() - this.#lastAtMs;
      if (quietMs >= idleMs) return true;
      again(idleMs - quietMs);
      return false;
    });
  }

  /** Resolves once the predicate holds; it is asked again after each request and message. */
  waitFor(predicate: () => boolean, options: WaitOptions = {}): Promise<void> {
    return this.#watch(options, `waitFor ${predicate.toString()}`, predicate);
  }

  /** Fails every wait that is still open. */
  close(): void {
    for (const closer of this.#closers) closer(new Error('the emulator was closed'));
  }

  #watch(
    options: WaitOptions,
    what: string,
    holds: (again: (afterMs: number) => void) => boolean,
  ): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let timer: NodeJS.Timeout | undefined;
    const again = (afterMs: number): void => {
      clearTimeout(timer);
      timer = setTimeout(look, Math.ceil(afterMs));
    };
    const finish = (error?: Error): void => {
      clearTimeout(timer);
      clearTimeout(deadline);
      this.#watchers.delete(look);
      this.#closers.delete(finish);
      if (error === undefined) resolve();
      else reject(error);
    };
    const look = (): void => {
      try {
        if (holds(again)) finish();
      } catch (error) {
        finish(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const deadline = setTimeout(
      () => finish(new Error(`${what}: not after ${timeoutMs} ms (${this.#open} under way)`)),
      timeoutMs,
    );
    this.#watchers.add(look);
    this.#closers.add(finish);
    look();
    return promise;
  }
}
