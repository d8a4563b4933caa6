import type { GuildId, GuildStep, Receipt, UserId } from 'wherefrom';
import type { Absence } from './absences.ts';

/** The gateway session of a shard, as a restart needs it. */
export interface StoredSession {
  readonly shardId: number;
  readonly sessionId: string;
  readonly resumeUrl: string;
  readonly shardCount: number;
  /** Our own user id. */
  readonly me: UserId;
  /** Every event up to this one is taken in for good. */
  readonly sequence: number;
  /** When that was stored. */
  readonly at: number;
}

/** What is stored of a guild beside what its engine knows. */
export interface DirectoryRow {
  readonly guildId: GuildId;
  readonly shardId: number;
  /** What the directory knows, as text; null for a guild that was announced and has not come. */
  readonly entry: string | null;
  readonly absence: Absence | null;
}

export interface StoredGuild extends DirectoryRow {
  readonly members: number | null;
  /** The last event of its shard's session that the guild's steps hold; 0 if none. */
  readonly sequence: number;
}

/**
 * Keeps sessions, and of each guild what a resumed session does not tell again. `put` and `advance`
 * are part of the transaction they are called in.
 */
export interface ResumeRows {
  sessions(): readonly StoredSession[];
  guilds(): readonly StoredGuild[];
  /** Guilds whose engine waits for something: after a restart nothing else would wake them. */
  unfinished(): readonly GuildId[];
  /**
   * A new session: one transaction, and with it all guilds of the shard. A shard that never had one
   * has heard all from its moment on, but for what a gap names.
   */
  begin(session: StoredSession, guilds: readonly DirectoryRow[]): void;
  /** All in one transaction. */
  together(work: () => void): void;
  put(row: DirectoryRow): void;
  remove(guildId: GuildId): void;
  /**
   * Up to which event the guild's steps and the shard's whole session are taken in. A guild may
   * come to that before its row: its entry is stored only once nothing of it is under way.
   */
  advanceGuild(guildId: GuildId, last: Receipt, members: number | null): void;
  advanceSession(session: Pick<StoredSession, 'shardId' | 'sessionId' | 'sequence' | 'at'>): void;
}

/** Takes part in the transaction of each guild step. */
export interface StepFollower {
  /** Within the transaction; may be called again for the same step if it failed. */
  write(step: GuildStep): void;
  /** The transaction was committed. */
  finished(step: GuildStep): void;
}
