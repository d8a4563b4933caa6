import {
  ActionError,
  type ActionOf,
  type JoinDetails,
  type JoinResult,
  type Results,
  type Via,
} from './action.ts';
import { AUDIT, writeAudit } from './audit-log.ts';
import {
  emitAudit,
  emitInviteDelete,
  emitMemberAdd,
  emitMemberRemove,
  emitMemberUpdate,
  type Turn,
} from './dispatch.ts';
import { createUser, guildOf, inviteOf } from './find.ts';
import { countUse, countVanityUse } from './invites.ts';
import { createMember, dropMember, findMember } from './members.ts';
import { timestamp } from './snowflake.ts';
import { sourceOf } from './sources.ts';
import type { Guild, Invite, Member, Origin, TruthRecord, User } from './world.ts';

/** A whole join, as Discord does it: count, end at the limit, event. */
export function join(turn: Turn, action: ActionOf<'join'>): Results['join'] {
  const guild = guildOf(turn.world, action.guildId);
  const user = joiner(turn, guild, action, action.via.kind === 'bot');
  const { origin, invite } = enter(turn, guild, action.via, action.addBeforeDelete !== true);
  if (origin.kind === 'bot') auditBot(turn, guild, user, origin.adderId);
  const result = seat(turn, guild, user, { origin, roleIds: invite?.roleIds ?? [] }, action);
  if (action.addBeforeDelete === true && invite?.ended?.by === 'limit') {
    emitInviteDelete(turn, guild, invite.code, invite.channelId);
  }
  return result;
}

/** Takes one use from wherever the joiner comes in and says what that makes the origin. */
function enter(
  turn: Turn,
  guild: Guild,
  via: Via,
  announceEnd: boolean,
): { readonly origin: Origin; readonly invite?: Invite } {
  switch (via.kind) {
    case 'invite': {
      refusePaused(guild);
      const invite = inviteOf(guild, via.code);
      countUse(turn, guild, invite, announceEnd);
      return { origin: { kind: 'invite', code: invite.code, inviterId: invite.inviterId }, invite };
    }
    case 'vanity': {
      refusePaused(guild);
      if (guild.vanity === null) throw new ActionError(`guild ${guild.id} has no vanity code`);
      countVanityUse(turn, guild, guild.vanity);
      return { origin: { kind: 'vanity', code: guild.vanity.code } };
    }
    case 'none':
      return { origin: noInvite(via) };
    case 'bot':
      return { origin: { kind: 'bot', adderId: via.adderId ?? guild.ownerId } };
  }
}

function noInvite({ path = 'discovery', byId }: Extract<Via, { kind: 'none' }>): Origin {
  return { kind: 'none', path, ...(byId === undefined ? {} : { byId }) };
}

function refusePaused(guild: Guild): void {
  if (guild.features.has('INVITES_DISABLED'))
    throw new ActionError(`invites of ${guild.id} are paused`);
}

function joiner(turn: Turn, guild: Guild, details: JoinDetails, isBot: boolean): User {
  if (details.userId !== undefined && findMember(guild, details.userId) !== null) {
    throw new ActionError(`${details.userId} is already a member of ${guild.id}`);
  }
  const known = details.userId === undefined ? undefined : turn.world.users.get(details.userId);
  return known ?? createUser(turn.world, turn.atMs, { ...details, bot: details.bot ?? isBot });
}

/** The way somebody came in, for good. */
type Entry = {
  readonly origin: Origin;
  readonly roleIds?: readonly string[];
  /** As an application that waited for approval. */
  readonly isApproved?: boolean;
};

/** Makes the user a member, writes the truth, sends GUILD_MEMBER_ADD. */
function seat(
  turn: Turn,
  guild: Guild,
  user: User,
  entry: Entry,
  details: JoinDetails,
): JoinResult {
  const { origin, roleIds = [], isApproved = false } = entry;
  const joinedAtMs = details.joinedAtMs ?? turn.atMs;
  const { lagMs, chance } = turn.world.search;
  const member = createMember(user, joinedAtMs, {
    roleIds,
    pending: details.pending ?? false,
    flags: details.flags ?? 0,
    source: sourceOf(origin, isApproved),
    indexedAtMs: turn.atMs + chance.between(lagMs),
  });
  guild.members.set(user.id, member);
  const joinedAt = timestamp(joinedAtMs);
  const record: TruthRecord = {
    guildId: guild.id,
    userId: user.id,
    joinedAt,
    joinedAtMs,
    origin,
    leftAtMs: null,
  };
  turn.world.truth.push(record);
  turn.notes.push({ kind: 'joined', guildId: guild.id, record });
  const code = origin.kind === 'invite' || origin.kind === 'vanity' ? origin.code : undefined;
  emitMemberAdd(turn, guild, member, code === undefined ? {} : { code });
  return { userId: user.id, joinedAt, joinedAtMs };
}

function auditBot(turn: Turn, guild: Guild, bot: User, adderId: string | null): void {
  const entry = writeAudit(turn.world, guild, turn.atMs, {
    userId: adderId,
    targetId: bot.id,
    action: AUDIT.botAdd,
  });
  emitAudit(turn, guild, entry);
}

