import type { ChannelId, GuildId, InviteCode, RoleId, UserId } from '../engine/ids.ts';
import {
  codeOf,
  countOf,
  flagsOf,
  listOf,
  malformed,
  objectOf,
  type Payload,
  type Reading,
  read,
  textOf,
} from './payload.ts';
import {
  type ChannelReading,
  overwriteFromPayload,
  type RoleReading,
  roleFromPayload,
} from './permissions.ts';
import { idOf, idsOf } from './snowflake.ts';
import { timeOf } from './timestamp.ts';

/** Channel flag CHANNEL_OBFUSCATED: we may not view it, so name and overwrites are not real. */
const OBFUSCATED = 1 << 17;
const MANUAL_APPROVAL = 'MEMBER_VERIFICATION_MANUAL_APPROVAL';

/** What GUILD_CREATE and GUILD_UPDATE both tell of a guild. */
export interface GuildReading {
  readonly guildId: GuildId;
  readonly name: string;
  readonly ownerId: UserId | null;
  readonly vanityCode: InviteCode | null;
  /** Members join by approval. */
  readonly manualApproval: boolean;
  readonly roles: readonly RoleReading[];
}

/** GUILD_CREATE. */
export interface GuildArrival extends GuildReading {
  /** An outage: the rest of the payload is missing. */
  readonly unavailable: boolean;
  readonly memberCount: number | null;
  readonly channels: readonly ChannelReading[];
  /** Our own roles; null if Discord left us out of `members`. */
  readonly myRoleIds: readonly RoleId[] | null;
  /** When the bot was added. */
  readonly addedAt: number | null;
}

/**
 * Reads GUILD_CREATE, which stands for the first load, the end of an outage, and the bot being
 * added.
 * @see https://docs.discord.com/developers/events/gateway-events#guild-create
 */
export function guildFromPayload(value: unknown, myId: UserId): Reading<GuildArrival> {
  const payload = objectOf(value);
  const guild = guildReading(payload);
  if (guild === null) return malformed('id');
  return read({
    ...guild,
    unavailable: payload.unavailable === true,
    memberCount: countOf(payload.member_count),
    channels: listOf(payload.channels).flatMap((channel) => channelReading(channel) ?? []),
    myRoleIds: rolesOfMember(payload, myId),
    addedAt: timeOf(payload.joined_at),
  });
}

function rolesOfMember(guild: Payload, userId: UserId): readonly RoleId[] | null {
  const members = listOf(guild.members).map(objectOf);
  const me = members.find((member) => objectOf(member.user).id === userId);
  return me === undefined ? null : idsOf<RoleId>(me.roles);
}

/**
 * Reads GUILD_UPDATE.
 * @see https://docs.discord.com/developers/events/gateway-events#guild-update
 */
export function guildUpdateFromPayload(value: unknown): Reading<GuildReading> {
  const guild = guildReading(objectOf(value));
  return guild === null ? malformed('id') : read(guild);
}

function guildReading(payload: Payload): GuildReading | null {
  const guildId = idOf<GuildId>(payload.id);
  if (guildId === null) return null;
  return {
    guildId,
    name: textOf(payload.name) ?? guildId,
    ownerId: idOf<UserId>(payload.owner_id),
    vanityCode: codeOf(payload.vanity_url_code),
    manualApproval: listOf(payload.features).includes(MANUAL_APPROVAL),
    roles: listOf(payload.roles).flatMap((role) => roleFromPayload(role) ?? []),
  };
}

/** GUILD_DELETE: `removed` is the bot's removal, otherwise an outage. */
export interface GuildDeparture {
  readonly guildId: GuildId;
  readonly removed: boolean;
}

/**
 * Reads GUILD_DELETE, and the unavailable guilds of READY.
 * @see https://docs.discord.com/developers/events/gateway-events#guild-delete
 */
export function guildDeleteFromPayload(value: unknown): Reading<GuildDeparture> {
  const payload = objectOf(value);
  const guildId = idOf<GuildId>(payload.id);
  if (guildId === null) return malformed('id');
  // Only a missing (or false) field means removal; data is deleted only then.
  return read({ guildId, removed: payload.unavailable !== true });
}

/** A channel event. */
export interface ChannelEvent {
  readonly guildId: GuildId;
  readonly channel: ChannelReading;
}

/** Reads CHANNEL_CREATE, CHANNEL_UPDATE and CHANNEL_DELETE. */
export function channelFromPayload(value: unknown): Reading<ChannelEvent> {
  const guildId = idOf<GuildId>(objectOf(value).guild_id);
  if (guildId === null) return malformed('guild_id');
  const channel = channelReading(value);
  return channel === null ? malformed('id') : read({ guildId, channel });
}

function channelReading(value: unknown): ChannelReading | null {
  const channel = objectOf(value);
  const id = idOf<ChannelId>(channel.id);
  const type = countOf(channel.type);
  if (id === null || type === null) return null;
  const obfuscated = (flagsOf(channel.flags) & OBFUSCATED) !== 0;
  if (obfuscated) return { id, name: '', type, overwrites: [], obfuscated };
  const overwrites = listOf(channel.permission_overwrites);
  return {
    id,
    name: textOf(channel.name) ?? '',
    type,
    overwrites: overwrites.flatMap((overwrite) => overwriteFromPayload(overwrite) ?? []),
    obfuscated,
  };
}

/** A role event; `role` is null when the role was deleted. */
export interface RoleEvent {
  readonly guildId: GuildId;
  readonly roleId: RoleId;
  readonly role: RoleReading | null;
}

/** Reads GUILD_ROLE_CREATE, GUILD_ROLE_UPDATE (with `role`) and GUILD_ROLE_DELETE (`role_id`). */
export function roleEventFromPayload(value: unknown): Reading<RoleEvent> {
  const payload = objectOf(value);
  const guildId = idOf<GuildId>(payload.guild_id);
  if (guildId === null) return malformed('guild_id');
  const role = roleFromPayload(payload.role);
  const roleId = role?.id ?? idOf<RoleId>(payload.role_id);
  return roleId === null ? malformed('role.id') : read({ guildId, roleId, role });
}

/** READY: who we are, and the guilds whose GUILD_CREATE will follow. */
export interface ReadyReading {
  readonly myId: UserId;
  readonly guildIds: readonly GuildId[];
  /** What a later process needs to resume the session; null if Discord left it out. */
  readonly sessionId: string | null;
  readonly resumeUrl: string | null;
  readonly shardCount: number;
}

/**
 * Reads READY.
 * @see https://docs.discord.com/developers/events/gateway-events#ready
 */
export function readyFromPayload(value: unknown): Reading<ReadyReading> {
  const payload = objectOf(value);
  const myId = idOf<UserId>(objectOf(payload.user).id);
  if (myId === null) return malformed('user.id');
  const guildIds = listOf(payload.guilds).flatMap(
    (guild) => idOf<GuildId>(objectOf(guild).id) ?? [],
  );
  const sessionId = textOf(payload.session_id);
  const resumeUrl = textOf(payload.resume_gateway_url);
  const shardCount = countOf(listOf(payload.shard)[1]) ?? 1;
  return read({ myId, guildIds, sessionId, resumeUrl, shardCount });
}
