/** Where times begin and end for the engine: before the first reading, and not yet known. */
const BEGINNING = 0;
const LATEST = 8_640_000_000_000_000;

/** Times of one journal as text, in UTC: short where they are of its first day. */
export class Times {
  readonly #startsAt: number;
  readonly #day: string;

  constructor(startsAt: number) {
    this.#startsAt = startsAt;
    this.#day = iso(startsAt).slice(0, 10);
  }

  /** "22:13:26.300", or with its date on another day. */
  at(time: number): string {
    if (time === BEGINNING && this.#startsAt !== BEGINNING) return 'the beginning';
    if (time === LATEST) return 'now';
    const [day = '', clock = ''] = iso(time).split('T');
    return day === this.#day ? clock.slice(0, -1) : `${day} ${clock.slice(0, -1)}`;
  }

  /** "+6.300 s" since the beginning of the journal. */
  since(time: number): string {
    const seconds = (time - this.#startsAt) / 1_000;
    return `${seconds < 0 ? '-' : '+'}${Math.abs(seconds).toFixed(3)} s`;
  }
}

/** "2026-11-22 12:00:05.230" */
export function dateTime(time: number): string {
  return iso(time).replace('T', ' ').replace('Z', '');
}

/** "180 ms", "2.4 s" */
export function lengthText(ms: number): string {
  const size = Math.abs(ms);
  return size < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

function iso(time: number): string {
  // What an engine makes of a file that was changed may lie outside of any calendar.
  if (!(Math.abs(time) <= LATEST)) return 'neverTnever';
  return new Date(time).toISOString();
}
