import type { Origin } from '../engine/attribution.ts';
import type { GuildId, InviteCode, UserId } from '../engine/ids.ts';
import type { SearchHit } from '../engine/observation.ts';
import { retryAfterMsOf } from './message.ts';
import {
  codeOf,
  countOf,
  isObject,
  listOf,
  type Malformed,
  malformed,
  objectOf,
  type Payload,
} from './payload.ts';
import { idOf } from './snowflake.ts';
import { timeOf } from './timestamp.ts';

/** `join_source_type`; 2, 3, 4 and 8 say all by their number. Others are kept as numbers (Q32). */
const TYPE = { unspecified: 0, oauth: 1, invite: 5, vanity: 6, application: 7 } as const;
const PLAIN: Readonly<Record<number, 'integration' | 'discovery' | 'hub' | 'lobby'>> = {
  2: 'integration',
  3: 'discovery',
  4: 'hub',
  8: 'lobby',
};

/** JSON error code: the guild's index is still being built. */
const NOT_INDEXED = 110_000;
/** Discord may ask for 0 s while nothing is ready, and nobody waits for days on its word. */
const SHORTEST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 60 * 60_000;

/** A member in an answer of member search, with what Discord recorded of how they came. */
export interface SearchedMember extends SearchHit {
  readonly bot: boolean;
}

/** What an answer of member search says. */
export type MemberSearchReading =
  | {
      readonly kind: 'found';
      /** Those that could be read, in the order of the answer. */
      readonly members: readonly SearchedMember[];
      /** How many entries the answer had, readable or not. */
      readonly entries: number;
      /** How many fit the search on all pages together; null if the answer does not say. */
      readonly total: number | null;
    }
  /** The guild's index is being built: to be asked again after this long. */
  | { readonly kind: 'not-indexed'; readonly retryAfterMs: number }
  | Malformed;

/** The body of a search for these members, at most ten. It has to be a body: Q29. */
export function memberSearchBody(userIds: readonly UserId[]): Payload {
  return { limit: MOST_IDS, and_query: { user_id: { or_query: userIds } } };
}

const MOST_IDS = 10;

/** A page of all members who joined from `since` to `until`, both included. */
export interface MemberPageWanted {
  /** Ms since 1970. */
  readonly since: number;
  readonly until: number;
  /** At most 1000. */
  readonly limit: number;
}

/**
 * The body of a search for everybody who joined in a time, first joins first. Pages are asked for
 * by time and not by cursor, because nobody knows which way the cursors go (Q31).
 */
export function memberPageBody({ since, until, limit }: MemberPageWanted): Payload {
  const range = { gte: since, lte: until };
  return { limit, sort: JOINED_AT_ASC, and_query: { guild_joined_at: { range } } };
}

const JOINED_AT_ASC = 2;

/**
 * Reads the answer of `POST /guilds/{guild.id}/members-search`, which Discord does not document
 * (Q29). An answer about another guild is useless as a whole. An entry that lacks its user or its
 * `joined_at`, or in which a field is of a wrong type, is left out.
 */
export function memberSearchFromPayload(value: unknown, guildId: GuildId): MemberSearchReading {
  if (!isObject(value)) return malformed('');
  if (value.code === NOT_INDEXED) return notIndexed(value);
  if (value.guild_id !== guildId) return malformed('guild_id');
  if (!Array.isArray(value.members)) return malformed('members');
  const entries = listOf(value.members);
  const members = entries.map(memberFrom).filter((member) => member !== null);
  const total = countOf(value.total_result_count);
  return { kind: 'found', members, entries: entries.length, total };
}

function notIndexed(body: Payload): MemberSearchReading {
  const askedForMs = retryAfterMsOf(body) ?? 0;
  const retryAfterMs = Math.min(Math.max(askedForMs, SHORTEST_WAIT_MS), LONGEST_WAIT_MS);
  return { kind: 'not-indexed', retryAfterMs };
}

function memberFrom(entry: unknown): SearchedMember | null {
  const { member, ...source } = objectOf(entry);
  const { user, joined_at } = objectOf(member);
  const userId = idOf<UserId>(objectOf(user).id);
  const joinedAt = timeOf(joined_at);
  const origin = originFrom(source);
  if (userId === null || joinedAt === null || origin === UNREADABLE) return null;
  return { userId, joinedAt, bot: objectOf(user).bot === true, origin };
}

/** Not the same as null: a record that names no source. */
const UNREADABLE = Symbol('unreadable');

function originFrom(source: Payload): Origin | null | typeof UNREADABLE {
  const type = optional(source.join_source_type, countOf);
  const code = optional(source.source_invite_code, codeOf);
  const inviterId = optional(source.inviter_id, idOf<UserId>);
  if (type === UNREADABLE || code === UNREADABLE || inviterId === UNREADABLE) return UNREADABLE;
  return originOf(type ?? TYPE.unspecified, code, inviterId);
}

/** Fields may be absent or null; what is there must be of its type. */
function optional<T>(
  value: unknown,
  reader: (value: unknown) => T | null,
): T | null | typeof UNREADABLE {
  if (value === undefined || value === null) return null;
  return reader(value) ?? UNREADABLE;
}

function originOf(type: number, code: InviteCode | null, inviterId: UserId | null): Origin | null {
  switch (type) {
    // Discord's own client takes an unspecified type with a code for an invite.
    case TYPE.unspecified:
    case TYPE.invite:
      return code === null ? null : { kind: 'invite', code, inviterId };
    case TYPE.vanity:
      return code === null ? null : { kind: 'vanity', code };
    case TYPE.application:
      return { kind: 'application', code };
    case TYPE.oauth:
      return { kind: 'oauth' };
    default: {
      const kind = PLAIN[type];
      return kind === undefined ? { kind: 'other', type } : { kind };
    }
  }
}
