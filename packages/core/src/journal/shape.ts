import type { ChannelId, InviteCode, RoleId, UserId } from '../engine/ids.ts';

/** Other names for the people and places of a journal: equal ones get equal names. */
export interface Names {
  user(id: UserId): UserId;
  channel(id: ChannelId): ChannelId;
  role(id: RoleId): RoleId;
  /** What the engine sorts by: the names of codes must sort as the codes do. */
  code(code: InviteCode): InviteCode;
  /** Where a page of the member list begins: an id that is only compared by its size. */
  place(id: UserId): UserId;
}

/**
 * What a value in a journal must look like, and where its ids are. One table per type serves for
 * reading and for renaming, and a field that it forgets is an error of the compiler.
 */
export interface Shape<T> {
  /**
   * The value, its fields in the order of the shape. `path` is where it stands, for the message.
   * @throws Misfit
   */
  read(value: unknown, path: string): T;
  /** The same with other names. */
  rename(value: T, names: Names): T;
}

/** The value does not have the shape. */
export class Misfit extends Error {
  /** What is wrong and where: "invites[3].uses is no whole number". Safe to print. */
  constructor(path: string, problem: string) {
    super(`${path === '' ? 'it' : path} ${problem}`);
    this.name = 'Misfit';
  }
}

type Fields<T> = { readonly [K in keyof T]-?: Shape<T[K]> };
type Variant<T, K> = T extends { readonly kind: infer All } ? (K extends All ? T : never) : never;
type Variants<T extends { readonly kind: string }> = {
  readonly [K in T['kind']]: Fields<Omit<Variant<T, K>, 'kind'>>;
};
type Bag = Readonly<Record<string, unknown>>;

/** A value without any id in it. */
function plain<T>(problem: string, fits: (value: unknown) => boolean): Shape<T> {
  return {
    read: (value, path) => {
      if (!fits(value)) throw new Misfit(path, problem);
      return value as T;
    },
    rename: (value) => value,
  };
}

/** The latest moment that a calendar knows. */
const LATEST = 8_640_000_000_000_000;
/** What a division into shares may be off by. */
const ROUNDING = 1e-6;
/** Ids and codes; nothing else reaches a terminal. */
const NAME = /^[\w-]{1,100}$/;

const isNumber = (value: unknown): value is number => typeof value === 'number';
const isName = (value: unknown): boolean => typeof value === 'string' && NAME.test(value);

/** Milliseconds since 1970. */
export const time: Shape<number> = plain(
  'is no time',
  (value) => isNumber(value) && Math.abs(value) <= LATEST,
);
export const count: Shape<number> = plain(
  'is no whole number',
  (value) => isNumber(value) && Number.isSafeInteger(value) && value >= 0,
);
export const part: Shape<number> = plain(
  'is no number from 0 to 1',
  (value) => isNumber(value) && value >= 0 && value <= 1 + ROUNDING,
);
export const truth: Shape<boolean> = plain(
  'is neither true nor false',
  (value) => typeof value === 'boolean',
);

function name<T>(problem: string, rename: Shape<T>['rename']): Shape<T> {
  return { ...plain<T>(problem, isName), rename };
}

export const user: Shape<UserId> = name('is no user id', (id, names) => names.user(id));
export const channel: Shape<ChannelId> = name('is no channel id', (id, names) => names.channel(id));
export const role: Shape<RoleId> = name('is no role id', (id, names) => names.role(id));
export const place: Shape<UserId> = name('is no user id', (id, names) => names.place(id));
export const code: Shape<InviteCode> = name('is no invite code', (text, names) => names.code(text));

/** One of these words; the compiler sees to it that none is missing. */
export function word<T extends string>(words: Readonly<Record<T, true>>): Shape<T> {
  return plain(
    `is none of ${Object.keys(words).join(', ')}`,
    (value) => typeof value === 'string' && Object.hasOwn(words, value),
  );
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return {
    read: (value, path) => (value === null ? null : shape.read(value, path)),
    rename: (value, names) => (value === null ? null : shape.rename(value, names)),
  };
}

export function list<T>(shape: Shape<T>): Shape<readonly T[]> {
  return {
    read: (value, path) => {
      if (!Array.isArray(value)) throw new Misfit(path, 'is no list');
      return value.map((item: unknown, index) => shape.read(item, `${path}[${index}]`));
    },
    rename: (values, names) => values.map((value) => shape.rename(value, names)),
  };
}

/** A field that may be left out. */
export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return {
    read: (value, path) => (value === undefined ? undefined : shape.read(value, path)),
    rename: (value, names) => (value === undefined ? undefined : shape.rename(value, names)),
  };
}

export function record<T extends object>(fields: Fields<T>): Shape<T> {
  const shapes = Object.entries(fields) as readonly [string, Shape<unknown>][];
  return {
    read: (value, path) => readFields(value, path, shapes) as T,
    rename: (value, names) => {
      const bag = value as Bag;
      const present = shapes.filter(([field]) => bag[field] !== undefined);
      return Object.fromEntries(
        present.map(([field, shape]) => [field, shape.rename(bag[field], names)]),
      ) as T;
    },
  };
}

/** A union of records that `kind` tells apart. */
export function variants<T extends { readonly kind: string }>(table: Variants<T>): Shape<T> {
  const kinds = new Map<string, Shape<T>>(
    Object.entries<Fields<object>>(table).map(([kind, fields]) => {
      const own = { kind: plain('is another kind', (value) => value === kind), ...fields };
      return [kind, record(own) as unknown as Shape<T>];
    }),
  );
  return {
    read: (value, path) => {
      const { kind } = bagOf(value, path);
      if (typeof kind !== 'string') throw new Misfit(at(path, 'kind'), 'is no word');
      const shape = kinds.get(kind);
      if (shape === undefined) {
        throw new Misfit(at(path, 'kind'), `is ${quoted(kind)}, which is not known`);
      }
      return shape.read(value, path);
    },
    rename: (value, names) => kinds.get(value.kind)!.rename(value, names),
  };
}

function readFields(
  value: unknown,
  path: string,
  shapes: readonly (readonly [string, Shape<unknown>])[],
): Bag {
  const bag = bagOf(value, path);
  const read: Record<string, unknown> = {};
  for (const [field, shape] of shapes) {
    const found = shape.read(Object.hasOwn(bag, field) ? bag[field] : undefined, at(path, field));
    if (found !== undefined) read[field] = found;
  }
  const strange = Object.keys(bag).find((field) => !Object.hasOwn(read, field));
  if (strange !== undefined)
    throw new Misfit(at(path, quoted(strange)), 'is a field that is not known');
  return read;
}

function bagOf(value: unknown, path: string): Bag {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Misfit(path, 'is no object');
  }
  return value as Bag;
}

function at(path: string, field: string): string {
  return path === '' ? field : `${path}.${field}`;
}

/** Whatever a stranger wrote into the file, as a short and harmless text. */
function quoted(text: string): string {
  const harmless = text.replace(/[^\x20-\x7e]/g, '?');
  return `"${harmless.length > 40 ? `${harmless.slice(0, 40)}...` : harmless}"`;
}
