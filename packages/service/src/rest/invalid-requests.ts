/**
 * Counts answers that Discord counts against an address: 10 000 of them (401, 403, 429) within ten
 * minutes block it for hours, and with it every guild. Pure: times come in.
 * https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
 */
export class InvalidRequests {
  readonly #limit: number;
  readonly #refusalsPerPlace: number;
  #all: readonly number[] = [];
  readonly #refusals = new Map<string, readonly number[]>();

  /** Far below Discord's limit: other programs may share the address. */
  constructor(limit = 1_000, refusalsPerPlace = 5) {
    this.#limit = limit;
    this.#refusalsPerPlace = refusalsPerPlace;
  }

  /** Notes an answer for a place (the guild or channel of the route). */
  note(place: string, status: number, now: number): void {
    if (status !== 401 && status !== 403 && status !== 429) return;
    this.#all = [...recent(this.#all, now), now].slice(-this.#limit);
    if (status === 403) this.#noteRefusal(place, now);
  }

  #noteRefusal(place: string, now: number): void {
    for (const [key, times] of this.#refusals) {
      if (recent(times, now).length === 0) this.#refusals.delete(key);
    }
    const times = [...recent(this.#refusals.get(place) ?? [], now), now];
    this.#refusals.set(place, times.slice(-this.#refusalsPerPlace));
  }

  /** True if this place keeps refusing: asking again within ten minutes is not worth a 403. */
  isShut(place: string, now: number): boolean {
    return recent(this.#refusals.get(place) ?? [], now).length >= this.#refusalsPerPlace;
  }

  /** How long nothing at all should be sent; 0 when all is well. */
  pauseMs(now: number): number {
    const times = recent(this.#all, now);
    return times.length < this.#limit ? 0 : (times[0] ?? now) + WINDOW_MS - now;
  }

  /** Invalid answers of the last ten minutes, for Health. */
  count(now: number): number {
    return recent(this.#all, now).length;
  }
}

const WINDOW_MS = 10 * 60_000;

function recent(times: readonly number[], now: number): readonly number[] {
  return times.filter((time) => now - time < WINDOW_MS);
}
