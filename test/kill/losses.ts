import { shardOf } from '@wherefrom/emulator';

/** Why events of a guild did not reach the bot, and never will. */
export type LossCause =
  /** Nobody was there yet. */
  | 'before'
  /** The session was gone when the process came back. */
  | 'session'
  | 'outage'
  | 'removed';

/** One guild, or all guilds of one shard: a session may be lost while the other shards keep theirs. */
export type Place = { readonly guildId: string } | { readonly shardId: number };

export interface Loss {
  readonly cause: LossCause;
  readonly place: Place;
  readonly from: number;
  /** Of these guilds more had been taken in: nothing of theirs was lost before that. */
  readonly later: ReadonlyMap<string, number>;
  /** Null while it lasts. */
  readonly to: number | null;
}

/** Just before a session is lost an event may be on its way, or taken in and not stored. */
const BEFORE_MS = 2_000;
/** We learn of the end of a loss a little late, and who came in it is found a little later. */
const AFTER_MS = 3_000;
/** So long after its start a process has been told that a guild is there again. */
const TOLD_MS = 5_000;

/** When the bot could not hear what happened. Times are the emulator's. */
export class Losses {
  readonly #shards: number;
  readonly #losses: Loss[] = [];
  /** By guild: when losses were over, and no process had been told of it yet. */
  readonly #untold = new Map<string, { readonly from: number; to: number | null }[]>();

  constructor(shards: number) {
    this.#shards = shards;
  }

  begin(
    cause: LossCause,
    place: Place,
    from: number,
    later: ReadonlyMap<string, number> = new Map(),
  ): void {
    if (this.#openOf(cause, place) < 0) this.#losses.push({ cause, place, from, later, to: null });
  }

  end(cause: LossCause, place: Place, to: number): void {
    const index = this.#openOf(cause, place);
    const open = this.#losses[index];
    if (open !== undefined) this.#losses[index] = { ...open, to };
  }

  /** A process died before it was told, or had stored, that this guild's last loss is over. */
  remainsUntold(guildId: string): void {
    const own = this.#losses.filter((loss) => this.#isIn(guildId, loss));
    const spans = this.#untold.get(guildId) ?? [];
    if (own.some(({ to }) => to === null) || spans.at(-1)?.to === null) return;
    const from = Math.max(...own.map((loss) => sinceOf(guildId, loss)));
    this.#untold.set(guildId, [...spans, { from, to: null }]);
  }

  /** A process that began at this moment was told, and has stored it. */
  wasTold(guildId: string, startedAtMs: number): void {
    const last = this.#untold.get(guildId)?.at(-1);
    if (last?.to === null) last.to = startedAtMs + TOLD_MS;
  }

  /** Whoever joins before the service is told may be in the member list before their event comes. */
  isFoundFirst(guildId: string, at: number): boolean {
    const spans = this.#untold.get(guildId) ?? [];
    return spans.some(({ from, to }) => at > from && (to === null || at < to));
  }

  isOpen(cause: LossCause, place: Place): boolean {
    return this.#openOf(cause, place) >= 0;
  }

  /** Since when the bot has been told of this guild at all; never is later than all times. */
  knownSince(guildId: string): number {
    const before = this.#losses.find(
      (loss) => loss.cause === 'before' && this.#isIn(guildId, loss),
    );
    return before === undefined ? 0 : (before.to ?? Number.POSITIVE_INFINITY);
  }

  /** The losses in which something of this guild at this moment surely was not heard. */
  over(guildId: string, at: number): readonly Loss[] {
    return this.#near(guildId, at, 0, 0);
  }

  /** The same, and those in which it perhaps was not. */
  about(guildId: string, at: number): readonly Loss[] {
    return this.#near(guildId, at, BEFORE_MS, AFTER_MS);
  }

  /** Those that touch the time between the two moments. */
  during(guildId: string, from: number, to: number): readonly Loss[] {
    return this.#losses.filter(
      (loss) =>
        this.#isIn(guildId, loss) &&
        sinceOf(guildId, loss) <= to &&
        (loss.to === null || loss.to >= from),
    );
  }

  /** Both moments lie in one and the same loss, perhaps. */
  span(guildId: string, first: number, second: number): boolean {
    const later = new Set(this.about(guildId, second));
    return this.about(guildId, first).some((loss) => later.has(loss));
  }

  #near(guildId: string, at: number, before: number, after: number): readonly Loss[] {
    return this.#losses.filter((loss) => {
      if (!this.#isIn(guildId, loss)) return false;
      // What happens in the very millisecond of a change may lie on either side of it.
      return at > sinceOf(guildId, loss) - before && (loss.to === null || at < loss.to + after);
    });
  }

  #isIn(guildId: string, { place }: Loss): boolean {
    if ('guildId' in place) return place.guildId === guildId;
    return place.shardId === shardOf(guildId, this.#shards);
  }

  #openOf(cause: LossCause, place: Place): number {
    return this.#losses.findIndex(
      (loss) => loss.cause === cause && loss.to === null && isSame(loss.place, place),
    );
  }
}

/** From when on this guild may have lost something. */
export function sinceOf(guildId: string, { from, later }: Loss): number {
  return later.get(guildId) ?? from;
}

function isSame(one: Place, other: Place): boolean {
  if ('guildId' in one) return 'guildId' in other && one.guildId === other.guildId;
  return 'shardId' in other && one.shardId === other.shardId;
}
