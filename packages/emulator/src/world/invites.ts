import { setCounter, usesAt } from './counter.ts';
import type { Turn } from './dispatch.ts';
import { emitInviteDelete } from './dispatch.ts';
import { expiresAtMs } from './payloads.ts';
import type { EndReason, Guild, Invite, Vanity, World } from './world.ts';

const REMEMBERED_ENDS = 256;

/** Ends an invite: it leaves every list, and the code is free. Sends nothing. */
export function endInvite(turn: Turn, guild: Guild, invite: Invite, by: EndReason): void {
  const atMs = by === 'expired' ? Math.min(turn.atMs, expiresAtMs(invite) ?? turn.atMs) : turn.atMs;
  invite.ended = { atMs, by };
  guild.invites.delete(invite.code);
  turn.world.codes.delete(invite.code);
  guild.ended.push(invite);
  if (guild.ended.length > REMEMBERED_ENDS * 2) guild.ended = guild.ended.slice(-REMEMBERED_ENDS);
  turn.notes.push({ kind: 'ended', guildId: guild.id, code: invite.code, by });
}

/** Ends every invite whose time is over. Expiry sends no event at all (docs issue 7249). */
export function sweepExpired(turn: Turn, guild: Guild): void {
  for (const invite of guild.invites.values()) {
    const expires = expiresAtMs(invite);
    if (expires !== null && expires <= turn.atMs) endInvite(turn, guild, invite, 'expired');
  }
}

/**
 * Counts one use. An invite that reaches its limit leaves the list; whether INVITE_DELETE goes
 * out is the caller's choice, because scenarios script its place in the order.
 */
export function countUse(turn: Turn, guild: Guild, invite: Invite, announceEnd: boolean): void {
  setCounter(invite.counter, invite.counter.uses + 1, turn.atMs);
  turn.notes.push({ kind: 'counted', guildId: guild.id, code: invite.code, vanity: false });
  if (invite.maxUses === 0 || invite.counter.uses < invite.maxUses) return;
  endInvite(turn, guild, invite, 'limit');
  if (announceEnd) emitInviteDelete(turn, guild, invite.code, invite.channelId);
}

/** Counts one use of the vanity address. */
export function countVanityUse(turn: Turn, guild: Guild, vanity: Vanity): void {
  setCounter(vanity.counter, vanity.counter.uses + 1, turn.atMs);
  turn.notes.push({ kind: 'counted', guildId: guild.id, code: vanity.code, vanity: true });
}

/** How a reader sees the world: counts `lagMs` late, or everything `staleMs` late. */
export type View = { readonly atMs: number; readonly lagMs: number; readonly staleMs: number };

/** One listed invite with the count that this reader is shown. */
export type ListedInvite = { readonly invite: Invite; readonly uses: number };

/** The invites of a guild as a reader is shown them, in order of creation. */
export function listInvites(guild: Guild, view: View): ListedInvite[] {
  const presenceMs = view.atMs - view.staleMs;
  const countsMs = presenceMs - view.lagMs;
  const living = [...guild.invites.values()].filter(
    (invite) => view.staleMs === 0 || invite.createdAtMs <= presenceMs,
  );
  // A limit reached within the lag has not reached this reader yet.
  const lately = guild.ended.filter((invite) => {
    const ended = invite.ended!;
    const seenMs = ended.by === 'limit' ? countsMs : presenceMs;
    return ended.atMs > seenMs && invite.createdAtMs <= presenceMs;
  });
  const listed = lately.length === 0 ? living : [...living, ...lately].sort(byCreation);
  return listed.map((invite) => ({ invite, uses: usesAt(invite.counter, countsMs) }));
}

function byCreation(left: Invite, right: Invite): number {
  return left.createdAtMs - right.createdAtMs;
}

/** The vanity count as a reader is shown it. */
export function vanityUses(guild: Guild, view: View): number {
  if (guild.vanity === null) return 0;
  return usesAt(guild.vanity.counter, view.atMs - view.staleMs - view.lagMs);
}

const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';
const CODE_LENGTH = 8;

/** A code nobody has. */
export function freshCode(world: World): string {
  for (;;) {
    let code = '';
    while (code.length < CODE_LENGTH) {
      code += ALPHABET[Math.floor(world.chance.next() * ALPHABET.length)];
    }
    if (!world.codes.has(code)) return code;
  }
}
