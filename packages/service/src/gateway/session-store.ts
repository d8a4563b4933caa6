import type { SessionInfo } from '@discordjs/ws';
import type { StoredSession } from './resume-rows.ts';

/** Sessions are worth about this long to Discord; a try to resume one beyond costs nothing much. */
const KEEP_MS = 2 * 60_000;

/**
 * What the gateway library remembers of each shard's session. Synchronous, because the library
 * waits for it before every event (with a slow one events overtake each other).
 *
 * The library drops a session when the network fails while it reconnects, and events are lost that
 * a resume would have brought. This store keeps it for two minutes of such failures.
 */
export class SessionStore {
  readonly #now: () => number;
  readonly #sessions = new Map<number, SessionInfo>();
  readonly #failingSince = new Map<number, number>();

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Sessions of an earlier process: the first connections resume them. */
  restore(sessions: readonly StoredSession[]): void {
    for (const { shardId, sessionId, sequence, shardCount, resumeUrl } of sessions) {
      const resumeURL = resumeUrl;
      this.#sessions.set(shardId, { shardId, sessionId, sequence, shardCount, resumeURL });
    }
  }

  retrieve(shardId: number): SessionInfo | null {
    return this.#sessions.get(shardId) ?? null;
  }

  update(shardId: number, session: SessionInfo | null): void {
    if (session !== null) this.#sessions.set(shardId, session);
    else if (!this.#mayResume(shardId)) this.#sessions.delete(shardId);
  }

  /** No connection could be made, or it broke without a word. */
  networkFailed(shardId: number): void {
    if (!this.#failingSince.has(shardId)) this.#failingSince.set(shardId, this.#now());
  }

  /** The gateway answered: what it says of the session from now on counts. */
  reached(shardId: number): void {
    this.#failingSince.delete(shardId);
  }

  #mayResume(shardId: number): boolean {
    const since = this.#failingSince.get(shardId);
    return since !== undefined && this.#now() - since < KEEP_MS;
  }
}
