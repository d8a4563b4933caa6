import type { GuildId } from 'wherefrom';

/** Member search that seems to be withdrawn is left alone for this long. */
const WITHDRAWN_MS = 24 * 60 * 60_000;
/** So many guilds that refuse it though the bot may manage them: then it is not about the guilds. */
const REFUSING_GUILDS = 3;

/**
 * Whether member search may be used at all: Discord can restrict or withdraw it at any time (Q29).
 * Pure: times come in.
 *
 * In memory only. A restart asks once more, and one answer (or three refusals) teaches it again;
 * and a restart is how an operator says: try again. That a guild refused is in the guild's state.
 */
export class SearchBreaker {
  #withdrawnUntil = Number.NEGATIVE_INFINITY;
  /** Guilds that refused although the bot has the permission, and when. */
  readonly #refusals = new Map<GuildId, number>();

  /** For how long nothing is to be asked; 0 if it may be. */
  pauseMs(now: number): number {
    return Math.max(0, this.#withdrawnUntil - now);
  }

  /** A guild that the bot may manage refused. True if that was one too many. */
  noteRefusal(guildId: GuildId, now: number): boolean {
    for (const [known, at] of this.#refusals) {
      if (now - at >= WITHDRAWN_MS) this.#refusals.delete(known);
    }
    this.#refusals.set(guildId, now);
    if (this.#refusals.size < REFUSING_GUILDS) return false;
    this.withdraw(now);
    return true;
  }

  /** The endpoint is not there for this bot. */
  withdraw(now: number): void {
    this.#refusals.clear();
    this.#withdrawnUntil = now + WITHDRAWN_MS;
  }
}
