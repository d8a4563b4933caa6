import { ActionError, type ActionOf, type InviteSpec, type Results } from './action.ts';
import { AUDIT, type AuditChange, writeAudit } from './audit-log.ts';
import { createCounter, setCounter } from './counter.ts';
import { emitAudit, emitInviteCreate, emitInviteDelete, type Turn } from './dispatch.ts';
import { guildOf, inviteOf } from './find.ts';
import { endInvite, freshCode } from './invites.ts';
import type { Guild, Invite } from './world.ts';

/** Puts an invite into a guild without telling anybody. */
export function placeInvite(turn: Turn, guild: Guild, spec: InviteSpec): Invite {
  const code = spec.code ?? freshCode(turn.world);
  if (turn.world.codes.has(code)) throw new ActionError(`code ${code} is taken`);
  const channelId = spec.channelId ?? [...guild.channels.keys()][0];
  if (channelId === undefined || !guild.channels.has(channelId)) {
    throw new ActionError(`no channel for the invite ${code} in ${guild.id}`);
  }
  const invite: Invite = {
    code,
    guildId: guild.id,
    channelId,
    inviterId: spec.inviterId === undefined ? guild.ownerId : spec.inviterId,
    createdAtMs: spec.createdAtMs ?? turn.atMs,
    maxAgeS: spec.maxAgeS ?? 0,
    maxUses: spec.maxUses ?? 0,
    temporary: spec.temporary ?? false,
    roleIds: spec.roleIds ?? [],
    targetUserIds: spec.targetUserIds ?? null,
    counter: createCounter(spec.uses ?? 0),
    ended: null,
  };
  guild.invites.set(code, invite);
  turn.world.codes.set(code, guild.id);
  return invite;
}

/** Someone creates an invite: INVITE_CREATE (unless silenced) and audit entry 40. */
export function createInvite(
  turn: Turn,
  action: ActionOf<'createInvite'>,
): Results['createInvite'] {
  const guild = guildOf(turn.world, action.guildId);
  const invite = placeInvite(turn, guild, action);
  announceCreation(turn, guild, invite, action.announce !== false);
  return { code: invite.code };
}

/** Writes audit entry 40 and sends both events; `announce` false leaves only the entry. */
export function announceCreation(
  turn: Turn,
  guild: Guild,
  invite: Invite,
  announce: boolean,
): void {
  const entry = writeAudit(turn.world, guild, turn.atMs, {
    userId: invite.inviterId,
    targetId: null,
    action: AUDIT.inviteCreate,
    changes: inviteChanges(invite, 'new_value'),
  });
  if (!announce) return;
  emitInviteCreate(turn, guild, invite);
  emitAudit(turn, guild, entry);
}

/** A moderator revokes an invite: INVITE_DELETE and audit entry 42 with the last count. */
export function deleteInvite(
  turn: Turn,
  action: ActionOf<'deleteInvite'>,
): Results['deleteInvite'] {
  const guild = guildOf(turn.world, action.guildId);
  const invite = inviteOf(guild, action.code);
  const by = action.byId ?? guild.ownerId;
  revoke(turn, guild, invite, { byId: by, announce: action.announce !== false });
  return {};
}

/** Ends an invite by decision of a person. */
export function revoke(
  turn: Turn,
  guild: Guild,
  invite: Invite,
  how: { readonly byId: string; readonly announce: boolean; readonly reason?: string | null },
): void {
  endInvite(turn, guild, invite, 'revoked');
  const entry = writeAudit(turn.world, guild, turn.atMs, {
    userId: how.byId,
    targetId: null,
    action: AUDIT.inviteDelete,
    changes: inviteChanges(invite, 'old_value'),
    reason: how.reason ?? null,
  });
  if (!how.announce) return;
  emitInviteDelete(turn, guild, invite.code, invite.channelId);
  emitAudit(turn, guild, entry);
}

function inviteChanges(invite: Invite, side: 'old_value' | 'new_value'): AuditChange[] {
  const change = (key: string, value: unknown): AuditChange => ({ key, [side]: value });
  return [
    change('code', invite.code),
    change('channel_id', invite.channelId),
    ...(invite.inviterId === null ? [] : [change('inviter_id', invite.inviterId)]),
    change('uses', invite.counter.uses),
    change('max_uses', invite.maxUses),
    change('max_age', invite.maxAgeS),
    change('temporary', invite.temporary),
    change('flags', 0),
  ];
}

/** An invite runs out of time: gone from REST, and nobody is told. */
export function expireInvite(
  turn: Turn,
  action: ActionOf<'expireInvite'>,
): Results['expireInvite'] {
  const guild = guildOf(turn.world, action.guildId);
  endInvite(turn, guild, inviteOf(guild, action.code), 'expired');
  return {};
}

/** An invite is gone for no stated reason. */
export function vanishInvite(
  turn: Turn,
  action: ActionOf<'vanishInvite'>,
): Results['vanishInvite'] {
  const guild = guildOf(turn.world, action.guildId);
  endInvite(turn, guild, inviteOf(guild, action.code), 'vanished');
  return {};
}

/** INVITE_CREATE by itself, for an invite placed silently before. */
export function inviteCreateEvent(
  turn: Turn,
  action: ActionOf<'inviteCreateEvent'>,
): Results['inviteCreateEvent'] {
  const guild = guildOf(turn.world, action.guildId);
  const invite =
    guild.invites.get(action.code) ?? guild.ended.find((gone) => gone.code === action.code);
  if (invite === undefined) throw new ActionError(`no invite ${action.code} in ${guild.id}`);
  emitInviteCreate(turn, guild, invite);
  return {};
}

/** INVITE_DELETE by itself, for a code that is gone or never was. */
export function inviteDeleteEvent(
  turn: Turn,
  action: ActionOf<'inviteDeleteEvent'>,
): Results['inviteDeleteEvent'] {
  const guild = guildOf(turn.world, action.guildId);
  const invite =
    guild.invites.get(action.code) ?? guild.ended.find((gone) => gone.code === action.code);
  const channelId = action.channelId ?? invite?.channelId ?? [...guild.channels.keys()][0];
  if (channelId === undefined) throw new ActionError(`no channel for ${action.code}`);
  emitInviteDelete(turn, guild, action.code, channelId);
  return {};
}

/** Moves a count without a join; it may fall. */
export function setUses(turn: Turn, action: ActionOf<'setUses'>): Results['setUses'] {
  const invite = inviteOf(guildOf(turn.world, action.guildId), action.code);
  setCounter(invite.counter, action.uses, turn.atMs);
  return {};
}
