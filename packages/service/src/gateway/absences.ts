import type { GapCause, GuildId } from 'wherefrom';

/** Since when, and why, a guild's events have not reached us. */
export interface Absence {
  readonly cause: GapCause;
  /** Ms since 1970; 0 where nobody knows. */
  readonly from: number;
}

/** The guilds that we do not hear at the moment. */
export class Absences {
  readonly #absences = new Map<GuildId, Absence & { readonly shardId: number }>();

  /** A guild that is absent already stays absent since then, for the first cause. */
  begin(guildId: GuildId, shardId: number, absence: Absence): void {
    if (!this.#absences.has(guildId)) this.#absences.set(guildId, { ...absence, shardId });
  }

  /** The bot was removed: whatever was the matter before, its return is what ends it. */
  removed(guildId: GuildId, shardId: number, at: number): void {
    const from = Math.min(this.#absences.get(guildId)?.from ?? at, at);
    this.#absences.set(guildId, { cause: 'removed', from, shardId });
  }

  /** What an earlier process stored. */
  restore(guildId: GuildId, shardId: number, absence: Absence): void {
    this.#absences.set(guildId, { ...absence, shardId });
  }

  of(guildId: GuildId): (Absence & { readonly shardId: number }) | null {
    return this.#absences.get(guildId) ?? null;
  }

  has(guildId: GuildId): boolean {
    return this.#absences.has(guildId);
  }

  /** The guild is back; what ended, or null if it was not absent. */
  end(guildId: GuildId): Absence | null {
    const absence = this.#absences.get(guildId);
    this.#absences.delete(guildId);
    return absence === undefined ? null : { cause: absence.cause, from: absence.from };
  }

  /**
   * The first moment from which any guild of the shard still misses events. A process that ended
   * now must go on from there: only the shard's time is stored, not that of each guild.
   */
  missingSince(shardId: number): number {
    let since = Number.POSITIVE_INFINITY;
    for (const absence of this.#absences.values()) {
      // A guild we were removed from counts as first seen when it returns.
      if (absence.shardId !== shardId || absence.cause === 'removed') continue;
      since = Math.min(since, absence.from);
    }
    return since;
  }
}

/** What is known when a guild arrives. */
export interface Arrived {
  /** What just ended, if this process knew the guild to be absent. */
  readonly absence: Absence | null;
  /** The store knows the guild. */
  readonly known: boolean;
  /** When the bot was added, by Discord's record. */
  readonly addedAt: number | null;
}

/**
 * The gap that a guild's arrival closes. A guild that the store does not know has no past. One
 * that it knows and that was not expected, or that was added since we were last alive, was removed
 * in between, and nobody knows when.
 */
export function gapOf({ absence, known, addedAt }: Arrived): Absence {
  if (!known) return { cause: 'first-start', from: 0 };
  if (absence === null) return { cause: 'removed', from: 0 };
  const addedSince = absence.cause === 'restart' && addedAt !== null && addedAt > absence.from;
  return addedSince ? { cause: 'removed', from: 0 } : absence;
}
