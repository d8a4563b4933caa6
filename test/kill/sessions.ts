import type { Emulator } from '@wherefrom/emulator';
import type { Losses } from './losses.ts';
import { storedSessions } from './records.ts';

/** Which gateway sessions the next process can go on with, and what is lost where it cannot. */
export class SessionWatch {
  readonly #emulator: Emulator;
  readonly #losses: Losses;
  readonly #path: string;
  readonly #shards: number;

  constructor(emulator: Emulator, losses: Losses, { path, shards }: WatchOptions) {
    this.#emulator = emulator;
    this.#losses = losses;
    this.#path = path;
    this.#shards = shards;
    losses.begin('before', null, 0);
  }

  /** When the last of the stored sessions began; null unless all shards can be resumed. */
  get resumableSinceMs(): number | null {
    const begun = storedSessions(this.#path).flatMap(
      ({ sessionId }) => this.#emulator.keptAfter(sessionId, 0)[0]?.atMs ?? [],
    );
    return begun.length === this.#shards ? Math.max(...begun) : null;
  }

  /** A process ended: sessions that it stored end the loss before them. */
  died(): void {
    const since = this.resumableSinceMs;
    if (since === null) return;
    this.#losses.end('before', null, since);
    this.#losses.end('session', null, since);
  }

  /** Ends the sessions that are stored, while nothing runs: what they still held is lost. */
  end(): void {
    const lost = storedSessions(this.#path).flatMap(
      ({ sessionId, sequence }) => this.#emulator.keptAfter(sessionId, sequence)[0]?.atMs ?? [],
    );
    this.#losses.begin('session', null, Math.min(Date.now(), ...lost));
    this.#emulator.invalidate();
  }
}

interface WatchOptions {
  /** The database of the service. */
  readonly path: string;
  readonly shards: number;
}
