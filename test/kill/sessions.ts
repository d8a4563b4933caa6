import type { Emulator } from '@wherefrom/emulator';
import type { Losses } from './losses.ts';
import { type StoredSession, storedSessions } from './records.ts';

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
    for (let shardId = 0; shardId < shards; shardId += 1) losses.begin('before', { shardId }, 0);
  }

  /** The next process can resume all shards, and begins no new session. */
  get areResumable(): boolean {
    const begun = storedSessions(this.#path).filter((session) => this.#begunAt(session) !== null);
    return begun.length === this.#shards;
  }

  /** A process ended: each session that it stored ends the loss before it in its own shard. */
  died(startedAtMs: number): void {
    for (const session of storedSessions(this.#path)) {
      const { shardId } = session;
      const begunAt = this.#begunAt(session);
      if (begunAt === null) continue;
      this.#losses.end('before', { shardId }, begunAt);
      this.#losses.end('session', { shardId }, begunAt);
      for (const { guildId, isHere } of session.guilds) {
        if (isHere) this.#losses.wasTold(guildId, startedAtMs);
        else this.#losses.remainsUntold(guildId);
      }
    }
  }

  /**
   * Ends the sessions, while nothing runs: what they still held is lost. That is what came after
   * the event that the session was stored with, and in a guild that went on after the last event
   * that the guild itself was stored with.
   */
  end(): void {
    const stored = new Map(storedSessions(this.#path).map((one) => [one.shardId, one]));
    for (let shardId = 0; shardId < this.#shards; shardId += 1) {
      const session = stored.get(shardId);
      const { from, later } = session ? this.#lostOf(session) : { from: Date.now() };
      this.#losses.begin('session', { shardId }, from, later);
    }
    this.#emulator.invalidate();
  }

  #lostOf({ sessionId, sequence, guilds }: StoredSession) {
    const after = (event: number): number =>
      this.#emulator.keptAfter(sessionId, event)[0]?.atMs ?? Date.now();
    const ahead = guilds.filter((guild) => guild.sequence > sequence);
    const later = new Map(ahead.map((guild) => [guild.guildId, after(guild.sequence)]));
    return { from: after(sequence), later };
  }

  /** When the session began; null if it is no more. */
  #begunAt({ sessionId }: StoredSession): number | null {
    return this.#emulator.keptAfter(sessionId, 0)[0]?.atMs ?? null;
  }
}

interface WatchOptions {
  /** The database of the service. */
  readonly path: string;
  readonly shards: number;
}
