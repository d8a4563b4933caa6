import type { InviteCode } from '../engine/ids.ts';

/** A JSON object whose fields nobody has checked yet. */
export type Payload = Readonly<Record<string, unknown>>;

/** A payload that cannot be used. `path` names the field, for the log. */
export interface Malformed {
  readonly kind: 'malformed';
  readonly path: string;
}

/** What a payload says, or where it is broken. Reading never throws. */
export type Reading<T> = { readonly kind: 'read'; readonly value: T } | Malformed;

/** Wraps a value that was read. */
export function read<T>(value: T): Reading<T> {
  return { kind: 'read', value };
}

/** Names the field that made a payload useless. */
export function malformed(path: string): Malformed {
  return { kind: 'malformed', path };
}

/** The value as a JSON object; anything else becomes an empty one, whose fields are all missing. */
export function objectOf(value: unknown): Payload {
  return isObject(value) ? value : NOTHING;
}

const NOTHING: Payload = {};

/** True for a JSON object: no array, no null. */
export function isObject(value: unknown): value is Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as a list, or an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value if it is a text. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** The value if it is a whole number that is not negative. */
export function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** The value as a set of flags; anything else has none. */
export function flagsOf(value: unknown): number {
  return countOf(value) ?? 0;
}

/** The value if it can be an invite code. Letters, digits, dash: all that Discord hands out. */
export function codeOf(value: unknown): InviteCode | null {
  return typeof value === 'string' && CODE.test(value) ? (value as InviteCode) : null;
}

const CODE = /^[\w-]{1,100}$/;
