import { type AuditEntry, auditPayload } from './audit-log.ts';
import { inviteCreatePayload, memberPayload, type Payload, userPayload } from './payloads.ts';
import { channelPermissions, guildPermissions, PERMISSIONS } from './permissions.ts';
import type { Snowflake } from './snowflake.ts';
import type { EndReason, Guild, Invite, Member, TruthRecord, User, World } from './world.ts';

/** Gateway intent bits that the emulator filters by. */
export const INTENTS = {
  GUILDS: 1 << 0,
  GUILD_MEMBERS: 1 << 1,
  GUILD_MODERATION: 1 << 2,
  GUILD_INVITES: 1 << 6,
  GUILD_PRESENCES: 1 << 8,
  MESSAGE_CONTENT: 1 << 15,
} as const;

/** What the statistics must know of an event without parsing its payload. */
export type Subject = {
  readonly userId?: Snowflake;
  readonly code?: string;
  readonly repeat?: boolean;
};

/** One gateway event, ready for every session that may see it. */
export type Dispatch = {
  readonly event: string;
  readonly guildId: Snowflake;
  /** Intent bits of which a session needs one; 0 goes to everybody. */
  readonly intent: number;
  readonly payload: unknown;
  readonly subject: Subject;
};

/** Something that happened in the world, for the statistics. */
export type Note =
  | {
      readonly kind: 'counted';
      readonly guildId: Snowflake;
      readonly code: string;
      readonly vanity: boolean;
    }
  | {
      readonly kind: 'ended';
      readonly guildId: Snowflake;
      readonly code: string;
      readonly by: EndReason;
    }
  | { readonly kind: 'joined'; readonly guildId: Snowflake; readonly record: TruthRecord }
  | { readonly kind: 'repeated'; readonly guildId: Snowflake; readonly userId: Snowflake }
  | { readonly kind: 'gap'; readonly guildId: Snowflake }
  | {
      readonly kind: 'searched';
      readonly guildId: Snowflake;
      readonly cold: boolean;
      readonly unindexed: number;
      readonly former: number;
    };

/** What an action or a request did: events for the sessions, notes for the statistics. */
export type Outcome = { readonly dispatches: readonly Dispatch[]; readonly notes: readonly Note[] };

/** The scope of one action: what it reads, and what it leaves behind. */
export type Turn = {
  readonly world: World;
  readonly atMs: number;
  readonly dispatches: Dispatch[];
  readonly notes: Note[];
};

/** Adds an event if the bot is in the guild to hear it. */
export function emit(
  turn: Turn,
  guild: Guild,
  event: string,
  intent: number,
  payload: Payload,
  subject: Subject = {},
): void {
  if (!guild.botPresent || guild.unavailable) return;
  turn.dispatches.push({ event, guildId: guild.id, intent, payload, subject });
}

/** GUILD_MEMBER_ADD. */
export function emitMemberAdd(
  turn: Turn,
  guild: Guild,
  member: Member,
  options: { readonly joinedAtMs?: number; readonly repeat?: boolean; readonly code?: string } = {},
): void {
  const payload = { ...memberPayload(member, options.joinedAtMs), guild_id: guild.id };
  emit(turn, guild, 'GUILD_MEMBER_ADD', INTENTS.GUILD_MEMBERS, payload, {
    userId: member.user.id,
    ...(options.code === undefined ? {} : { code: options.code }),
    ...(options.repeat === true ? { repeat: true } : {}),
  });
}

/** GUILD_MEMBER_REMOVE. */
export function emitMemberRemove(turn: Turn, guild: Guild, user: User): void {
  const payload = { guild_id: guild.id, user: userPayload(user) };
  emit(turn, guild, 'GUILD_MEMBER_REMOVE', INTENTS.GUILD_MEMBERS, payload, { userId: user.id });
}

/** GUILD_MEMBER_UPDATE; the bot hears of itself without the intent. */
export function emitMemberUpdate(turn: Turn, guild: Guild, member: Member): void {
  const payload = { ...memberPayload(member), guild_id: guild.id };
  const intent = member.user.id === turn.world.bot.id ? 0 : INTENTS.GUILD_MEMBERS;
  emit(turn, guild, 'GUILD_MEMBER_UPDATE', intent, payload, { userId: member.user.id });
}

/** INVITE_CREATE, only where the bot manages the channel. */
export function emitInviteCreate(turn: Turn, guild: Guild, invite: Invite): void {
  if (!managesChannel(turn.world, guild, invite.channelId)) return;
  const payload = inviteCreatePayload(turn.world, guild, invite);
  emit(turn, guild, 'INVITE_CREATE', INTENTS.GUILD_INVITES, payload, { code: invite.code });
}

/** INVITE_DELETE, only where the bot manages the channel. */
export function emitInviteDelete(turn: Turn, guild: Guild, code: string, channelId: string): void {
  if (!managesChannel(turn.world, guild, channelId)) return;
  const payload = { guild_id: guild.id, channel_id: channelId, code };
  emit(turn, guild, 'INVITE_DELETE', INTENTS.GUILD_INVITES, payload, { code });
}

/** GUILD_AUDIT_LOG_ENTRY_CREATE, only for a bot that may view the audit log. */
export function emitAudit(turn: Turn, guild: Guild, entry: AuditEntry): void {
  const bits = guildPermissions(guild, turn.world.bot.id);
  if ((bits & PERMISSIONS.VIEW_AUDIT_LOG) === 0n) return;
  const payload = { ...auditPayload(entry), guild_id: guild.id };
  emit(turn, guild, 'GUILD_AUDIT_LOG_ENTRY_CREATE', INTENTS.GUILD_MODERATION, payload);
}

function managesChannel(world: World, guild: Guild, channelId: Snowflake): boolean {
  const channel = guild.channels.get(channelId);
  if (channel === undefined) return false;
  const bits = channelPermissions(guild, channel, world.bot.id);
  return (bits & PERMISSIONS.MANAGE_CHANNELS) !== 0n;
}
