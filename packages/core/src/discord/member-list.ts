import type { RoleId, UserId } from '../engine/ids.ts';
import { IS_GUEST } from './member-events.ts';
import { flagsOf, malformed, objectOf, type Reading, read } from './payload.ts';
import { type Profile, profileFromPayload } from './profile.ts';
import { idOf, idsOf } from './snowflake.ts';
import { timeOf } from './timestamp.ts';

/** The most that Discord gives at once. */
export const MEMBERS_PER_PAGE = 1000;

/** One member as a page shows them. */
export interface MemberReading {
  readonly profile: Profile;
  readonly joinedAt: number;
  readonly roleIds: readonly RoleId[];
}

/** Who could be read of a page, and where the next one begins. */
export interface MembersReading {
  readonly members: readonly MemberReading[];
  /** Null: nobody comes after this page. */
  readonly next: UserId | null;
}

/**
 * Reads a page of the member list. Guests and entries without a readable `joined_at` are left out;
 * a full page in which nobody can be named is malformed, for nothing tells where to go on.
 * @see https://docs.discord.com/developers/resources/guild#list-guild-members
 */
export function membersFromPayload(value: unknown): Reading<MembersReading> {
  if (!Array.isArray(value)) return malformed('members');
  const ids = value.flatMap((entry) => idOf<UserId>(objectOf(objectOf(entry).user).id) ?? []);
  const last = ids.reduce<UserId | null>(
    (latest, id) => (latest === null || isLater(id, latest) ? id : latest),
    null,
  );
  const full = value.length >= MEMBERS_PER_PAGE;
  if (full && last === null) return malformed('members.user.id');
  const members = value.flatMap((entry) => memberOf(entry) ?? []);
  return read({ members, next: full ? last : null });
}

function memberOf(value: unknown): MemberReading | null {
  const entry = objectOf(value);
  const profile = profileFromPayload(entry.user);
  const joinedAt = timeOf(entry.joined_at);
  const guest = (flagsOf(entry.flags) & IS_GUEST) !== 0;
  if (profile === null || joinedAt === null || guest) return null;
  return { profile, joinedAt, roleIds: idsOf<RoleId>(entry.roles) };
}

function isLater(id: string, other: string): boolean {
  return id.length === other.length ? id > other : id.length > other.length;
}
