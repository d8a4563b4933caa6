import type { GuildId, Observation, Receipt } from 'wherefrom';

type Deliver = (guildId: GuildId, observation: Observation, receipt: Receipt | null) => void;
type Waiting = { readonly observation: Observation; readonly receipt: Receipt | null };

/**
 * Hands observations on in their order. While a guild is on hold (we ask the store about it) its
 * observations wait; other guilds do not.
 */
export class GuildInbox {
  readonly #deliver: Deliver;
  readonly #held = new Map<GuildId, Waiting[]>();

  constructor(deliver: Deliver) {
    this.#deliver = deliver;
  }

  put(guildId: GuildId, observation: Observation, receipt: Receipt | null): void {
    const held = this.#held.get(guildId);
    if (held === undefined) this.#deliver(guildId, observation, receipt);
    else held.push({ observation, receipt });
  }

  hold(guildId: GuildId): void {
    if (!this.#held.has(guildId)) this.#held.set(guildId, []);
  }

  /** Ends the hold: `first` comes before all that waited, the last of it with the receipt. */
  release(guildId: GuildId, first: readonly Observation[], receipt: Receipt | null): void {
    const waiting = this.#held.get(guildId) ?? [];
    this.#held.delete(guildId);
    first.forEach((observation, index) => {
      this.#deliver(guildId, observation, index === first.length - 1 ? receipt : null);
    });
    for (const each of waiting) this.#deliver(guildId, each.observation, each.receipt);
  }
}
