/** Why events of a guild did not reach the bot, and never will. */
export type LossCause =
  /** Nobody was there yet. */
  | 'before'
  /** The session was gone when the process came back. */
  | 'session'
  | 'outage'
  | 'removed';

export interface Loss {
  readonly cause: LossCause;
  /** Null: every guild. */
  readonly guildId: string | null;
  readonly from: number;
  /** Null while it lasts. */
  readonly to: number | null;
}

/** Just before a session is lost an event may be on its way, or taken in and not stored. */
const BEFORE_MS = 2_000;
/** We learn of the end of a loss a little late, and who came in it is found a little later. */
const AFTER_MS = 3_000;

/** When the bot could not hear what happened. Times are the emulator's. */
export class Losses {
  readonly #losses: Loss[] = [];

  begin(cause: LossCause, guildId: string | null, from: number): void {
    if (this.#openOf(cause, guildId) < 0) this.#losses.push({ cause, guildId, from, to: null });
  }

  end(cause: LossCause, guildId: string | null, to: number): void {
    const index = this.#openOf(cause, guildId);
    const open = this.#losses[index];
    if (open !== undefined) this.#losses[index] = { ...open, to };
  }

  isOpen(cause: LossCause, guildId: string | null): boolean {
    return this.#openOf(cause, guildId) >= 0;
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
        (loss.guildId === null || loss.guildId === guildId) &&
        loss.from <= to &&
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
      if (loss.guildId !== null && loss.guildId !== guildId) return false;
      // What happens in the very millisecond of a change may lie on either side of it.
      return at > loss.from - before && (loss.to === null || at < loss.to + after);
    });
  }

  #openOf(cause: LossCause, guildId: string | null): number {
    return this.#losses.findIndex(
      (loss) => loss.cause === cause && loss.guildId === guildId && loss.to === null,
    );
  }
}
