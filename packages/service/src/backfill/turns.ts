import type { Clock, GuildId } from 'wherefrom';

export interface TurnsPorts {
  readonly clock: Clock;
  /** Takes the next free slot; ms since 1970. */
  readonly slot: () => number;
  /** One turn of a guild. Answers when it wants the next one; null: no more. */
  readonly take: (guildId: GuildId) => Promise<number | null>;
  /** A turn threw. Answers when that guild is to be tried again. */
  readonly failed: (guildId: GuildId, cause: unknown) => number;
}

/** Lets guilds take turns: one at a time, who has waited longest first, each turn in a slot. */
export class Turns {
  readonly #ports: TurnsPorts;
  /** Guilds that want a turn, and from when on. */
  readonly #wanted = new Map<GuildId, number>();
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #state: 'resting' | 'taking' | 'stopped' = 'resting';
  #withdraw = (): void => {};

  constructor(ports: TurnsPorts) {
    this.#ports = ports;
  }

  /** Guilds that want a turn now or later, or are having one. */
  get waiting(): number {
    return this.#wanted.size + (this.#state === 'taking' ? 1 : 0);
  }

  add(guildId: GuildId): void {
    this.#wanted.set(guildId, this.#ports.clock.now());
    this.#plan();
  }

  /** No turns for anybody until then. */
  pauseAll(until: number): void {
    this.#pausedUntil = until;
  }

  stop(): void {
    this.#state = 'stopped';
    this.#withdraw();
    this.#wanted.clear();
  }

  #plan(): void {
    if (this.#state !== 'resting') return;
    this.#withdraw();
    const first = this.#first();
    if (first === null) return;
    const { clock, slot } = this.#ports;
    const at = Math.max(first.at, this.#pausedUntil);
    if (at > clock.now()) {
      this.#withdraw = clock.schedule(at, () => this.#plan());
      return;
    }
    this.#state = 'taking';
    this.#wanted.delete(first.guildId);
    this.#withdraw = clock.schedule(slot(), () => void this.#take(first.guildId));
  }

  async #take(guildId: GuildId): Promise<void> {
    const { take, failed } = this.#ports;
    const next = await take(guildId).catch((cause: unknown) => failed(guildId, cause));
    if (this.#state === 'stopped') return;
    this.#state = 'resting';
    // It may have been added anew meanwhile.
    if (next !== null && !this.#wanted.has(guildId)) this.#wanted.set(guildId, next);
    this.#plan();
  }

  #first(): { readonly guildId: GuildId; readonly at: number } | null {
    let first: { readonly guildId: GuildId; readonly at: number } | null = null;
    for (const [guildId, at] of this.#wanted) {
      if (first === null || at < first.at) first = { guildId, at };
    }
    return first;
  }
}
