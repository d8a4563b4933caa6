import type {
  ChannelId,
  InviteCode,
  InviteReading,
  UserId,
} from '../../packages/core/src/index.ts';
import type { GivenGuild, GivenInvite, ListAnswer, Perms } from './notation.ts';

const DAY_MS = 86_400_000;
const LIFE_MS = 1_800_000;

/** One guild at Discord, as far as the rows need one: counters, permissions, what REST says. */
export interface SmallGuild {
  readonly invites: Map<string, LiveInvite>;
  vanity: { code: string; uses: number } | null;
  perms: Perms;
  latencyMs: number;
  readonly answers: { invites: ListAnswer; vanity: ListAnswer; members: ListAnswer };
}

export interface LiveInvite {
  readonly name: string;
  uses: number;
  readonly maxUses: number;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly inviterId: UserId | null;
}

export const CHANNEL = 'channel' as ChannelId;

/** Who made an invite: told by its name, so that a wrong inviter shows. */
export function inviterOf(name: string): UserId {
  return `owner-of-${name}` as UserId;
}

export function smallGuild(given: GivenGuild, startsAt: number): SmallGuild {
  const { invites, vanityUses, latencyMs, perms, vanityAnswer } = given;
  const live = invites.map((each) => liveInvite(each, startsAt, false));
  return {
    invites: new Map(live.map((each) => [each.name, each])),
    vanity: vanityUses === null ? null : { code: 'V', uses: vanityUses },
    perms,
    latencyMs,
    answers: { invites: 'ok', vanity: vanityAnswer, members: 'ok' },
  };
}

/** An invite that is there when the row begins, or one that is made now. */
export function liveInvite(given: GivenInvite, at: number, now: boolean): LiveInvite {
  const { name, uses, maxUses, expiresInMs, inviter } = given;
  const expiresAt = expiresInMs === null ? null : at + expiresInMs;
  const createdAt = now ? at : expiresAt === null ? at - DAY_MS : expiresAt - LIFE_MS;
  return { name, uses, maxUses, createdAt, expiresAt, inviterId: inviter ? inviterOf(name) : null };
}

/** Discord counts a use; an invite that reaches its limit is gone from the list. */
export function count(guild: SmallGuild, code: string): void {
  if (guild.vanity?.code === code) {
    guild.vanity.uses += 1;
    return;
  }
  const invite = guild.invites.get(code);
  if (!invite) throw new Error(`no invite ${code} to use`);
  invite.uses += 1;
  if (invite.maxUses > 0 && invite.uses >= invite.maxUses) guild.invites.delete(code);
}

export function readingOf(invite: LiveInvite, counts: boolean): InviteReading {
  return {
    code: invite.name as InviteCode,
    inviterId: invite.inviterId,
    channelId: CHANNEL,
    uses: counts ? invite.uses : null,
    maxUses: invite.maxUses,
    createdAt: invite.createdAt,
    expiresAt: invite.expiresAt,
    roleIds: [],
    targeted: false,
    bypass: false,
  };
}

export function accessOf(perms: Perms): { readonly counts: boolean; readonly auditLog: boolean } {
  const counts = perms === 'all' || perms === 'manage';
  return { counts, auditLog: perms === 'all' || perms === 'audit' };
}

export type RestAnswer<Body> = Body | 'refused' | 'unavailable';

/** GET invites: without Manage Server but with View Audit Log the counts are left out (Q2). */
export function listInvites(guild: SmallGuild, at: number): RestAnswer<readonly InviteReading[]> {
  for (const { name, expiresAt } of guild.invites.values()) {
    if (expiresAt !== null && expiresAt <= at) guild.invites.delete(name);
  }
  const failure = failureOf(guild.answers.invites);
  if (failure) return failure;
  const { counts, auditLog } = accessOf(guild.perms);
  if (!counts && !auditLog) return 'refused';
  const shown = counts && guild.answers.invites !== 'uncounted';
  return [...guild.invites.values()].map((invite) => readingOf(invite, shown));
}

export function readVanity(guild: SmallGuild): RestAnswer<{ code: string; uses: number } | null> {
  const failure = failureOf(guild.answers.vanity);
  if (failure) return failure;
  if (!accessOf(guild.perms).counts) return 'refused';
  return guild.vanity === null ? null : { ...guild.vanity };
}

function failureOf(answer: ListAnswer): 'refused' | 'unavailable' | null {
  if (answer === '403') return 'refused';
  return answer === '500' || answer === '503' ? 'unavailable' : null;
}
