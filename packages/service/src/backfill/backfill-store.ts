import type { GuildId, SearchedMember } from 'wherefrom';

/** How far the look at members from before the bot has come in one guild. Times: ms since 1970. */
export interface BackfillJob {
  readonly guildId: GuildId;
  /**
   * `refused`: goes on once the bot's access to the guild is told anew. `stuck`: the search answers
   * in a way from which nothing can be read; `reason` says in which.
   */
  readonly state: 'running' | 'refused' | 'stuck' | 'done';
  readonly reason: string | null;
  /** Everybody who joined before this is done. */
  readonly since: number;
  /** Whoever joined after this was seen joining, or is looked for as somebody missed. */
  readonly until: number;
  /** How many joined until then, as the first answer told; null if it did not. */
  readonly total: number | null;
  /** How many of them were looked at, those included who had an answer already. */
  readonly done: number;
  /** Discord's record named how they came. */
  readonly reported: number;
  /** Discord has no record of how they came. */
  readonly noRecord: number;
  readonly startedAt: number;
  readonly endedAt: number | null;
}

/** What one page brings. */
export interface BackfillPage {
  readonly guildId: GuildId;
  readonly at: number;
  readonly members: readonly SearchedMember[];
  /** Where the next page begins; null: this was the last. */
  readonly next: number | null;
  readonly total: number | null;
}

/** The jobs of all guilds together. */
export interface BackfillTotals {
  readonly guilds: number;
  /** Of these: done, refused or stuck. */
  readonly ended: number;
  readonly done: number;
  readonly reported: number;
}

/** The jobs, and what they write. Each call is one transaction and may throw ServiceError. */
export interface BackfillStore {
  job(guildId: GuildId): BackfillJob | null;
  jobs(): readonly BackfillJob[];
  totals(): BackfillTotals;
  /** A job for everybody who joined before the guild was watched; null while it is not. */
  begin(guildId: GuildId, at: number): BackfillJob | null;
  /**
   * Writes a row for each member who has none, and where the job goes on: together or not at all.
   * Rows that are there stay as they are, and joins that the engine has still to answer are left
   * to it. No log line follows.
   */
  take(page: BackfillPage): BackfillJob | null;
  /** Ends a job, or lets one that had ended go on from where it was. */
  turn(guildId: GuildId, state: BackfillJob['state'], reason: string | null, at: number): void;
}
