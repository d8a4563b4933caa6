import type { GuildId, RoleId } from '../engine/ids.ts';
import type { JoinObserved, LeaveObserved } from '../engine/observation.ts';
import { flagsOf, malformed, objectOf, type Reading, read } from './payload.ts';
import { type Profile, profileFromPayload } from './profile.ts';
import { idOf, idsOf } from './snowflake.ts';
import { timeOf } from './timestamp.ts';

/** Member flag: in a voice channel as a guest, not a member. */
export const IS_GUEST = 1 << 4;
const QUARANTINED_NAME = (1 << 7) | (1 << 10);

/** How an event reached us. `at`: ms since 1970 on Discord's clock. */
export interface Arrival {
  readonly at: number;
  /** True while a resumed session replays what it missed. */
  readonly replayed: boolean;
}

/** Facts about a member at the moment of the join. */
export interface JoinFacts {
  readonly pending: boolean;
  readonly quarantinedName: boolean;
}

/** GUILD_MEMBER_ADD. `observation.member` is left null for the tracker. */
export interface JoinEvent {
  readonly guildId: GuildId;
  readonly observation: JoinObserved;
  readonly profile: Profile;
  readonly facts: JoinFacts;
}

/**
 * Reads GUILD_MEMBER_ADD. A null `joined_at` belongs to a guest; an unreadable one is malformed.
 * @see https://docs.discord.com/developers/events/gateway-events#guild-member-add
 */
export function joinFromPayload(value: unknown, arrival: Arrival): Reading<JoinEvent> {
  const payload = objectOf(value);
  const guildId = idOf<GuildId>(payload.guild_id);
  if (guildId === null) return malformed('guild_id');
  const profile = profileFromPayload(payload.user);
  if (profile === null) return malformed('user.id');
  const joinedAt = timeOf(payload.joined_at);
  if (joinedAt === null && payload.joined_at !== null) return malformed('joined_at');
  const flags = flagsOf(payload.flags);
  return read({
    guildId,
    profile,
    facts: {
      pending: payload.pending === true,
      quarantinedName: (flags & QUARANTINED_NAME) !== 0,
    },
    observation: {
      kind: 'join',
      at: arrival.at,
      userId: profile.userId,
      joinedAt,
      bot: profile.bot,
      guest: (flags & IS_GUEST) !== 0 || joinedAt === null,
      roleIds: idsOf<RoleId>(payload.roles),
      replayed: arrival.replayed,
      member: null,
    },
  });
}

/** GUILD_MEMBER_REMOVE. */
export interface LeaveEvent {
  readonly guildId: GuildId;
  readonly observation: LeaveObserved;
  readonly profile: Profile;
}

/**
 * Reads GUILD_MEMBER_REMOVE, which is the same for a leave, a kick, a ban and a prune.
 * @see https://docs.discord.com/developers/events/gateway-events#guild-member-remove
 */
export function leaveFromPayload(value: unknown, arrival: Arrival): Reading<LeaveEvent> {
  const payload = objectOf(value);
  const guildId = idOf<GuildId>(payload.guild_id);
  if (guildId === null) return malformed('guild_id');
  const profile = profileFromPayload(payload.user);
  if (profile === null) return malformed('user.id');
  const observation: LeaveObserved = { kind: 'leave', at: arrival.at, userId: profile.userId };
  return read({ guildId, observation, profile });
}

/** GUILD_MEMBER_UPDATE: who, with which roles, and since when. */
export interface MemberUpdate {
  readonly guildId: GuildId;
  readonly profile: Profile;
  readonly roleIds: readonly RoleId[];
  /** Null for guests, and where it cannot be read. */
  readonly joinedAt: number | null;
}

/**
 * Reads GUILD_MEMBER_UPDATE.
 * @see https://docs.discord.com/developers/events/gateway-events#guild-member-update
 */
export function memberUpdateFromPayload(value: unknown): Reading<MemberUpdate> {
  const payload = objectOf(value);
  const guildId = idOf<GuildId>(payload.guild_id);
  if (guildId === null) return malformed('guild_id');
  const profile = profileFromPayload(payload.user);
  if (profile === null) return malformed('user.id');
  return read({
    guildId,
    profile,
    roleIds: idsOf<RoleId>(payload.roles),
    joinedAt: timeOf(payload.joined_at),
  });
}