/** Counts uses only. At its limit the invite leaves the list; nothing is sent. */
export function count(turn: Turn, action: ActionOf<'count'>): Results['count'] {
  const guild = guildOf(turn.world, action.guildId);
  for (let left = action.times ?? 1; left > 0; left -= 1) {
    countUse(turn, guild, inviteOf(guild, action.code), false);
  }
  return {};
}

/** Counts vanity uses only. */
export function countVanity(turn: Turn, action: ActionOf<'countVanity'>): Results['countVanity'] {
  const guild = guildOf(turn.world, action.guildId);
  if (guild.vanity === null) throw new ActionError(`guild ${guild.id} has no vanity code`);
  for (let left = action.times ?? 1; left > 0; left -= 1) countVanityUse(turn, guild, guild.vanity);
  return {};
}

/** The member and the event only; what was counted, and when, is scripted apart. */
export function add(turn: Turn, action: ActionOf<'add'>): Results['add'] {
  const guild = guildOf(turn.world, action.guildId);
  const user = joiner(turn, guild, action, action.origin.kind === 'bot');
  if (action.origin.kind === 'bot') auditBot(turn, guild, user, action.origin.adderId);
  return seat(turn, guild, user, action, action);
}

/** GUILD_MEMBER_ADD once more for somebody who is there already. Not a join. */
export function repeatAdd(turn: Turn, action: ActionOf<'repeatAdd'>): Results['repeatAdd'] {
  const guild = guildOf(turn.world, action.guildId);
  const member = memberOf(guild, action.userId);
  const joinedAtMs = member.joinedAtMs + (action.joinedAtShiftMs ?? 0);
  turn.notes.push({ kind: 'repeated', guildId: guild.id, userId: action.userId });
  emitMemberAdd(turn, guild, member, { joinedAtMs, repeat: true });
  return {};
}

/** A member leaves. Counts stay as they are. */
export function leave(turn: Turn, action: ActionOf<'leave'>): Results['leave'] {
  unseat(turn, guildOf(turn.world, action.guildId), action.userId);
  return {};
}

/** A member is kicked: the remove event and audit entry 20. */
export function kick(turn: Turn, action: ActionOf<'kick'>): Results['kick'] {
  expel(turn, action, AUDIT.memberKick);
  return {};
}

/** A member is banned: the remove event and audit entry 22. */
export function ban(turn: Turn, action: ActionOf<'ban'>): Results['ban'] {
  expel(turn, action, AUDIT.memberBanAdd);
  return {};
}

function expel(turn: Turn, action: ActionOf<'kick'> | ActionOf<'ban'>, number: number): void {
  const guild = guildOf(turn.world, action.guildId);
  unseat(turn, guild, action.userId);
  const userId = action.byId ?? guild.ownerId;
  const draft = { userId, targetId: action.userId, action: number };
  emitAudit(turn, guild, writeAudit(turn.world, guild, turn.atMs, draft));
}

function unseat(turn: Turn, guild: Guild, userId: string): void {
  if (userId === turn.world.bot.id) throw new ActionError('the bot goes by removeBot');
  const member = memberOf(guild, userId);
  dropMember(guild, member, turn.atMs);
  const record = turn.world.truth.findLast(
    (entry) => entry.guildId === guild.id && entry.userId === userId && entry.leftAtMs === null,
  );
  if (record !== undefined) record.leftAtMs = turn.atMs;
  emitMemberRemove(turn, guild, member.user);
}

/** Changes a member: GUILD_MEMBER_UPDATE. */
export function updateMember(
  turn: Turn,
  action: ActionOf<'updateMember'>,
): Results['updateMember'] {
  const guild = guildOf(turn.world, action.guildId);
  const member = memberOf(guild, action.userId);
  if (action.pending !== undefined) member.pending = action.pending;
  if (action.roleIds !== undefined) member.roleIds = action.roleIds;
  emitMemberUpdate(turn, guild, member);
  return {};
}

/** Somebody applies to join: the counter rises at the click, and nothing is sent. */
export function requestJoin(turn: Turn, action: ActionOf<'requestJoin'>): Results['requestJoin'] {
  const guild = guildOf(turn.world, action.guildId);
  const user = joiner(turn, guild, action, false);
  const { origin } = enter(turn, guild, action.via, true);
  guild.requests.set(user.id, { user, origin, requestedAtMs: turn.atMs });
  return { userId: user.id };
}

/** The application is approved: now the member is there and the event goes out. */
export function approveJoin(turn: Turn, action: ActionOf<'approveJoin'>): Results['approveJoin'] {
  const guild = guildOf(turn.world, action.guildId);
  const request = guild.requests.get(action.userId);
  if (request === undefined) throw new ActionError(`${action.userId} did not apply to ${guild.id}`);
  guild.requests.delete(action.userId);
  const { user, origin } = request;
  return seat(turn, guild, user, { origin, isApproved: true }, action);
}

function memberOf(guild: Guild, userId: string): Member {
  const member = findMember(guild, userId);
  if (member === null) throw new ActionError(`${userId} is not a member of ${guild.id}`);
  return member;
}
