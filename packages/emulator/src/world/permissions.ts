import type { Channel, Guild } from './world.ts';

/** Discord's permission bits that the emulator knows, by Discord's names. */
export const PERMISSIONS = {
  CREATE_INSTANT_INVITE: 1n << 0n,
  KICK_MEMBERS: 1n << 1n,
  BAN_MEMBERS: 1n << 2n,
  ADMINISTRATOR: 1n << 3n,
  MANAGE_CHANNELS: 1n << 4n,
  MANAGE_GUILD: 1n << 5n,
  VIEW_AUDIT_LOG: 1n << 7n,
  VIEW_CHANNEL: 1n << 10n,
  SEND_MESSAGES: 1n << 11n,
  MANAGE_MESSAGES: 1n << 13n,
  EMBED_LINKS: 1n << 14n,
  READ_MESSAGE_HISTORY: 1n << 16n,
  MENTION_EVERYONE: 1n << 17n,
  CONNECT: 1n << 20n,
  MANAGE_ROLES: 1n << 28n,
} as const;

/** The name of a permission. */
export type PermissionName = keyof typeof PERMISSIONS;

/** What a bot has unless a guild says otherwise: all that an invite tracker asks for. */
export const TRACKER_PERMISSIONS: readonly PermissionName[] = [
  'MANAGE_GUILD',
  'MANAGE_CHANNELS',
  'VIEW_AUDIT_LOG',
  'VIEW_CHANNEL',
  'SEND_MESSAGES',
  'EMBED_LINKS',
  'READ_MESSAGE_HISTORY',
  'CREATE_INSTANT_INVITE',
  'MANAGE_ROLES',
];

/** The application flags of which either opens the privileged intent GUILD_MEMBERS. */
export const GUILD_MEMBERS_FLAGS = (1 << 14) | (1 << 15);

const EVERYTHING = Object.values(PERMISSIONS).reduce((all, bit) => all | bit, 0n);

/** Joins names into a bit set. */
export function permissionBits(names: readonly PermissionName[]): bigint {
  return names.reduce((bits, name) => bits | PERMISSIONS[name], 0n);
}

/** What a member may do in the guild, before any channel has its say. */
export function guildPermissions(guild: Guild, userId: string): bigint {
  if (guild.ownerId === userId) return EVERYTHING;
  const member = guild.members.get(userId);
  if (member === undefined) return 0n;
  let bits = guild.roles.get(guild.id)?.permissions ?? 0n;
  for (const roleId of member.roleIds) bits |= guild.roles.get(roleId)?.permissions ?? 0n;
  return (bits & PERMISSIONS.ADMINISTRATOR) === 0n ? bits : EVERYTHING;
}

/** What a member may do in one channel, with Discord's implicit losses applied. */
export function channelPermissions(guild: Guild, channel: Channel, userId: string): bigint {
  const base = guildPermissions(guild, userId);
  if ((base & PERMISSIONS.ADMINISTRATOR) !== 0n) return base;
  const roleIds = new Set(guild.members.get(userId)?.roleIds ?? []);
  let bits = applyOverwrites(base, channel, (id) => id === guild.id);
  bits = applyOverwrites(bits, channel, (id) => roleIds.has(id));
  bits = applyOverwrites(bits, channel, (id) => id === userId);
  return withImplicitLosses(bits, channel);
}

function applyOverwrites(base: bigint, channel: Channel, meant: (id: string) => boolean): bigint {
  let allow = 0n;
  let deny = 0n;
  for (const overwrite of channel.overwrites) {
    if (!meant(overwrite.id)) continue;
    allow |= overwrite.allow;
    deny |= overwrite.deny;
  }
  return (base & ~deny) | allow;
}

function withImplicitLosses(bits: bigint, channel: Channel): bigint {
  if ((bits & PERMISSIONS.VIEW_CHANNEL) === 0n) return 0n;
  let kept = bits;
  if ((kept & PERMISSIONS.SEND_MESSAGES) === 0n) {
    kept &= ~(PERMISSIONS.EMBED_LINKS | PERMISSIONS.MENTION_EVERYONE);
  }
  const isVoice = channel.type === 2 || channel.type === 13;
  if (isVoice && (kept & PERMISSIONS.CONNECT) === 0n) kept &= ~PERMISSIONS.MANAGE_CHANNELS;
  return kept;
}
