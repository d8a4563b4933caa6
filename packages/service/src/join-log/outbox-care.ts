import type { Clock } from 'wherefrom';
import type { OutboxStore } from './outbox-store.ts';

const NAMES_AFTER_MS = 60_000;
const DAY_MS = 86_400_000;
/** After this long no evidence edits a line any more. */
const KEPT_MS = 30 * DAY_MS;

/** Erases what the outbox needs no longer: names within minutes, lines after a month. */
export class OutboxCare {
  readonly #clock: Clock;
  readonly #store: OutboxStore;
  readonly #failed: (cause: unknown) => void;
  #withdrawNames: (() => void) | null = null;
  #withdrawForget: (() => void) | null = null;

  constructor(clock: Clock, store: OutboxStore, failed: (cause: unknown) => void) {
    this.#clock = clock;
    this.#store = store;
    this.#failed = failed;
  }

  start(): void {
    this.#forget();
    this.stirred();
  }

  /** There may be names to erase in a while. */
  stirred(): void {
    this.#withdrawNames ??= this.#clock.schedule(this.#clock.now() + NAMES_AFTER_MS, () => {
      this.#withdrawNames = null;
      this.#eraseNames();
    });
  }

  stop(): void {
    this.#withdrawNames?.();
    this.#withdrawForget?.();
  }

  #eraseNames(): void {
    try {
      if (this.#store.eraseNames(this.#clock.now()) > 0) this.stirred();
    } catch (cause) {
      this.#failed(cause);
      this.stirred();
    }
  }

  #forget(): void {
    const now = this.#clock.now();
    try {
      this.#store.forget(now - KEPT_MS);
    } catch (cause) {
      this.#failed(cause);
    }
    this.#withdrawForget = this.#clock.schedule(now + DAY_MS, () => this.#forget());
  }
}
