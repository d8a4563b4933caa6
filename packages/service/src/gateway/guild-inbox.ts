import type { GuildId, Observation } from 'wherefrom';

/**
 * Hands observations on in their order. While a guild is on hold (we ask the store about it) its
 * observations wait; other guilds do not.
 */
export class GuildInbox {
  readonly #observe: (guildId: GuildId, observation: Observation) => void;
  readonly #held = new Map<GuildId, Observation[]>();

  constructor(observe: (guildId: GuildId, observation: Observation) => void) {
    this.#observe = observe;
  }

  put(guildId: GuildId, observation: Observation): void {
    const held = this.#held.get(guildId);
    if (held === undefined) this.#observe(guildId, observation);
    else held.push(observation);
  }

  hold(guildId: GuildId): void {
    if (!this.#held.has(guildId)) this.#held.set(guildId, []);
  }

  /** Ends the hold: `first` comes before all that waited. */
  release(guildId: GuildId, first: readonly Observation[]): void {
    const waiting = this.#held.get(guildId) ?? [];
    this.#held.delete(guildId);
    for (const observation of [...first, ...waiting]) this.#observe(guildId, observation);
  }
}
