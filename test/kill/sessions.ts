import type { Emulator } from '@wherefrom/emulator';
import type { Losses } from './losses.ts';
import { storedSession } from './records.ts';

/** Which gateway session the next process can go on with, and what is lost where there is none. */
export class SessionWatch {
  readonly #emulator: Emulator;
  readonly #losses: Losses;
  readonly #path: string;

  constructor(emulator: Emulator, losses: Losses, path: string) {
    this.#emulator = emulator;
    this.#losses = losses;
    this.#path = path;
    losses.begin('before', null, 0);
  }

  /** When the stored session began; null if there is none that can be resumed. */
  get resumableSinceMs(): number | null {
    const stored = storedSession(this.#path);
    if (stored === null) return null;
    const [ready] = this.#emulator.keptAfter(stored.sessionId, 0);
    return ready?.atMs ?? null;
  }

  /** A process ended: a session that it stored ends the loss before it. */
  died(): void {
    const since = this.resumableSinceMs;
    if (since === null) return;
    this.#losses.end('before', null, since);
    this.#losses.end('session', null, since);
  }

  /** Ends the session that is stored, while nothing runs: what it still held is lost. */
  end(): void {
    const stored = storedSession(this.#path);
    if (stored === null) return;
    const [first] = this.#emulator.keptAfter(stored.sessionId, stored.sequence);
    this.#losses.begin('session', null, first?.atMs ?? Date.now());
    this.#emulator.invalidate();
  }
}
