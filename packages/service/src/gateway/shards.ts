import type { GuildId } from 'wherefrom';

/** What one shard's connection is doing. Times on Discord's clock. */
interface ShardState {
  /** A session was opened in this process. */
  opened: boolean;
  /** The last moment at which all that was sent had reached us. */
  heardAt: number;
  /** Set while the connection is broken or a resume replays. */
  lostAt: number | null;
  /** Guilds that were told of the loss. */
  told: Set<GuildId>;
}

/** The shards of this process, as their connections come and go. */
export class Shards {
  readonly #shards = new Map<number, ShardState>();

  #of(shardId: number): ShardState {
    const known = this.#shards.get(shardId);
    if (known !== undefined) return known;
    const fresh: ShardState = { opened: false, heardAt: 0, lostAt: null, told: new Set() };
    this.#shards.set(shardId, fresh);
    return fresh;
  }

  /** Something came over the connection: all that was sent before has come too. */
  heard(shardId: number, at: number): void {
    const shard = this.#of(shardId);
    if (shard.lostAt === null) shard.heardAt = at;
  }

  /** The last moment at which all that was sent had reached us, or an earlier process. */
  heardAt(shardId: number): number {
    return this.#of(shardId).heardAt;
  }

  isLost(shardId: number): boolean {
    return this.#of(shardId).lostAt !== null;
  }

  /** An earlier process ended at `heardAt`, and its session may be resumed: it counts as lost. */
  restore(shardId: number, heardAt: number, at: number): void {
    this.#shards.set(shardId, { opened: false, heardAt, lostAt: at, told: new Set() });
  }

  /** Whether the guild has still to be told that the connection is lost; it is told now. */
  mustTell(shardId: number, guildId: GuildId): boolean {
    const { lostAt, opened, told } = this.#of(shardId);
    if (opened || lostAt === null || told.has(guildId)) return false;
    told.add(guildId);
    return true;
  }

  /** The guild hears of a gap: true if the shard is lost still, and the guild told so with it. */
  tellAgain(shardId: number, guildId: GuildId): boolean {
    const { lostAt, told } = this.#of(shardId);
    if (lostAt === null) return false;
    told.add(guildId);
    return true;
  }

  /** No session was open in this process yet. */
  isFirst(shardId: number): boolean {
    return !this.#of(shardId).opened;
  }

  /** The connection broke. False if that is known already, or none was open yet. */
  lose(shardId: number, at: number, told: readonly GuildId[]): boolean {
    const shard = this.#of(shardId);
    if (!shard.opened || shard.lostAt !== null) return false;
    shard.lostAt = at;
    shard.told = new Set(told);
    return true;
  }

  /** RESUMED: answers the guilds that were told of the loss. */
  resumed(shardId: number, at: number): readonly GuildId[] {
    const shard = this.#of(shardId);
    const told = [...shard.told];
    shard.opened = true;
    shard.lostAt = null;
    shard.told = new Set();
    shard.heardAt = at;
    return told;
  }

  /**
   * READY: a new session. Answers since when events are missing: from the last moment at which the
   * old one surely had told all, or null for the first session of this process.
   */
  ready(shardId: number, at: number): number | null {
    const shard = this.#of(shardId);
    const missingSince = shard.opened ? shard.heardAt : null;
    shard.opened = true;
    shard.lostAt = null;
    shard.told = new Set();
    shard.heardAt = at;
    return missingSince;
  }

  /** Until when each opened shard had surely heard all: what a restart continues from. */
  heardUntil(): readonly { readonly shardId: number; readonly at: number }[] {
    return [...this.#shards].flatMap(([shardId, { opened, heardAt }]) =>
      opened ? { shardId, at: heardAt } : [],
    );
  }
}
