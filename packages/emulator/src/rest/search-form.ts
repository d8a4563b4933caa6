import type { Cursors, Place, Search } from '../world/search.ts';
import { compareParts, isSnowflake, splitSnowflake } from '../world/snowflake.ts';
import { formError, type Reply } from './reply.ts';
import type { Body } from './route.ts';

/** The fields of a search. Any other is refused, as is any other inside of them. */
export const SEARCH_FIELDS = ['limit', 'sort', 'or_query', 'and_query', 'before', 'after'];

const DEFAULT_LIMIT = 25;
const MOST = 1000;
const MOST_ITEMS = 10;
const LONGEST_ITEM = 100;
const DID_REJOIN = 1 << 0;

const SORTS: Readonly<Record<number, Pick<Search, 'by' | 'descending'>>> = {
  1: { by: 'joinedAtMs', descending: true },
  2: { by: 'joinedAtMs', descending: false },
  3: { by: 'id', descending: true },
  4: { by: 'id', descending: false },
};

type Admits = Search['admits'];
type Fields = Readonly<Record<string, unknown>>;

/** Why a field is refused; its path is where it was thrown. */
class Refusal extends Error {
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

/** Reads a search from a body, or says which field is wrong. */
export function readSearch(body: Body, cursors: Cursors): Search | Reply {
  try {
    return search(body, cursors);
  } catch (error) {
    if (error instanceof Refusal) return formError({ [error.path]: error.message });
    throw error;
  }
}

function search(body: Body, cursors: Cursors): Search {
  fieldsOf(body, '', SEARCH_FIELDS);
  const sort = SORTS[wholeNumber(body.sort ?? 1, 'sort', 1, 4)]!;
  const all = filtersOf(body.and_query, 'and_query');
  const some = filtersOf(body.or_query, 'or_query');
  const [before, after] = [placeOf(body.before, 'before'), placeOf(body.after, 'after')];
  const isSwapped = cursors === 'order' && sort.descending;
  const only = (body.and_query as Fields | undefined)?.user_id as Fields | undefined;
  return {
    ...sort,
    limit: wholeNumber(body.limit ?? DEFAULT_LIMIT, 'limit', 1, MOST),
    admits: (row) =>
      all.every((admits) => admits(row)) &&
      (some.length === 0 || some.some((admits) => admits(row))),
    only: (only?.or_query as readonly string[] | undefined) ?? null,
    below: isSwapped ? after : before,
    above: isSwapped ? before : after,
  };
}

/** What each filter of a member means. */
const FILTERS: Readonly<Record<string, (value: unknown, path: string) => Admits>> = {
  user_id: (value, path) => {
    const { or_query: list, range } = fieldsOf(value, path, ['or_query', 'range']);
    const ids = list === undefined ? null : itemsOf(list, path, snowflake).map(splitSnowflake);
    const { least, most } = boundsOf(range, path, (raw, at) => splitSnowflake(snowflake(raw, at)));
    return ({ id }) =>
      (ids === null || ids.some((wanted) => compareParts(id, wanted) === 0)) &&
      (least === null || compareParts(id, least) >= 0) &&
      (most === null || compareParts(id, most) <= 0);
  },
  guild_joined_at: (value, path) => {
    const { range } = fieldsOf(value, path, ['range']);
    const { least, most } = boundsOf(range, path, (raw, at) => wholeNumber(raw, at));
    return ({ joinedAtMs }) =>
      (least === null || joinedAtMs >= least) && (most === null || joinedAtMs <= most);
  },
  join_source_type: (value, path) => {
    const { or_query: list } = fieldsOf(value, path, ['or_query']);
    const types = itemsOf(list, path, (raw, at) => wholeNumber(raw, at));
    return ({ source }) => types.includes(source.type);
  },
  source_invite_code: (value, path) => {
    const { or_query: list } = fieldsOf(value, path, ['or_query']);
    const codes = itemsOf(list, path, text);
    return ({ source }) => source.code !== null && codes.includes(source.code);
  },
  is_pending: (value, path) => {
    const wanted = truth(value, path);
    return ({ pending }) => pending === wanted;
  },
  did_rejoin: (value, path) => {
    const wanted = truth(value, path);
    return ({ flags }) => ((flags & DID_REJOIN) !== 0) === wanted;
  },
};

function filtersOf(value: unknown, path: string): Admits[] {
  if (value === undefined) return [];
  const filters = Object.entries(fieldsOf(value, path, Object.keys(FILTERS)));
  return filters.map(([name, filter]) => FILTERS[name]!(filter, `${path}.${name}`));
}

function placeOf(value: unknown, path: string): Place | null {
  if (value === undefined || value === null) return null;
  const { user_id, guild_joined_at } = fieldsOf(value, path, ['user_id', 'guild_joined_at']);
  return {
    id: splitSnowflake(snowflake(user_id, `${path}.user_id`)),
    joinedAtMs: wholeNumber(guild_joined_at, `${path}.guild_joined_at`),
  };
}

function fieldsOf(value: unknown, path: string, known: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Refusal(path, 'Only dictionaries may be used in a DictType');
  const stranger = Object.keys(value).find((name) => !known.includes(name));
  if (stranger !== undefined)
    throw new Refusal(path === '' ? stranger : `${path}.${stranger}`, 'Unknown field');
  return value as Fields;
}

type Read<T> = (raw: unknown, path: string) => T;

function itemsOf<T>(value: unknown, path: string, read: Read<T>): T[] {
  const isList = Array.isArray(value) && value.length >= 1 && value.length <= MOST_ITEMS;
  if (!isList) throw new Refusal(path, `Must be between 1 and ${MOST_ITEMS} in length.`);
  return value.map((raw) => read(raw, path));
}

function boundsOf<T>(value: unknown, path: string, read: Read<T>) {
  if (value === undefined) return { least: null, most: null };
  const { gte, lte } = fieldsOf(value, `${path}.range`, ['gte', 'lte']);
  return {
    least: gte === undefined ? null : read(gte, `${path}.range.gte`),
    most: lte === undefined ? null : read(lte, `${path}.range.lte`),
  };
}

function wholeNumber(
  raw: unknown,
  path: string,
  least = 0,
  most = Number.MAX_SAFE_INTEGER,
): number {
  if (Number.isInteger(raw) && (raw as number) >= least && (raw as number) <= most)
    return raw as number;
  throw new Refusal(path, `int value should be between ${least} and ${most}.`);
}

function text(raw: unknown, path: string): string {
  if (typeof raw === 'string' && raw.length >= 1 && raw.length <= LONGEST_ITEM) return raw;
  throw new Refusal(path, `Must be a string between 1 and ${LONGEST_ITEM} in length.`);
}

function snowflake(raw: unknown, path: string): string {
  if (typeof raw === 'string' && isSnowflake(raw)) return raw;
  throw new Refusal(path, `Value "${String(raw)}" is not snowflake.`);
}

function truth(raw: unknown, path: string): boolean {
  if (typeof raw === 'boolean') return raw;
  throw new Refusal(path, 'Must be either true or false.');
}
