import type { RangeMs } from '../options.ts';
import type { Prng } from '../prng.ts';
import { filler, fillerIdParts, fillerIndex, fillerJoinedAtMs } from './members.ts';
import { compareParts, type Snowflake, type SnowflakeParts, splitSnowflake } from './snowflake.ts';
import { fillerSource, type Source } from './sources.ts';
import type { Guild, Member } from './world.ts';

/** What the cursors of a search mean: smaller and larger keys, or earlier and later in the answer. */
export type Cursors = 'value' | 'order';

/** How Discord's index of members behaves. */
export type SearchTerms = {
  readonly lagMs: RangeMs;
  readonly coldMs: number;
  readonly cursors: Cursors;
};

/** An index that knows everything at once. */
export const AT_ONCE: SearchTerms = { lagMs: [0, 0], coldMs: 0, cursors: 'value' };

/** Such terms with the source of their draws. */
export type SearchIndex = SearchTerms & { readonly chance: Prng };

/** Where an entry stands: by time of joining or by id. */
export type Place = { readonly joinedAtMs: number; readonly id: SnowflakeParts };

/** A member as the index has it; a filler stays a number until it is shown. */
export type Row = Place & {
  readonly source: Source;
  readonly pending: boolean;
  readonly flags: number;
  readonly seat: Member | number;
};

/** What a search asks for. */
export type Search = {
  readonly limit: number;
  readonly by: 'joinedAtMs' | 'id';
  readonly descending: boolean;
  readonly admits: (row: Row) => boolean;
  /** Nobody but these can be admitted; null if it may be anybody. */
  readonly only: readonly Snowflake[] | null;
  /** Only places with a smaller key. */
  readonly below: Place | null;
  /** Only places with a larger key. */
  readonly above: Place | null;
};

/** One page, and how many there are on all pages together. */
export type Page = { readonly members: readonly Member[]; readonly total: number };

/** Searches the index of a guild as it stands at `atMs`. */
export function searchMembers(guild: Guild, atMs: number, search: Search): Page {
  const { limit, descending, admits, below, above } = search;
  const compare = comparison(search.by);
  // A page lies next to its cursor, so with one of them that decides where to begin.
  const isFromTop = (below === null) === (above === null) ? descending : below !== null;
  const isOnPage = (row: Row): boolean =>
    (below === null || compare(row, below) < 0) && (above === null || compare(row, above) > 0);
  const found = realRows(guild, atMs, search.only).filter(admits);
  const page = found.filter(isOnPage);
  let total = found.length;
  let fillersLeft = limit;
  eachFiller(guild, search.only, isFromTop, (row) => {
    if (!admits(row)) return;
    total += 1;
    // Fillers come in the order of the page, so that no more of them than fit are kept.
    if (fillersLeft === 0 || !isOnPage(row)) return;
    fillersLeft -= 1;
    page.push(row);
  });
  const sign = isFromTop ? -1 : 1;
  const shown = page.sort((left, right) => sign * compare(left, right)).slice(0, limit);
  if (isFromTop !== descending) shown.reverse();
  return { members: shown.map(({ seat }) => memberOf(guild, seat)), total };
}

/** What the index has of a member: this membership, the last one before it, or nothing yet. */
export function indexed(guild: Guild, member: Member, atMs: number): Member | null {
  return member.indexedAtMs <= atMs ? member : (guild.former.get(member.user.id) ?? null);
}

function realRows(guild: Guild, atMs: number, only: readonly Snowflake[] | null): Row[] {
  const members =
    only === null
      ? [...guild.members.values()]
      : [...new Set(only)].flatMap((id) => guild.members.get(id) ?? []);
  return members.flatMap((member) => {
    const seat = indexed(guild, member, atMs);
    return seat === null ? [] : realRow(seat);
  });
}

function realRow(seat: Member): Row {
  const { source, pending, flags } = seat;
  const id = splitSnowflake(seat.user.id);
  // Discord's times have whole milliseconds here, and a clock need not.
  return { joinedAtMs: Math.floor(seat.joinedAtMs), id, source, pending, flags, seat };
}

function fillerRow(guild: Guild, index: number): Row {
  return {
    joinedAtMs: fillerJoinedAtMs(guild, index),
    id: fillerIdParts(guild, index),
    source: fillerSource(guild, index),
    pending: false,
    flags: 0,
    seat: index,
  };
}

function eachFiller(
  guild: Guild,
  only: readonly Snowflake[] | null,
  isFromTop: boolean,
  see: (row: Row) => void,
): void {
  if (only !== null) {
    const numbers = [...new Set(only.flatMap((id) => fillerIndex(guild, id) ?? []))];
    const sign = isFromTop ? -1 : 1;
    for (const n of numbers.sort((left, right) => sign * (left - right))) see(fillerRow(guild, n));
    return;
  }
  const last = guild.fillerCount - 1;
  for (let passed = 0; passed <= last; passed += 1) {
    const index = isFromTop ? last - passed : passed;
    if (!guild.fillersGone.has(index)) see(fillerRow(guild, index));
  }
}

function comparison(by: Search['by']): (left: Place, right: Place) => number {
  if (by === 'id') return (left, right) => compareParts(left.id, right.id);
  return (left, right) => left.joinedAtMs - right.joinedAtMs || compareParts(left.id, right.id);
}

function memberOf(guild: Guild, seat: Member | number): Member {
  return typeof seat === 'number' ? filler(guild, seat) : seat;
}
