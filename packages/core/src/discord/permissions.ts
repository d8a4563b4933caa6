import type { ChannelId, GuildId, RoleId, UserId } from '../engine/ids.ts';
import { objectOf } from './payload.ts';
import { idOf } from './snowflake.ts';

/**
 * The permissions that this bot has a use for.
 * @see https://docs.discord.com/developers/topics/permissions
 */
export const PERMISSION = {
  createInstantInvite: 1n << 0n,
  administrator: 1n << 3n,
  manageChannels: 1n << 4n,
  manageGuild: 1n << 5n,
  viewAuditLog: 1n << 7n,
  viewChannel: 1n << 10n,
  sendMessages: 1n << 11n,
  embedLinks: 1n << 14n,
  readMessageHistory: 1n << 16n,
  manageRoles: 1n << 28n,
} as const;

const EVERYTHING = (1n << 64n) - 1n;

/** A role with what it allows. */
export interface RoleReading {
  readonly id: RoleId;
  readonly permissions: bigint;
}

/** An exception for a role or a member on one channel. */
export interface Overwrite {
  readonly id: RoleId | UserId;
  readonly type: 'role' | 'member';
  readonly allow: bigint;
  readonly deny: bigint;
}

/** Who asks what they may do, and in which guild. */
export interface MemberStanding {
  readonly guildId: GuildId;
  readonly userId: UserId;
  readonly roleIds: readonly RoleId[];
  readonly ownerId: UserId | null;
}

/**
 * What a member may do in the guild as a whole. `permissionsOf` answers for a role id; the role of
 * @everyone has the id of the guild.
 */
export function guildPermissions(
  member: MemberStanding,
  permissionsOf: (roleId: RoleId) => bigint | undefined,
): bigint {
  if (member.ownerId === member.userId) return EVERYTHING;
  let permissions = permissionsOf(everyoneRole(member.guildId)) ?? 0n;
  for (const roleId of member.roleIds) permissions |= permissionsOf(roleId) ?? 0n;
  return (permissions & PERMISSION.administrator) !== 0n ? EVERYTHING : permissions;
}

/** The id of the role that every member has. */
export function everyoneRole(guildId: GuildId): RoleId {
  return guildId as string as RoleId;
}

/**
 * What a member may do in one channel: first the exception of @everyone, then those of the
 * member's roles together, then the member's own. Without View Channel nothing is left.
 */
export function channelPermissions(
  base: bigint,
  member: MemberStanding,
  overwrites: readonly Overwrite[],
): bigint {
  if ((base & PERMISSION.administrator) !== 0n) return base;
  const everyone = everyoneRole(member.guildId);
  let permissions = apply(
    base,
    overwrites.filter((entry) => entry.id === everyone),
  );
  permissions = apply(
    permissions,
    overwrites.filter((entry) => isOwnRole(entry, member)),
  );
  permissions = apply(
    permissions,
    overwrites.filter((entry) => isOwn(entry, member)),
  );
  return (permissions & PERMISSION.viewChannel) === 0n ? 0n : permissions;
}

function isOwnRole(overwrite: Overwrite, member: MemberStanding): boolean {
  return overwrite.type === 'role' && member.roleIds.includes(overwrite.id as RoleId);
}

function isOwn(overwrite: Overwrite, member: MemberStanding): boolean {
  return overwrite.type === 'member' && overwrite.id === member.userId;
}

function apply(permissions: bigint, overwrites: readonly Overwrite[]): bigint {
  let allow = 0n;
  let deny = 0n;
  for (const overwrite of overwrites) {
    allow |= overwrite.allow;
    deny |= overwrite.deny;
  }
  return (permissions & ~deny) | allow;
}

/** What the permissions mean for tracking: counts in the invite list, and the audit log. */
export function accessOf(permissions: bigint): { counts: boolean; auditLog: boolean } {
  return {
    counts: (permissions & PERMISSION.manageGuild) !== 0n,
    auditLog: (permissions & PERMISSION.viewAuditLog) !== 0n,
  };
}

/** Reads a role object; null without a usable id. Unreadable permissions allow nothing. */
export function roleFromPayload(value: unknown): RoleReading | null {
  const role = objectOf(value);
  const id = idOf<RoleId>(role.id);
  return id === null ? null : { id, permissions: bitsOf(role.permissions) };
}

/** Reads an overwrite; null without a usable id or kind. */
export function overwriteFromPayload(value: unknown): Overwrite | null {
  const overwrite = objectOf(value);
  const id = idOf<RoleId | UserId>(overwrite.id);
  if (id === null || (overwrite.type !== 0 && overwrite.type !== 1)) return null;
  return {
    id,
    type: overwrite.type === 0 ? 'role' : 'member',
    allow: bitsOf(overwrite.allow),
    deny: bitsOf(overwrite.deny),
  };
}

const BITS = /^\d{1,40}$/;

function bitsOf(value: unknown): bigint {
  return typeof value === 'string' && BITS.test(value) ? BigInt(value) : 0n;
}

/** A channel with what decides whether the bot may write there. */
export interface ChannelReading {
  readonly id: ChannelId;
  /** Empty for an obfuscated channel: the name that Discord sends there is none. */
  readonly name: string;
  readonly type: number;
  readonly overwrites: readonly Overwrite[];
  /** The bot may not view it; name and overwrites are not the real ones. */
  readonly obfuscated: boolean;
}
