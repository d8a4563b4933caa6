import type { ChannelId, GuildId, InviteCode, RoleId, UserId } from '../engine/ids.ts';
import type { InviteCreated, InviteDeleted, InviteReading } from '../engine/observation.ts';
import {
  codeOf,
  countOf,
  flagsOf,
  isObject,
  listOf,
  malformed,
  objectOf,
  type Payload,
  type Reading,
  read,
} from './payload.ts';
import { type Profile, profileFromPayload } from './profile.ts';
import { idOf, idsOf } from './snowflake.ts';
import { timeOf } from './timestamp.ts';

/** Invite flag IS_APPLICATION_BYPASS (unofficial): skips the join request queue. */
const APPLICATION_BYPASS = 1 << 3;

/** What an invite list says. */
export interface InviteList {
  readonly invites: readonly InviteReading[];
  /** False if anything in it could not be read: then a missing code proves nothing. */
  readonly complete: boolean;
}

/**
 * Reads the answer of `GET /guilds/{guild.id}/invites`. Entries that are null, broken, doubled or
 * of another guild are left out and make the list incomplete: an answer that holds such a thing
 * proves no absence. A missing `uses` stays null; it is not 0.
 * @see https://docs.discord.com/developers/resources/guild#get-guild-invites
 */
export function inviteReadingsFromPayload(value: unknown, guildId: GuildId): InviteList {
  if (!Array.isArray(value)) return { invites: [], complete: false };
  const byCode = new Map<InviteCode, InviteReading>();
  for (const entry of value) {
    const invite = listEntry(entry, guildId);
    if (invite !== null && !byCode.has(invite.code)) byCode.set(invite.code, invite);
  }
  return { invites: [...byCode.values()], complete: byCode.size === value.length };
}

function listEntry(value: unknown, guildId: GuildId): InviteReading | null {
  if (!isObject(value)) return null;
  const owner = value.guild_id ?? objectOf(value.guild).id;
  if (owner !== undefined && owner !== guildId) return null;
  return inviteFromPayload(value);
}

function inviteFromPayload(invite: Payload): InviteReading | null {
  const code = codeOf(invite.code);
  if (code === null) return null;
  const createdAt = timeOf(invite.created_at);
  return {
    code,
    inviterId: idOf<UserId>(objectOf(invite.inviter).id),
    channelId: idOf<ChannelId>(objectOf(invite.channel).id) ?? idOf<ChannelId>(invite.channel_id),
    uses: countOf(invite.uses),
    maxUses: countOf(invite.max_uses) ?? 0,
    createdAt,
    expiresAt: timeOf(invite.expires_at) ?? expiryFromAge(createdAt, invite.max_age),
    roleIds: rolesOf(invite),
    targeted: isPresent(invite.target_users_job_status),
    bypass: (flagsOf(invite.flags) & APPLICATION_BYPASS) !== 0,
  };
}

/** When an invite ends that was made at `createdAt` for `maxAge` seconds; null for never. */
export function expiryFromAge(createdAt: number | null, maxAge: unknown): number | null {
  const seconds = countOf(maxAge) ?? 0;
  return createdAt === null || seconds === 0 ? null : createdAt + seconds * 1000;
}

// The list carries partial roles, INVITE_CREATE only their ids.
function rolesOf(invite: Payload): readonly RoleId[] {
  const partial = listOf(invite.roles).flatMap((role) => idOf<RoleId>(objectOf(role).id) ?? []);
  return partial.length > 0 ? partial : idsOf<RoleId>(invite.role_ids);
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** The people named as inviters in an invite list, each once. */
export function invitersFromPayload(value: unknown): readonly Profile[] {
  const inviters = new Map<UserId, Profile>();
  for (const entry of listOf(value)) {
    const inviter = profileFromPayload(objectOf(entry).inviter);
    if (inviter !== null) inviters.set(inviter.userId, inviter);
  }
  return [...inviters.values()];
}

/** INVITE_CREATE. */
export interface InviteCreateEvent {
  readonly guildId: GuildId;
  readonly inviter: Profile | null;
  readonly observation: InviteCreated;
}

/**
 * Reads INVITE_CREATE. Its `uses` is always 0 and says nothing: left out.
 * @see https://docs.discord.com/developers/events/gateway-events#invite-create
 */
export function inviteCreatedFromPayload(value: unknown, at: number): Reading<InviteCreateEvent> {
  const payload = objectOf(value);
  const guildId = idOf<GuildId>(payload.guild_id);
  if (guildId === null) return malformed('guild_id');
  const invite = inviteFromPayload(payload);
  if (invite === null) return malformed('code');
  return read({
    guildId,
    inviter: profileFromPayload(payload.inviter),
    observation: { kind: 'invite-created', at, invite: { ...invite, uses: null } },
  });
}

/** INVITE_DELETE. */
export interface InviteDeleteEvent {
  readonly guildId: GuildId;
  readonly observation: InviteDeleted;
}

/**
 * Reads INVITE_DELETE: that an invite ended, not why.
 * @see https://docs.discord.com/developers/events/gateway-events#invite-delete
 */
export function inviteDeletedFromPayload(value: unknown, at: number): Reading<InviteDeleteEvent> {
  const payload = objectOf(value);
  const guildId = idOf<GuildId>(payload.guild_id);
  if (guildId === null) return malformed('guild_id');
  const code = codeOf(payload.code);
  if (code === null) return malformed('code');
  const channelId = idOf<ChannelId>(payload.channel_id);
  return read({ guildId, observation: { kind: 'invite-deleted', at, code, channelId } });
}

/** The vanity link and its counter; both may be null, and a null proves nothing. */
export interface VanityReading {
  readonly code: InviteCode | null;
  readonly uses: number | null;
}

/**
 * Reads the answer of `GET /guilds/{guild.id}/vanity-url`.
 * @see https://docs.discord.com/developers/resources/guild#get-guild-vanity-url
 */
export function vanityFromPayload(value: unknown): Reading<VanityReading> {
  if (!isObject(value)) return malformed('');
  const code = codeOf(value.code);
  if (code === null && isPresent(value.code) && value.code !== '') return malformed('code');
  return read({ code, uses: code === null ? null : countOf(value.uses) });
}
