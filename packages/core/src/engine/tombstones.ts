import type { VanishReason } from './attribution.ts';
import { AUDIT_SILENCE_MS, CLOCK_ERROR_MS, COUNT_LAG_MS, EVENT_DELAY_MS } from './constants.ts';
import { type Draft, patch, putInvite } from './draft.ts';
import type { InviteCode } from './ids.ts';
import type { ChannelDeleted, InviteDeleted, InviteRevoked } from './observation.ts';
import { unpark } from './parking.ts';
import { createdAtOf, lastCompleteList, markRead, readAtOf } from './records.ts';
import type { Gap, InviteRecord } from './state.ts';
import { BEGINNING, type Tombstone, type UseClass } from './window.ts';

/** What we learned of an end: when, and by which moment the invite was gone. */
interface Ended {
  readonly learnedAt: number;
  readonly goneBy: number;
  readonly replaced?: boolean;
}

/** A living invite turns out to have ended. */
export function bury(draft: Draft, code: InviteCode, record: InviteRecord, ended: Ended): void {
  const tombstone: Tombstone = {
    code,
    inviterId: record.inviterId,
    channelId: record.channelId,
    uses: record.uses,
    maxUses: record.maxUses,
    createdAt: createdAtOf(draft, code, record),
    expiresAt: record.expiresAtS === 0 ? null : record.expiresAtS * 1000,
    readAt: readAtOf(draft, code),
    goneBy: ended.goneBy,
    learnedAt: ended.learnedAt,
    revoked: null,
    channelDeleted: false,
    replaced: ended.replaced ?? false,
    silence: 'listening',
    heardUntil: null,
    known: true,
    parked: false,
  };
  putInvite(draft, code, null);
  markRead(draft, code);
  putTombstone(draft, heard(draft, tombstone));
}

/** Whether silence of the audit log can prove anything about this end. */
export function heard(draft: Draft, tombstone: Tombstone): Tombstone {
  const { auditLog, auditLogSince } = draft.rest.access;
  const broken =
    !auditLog ||
    (auditLogSince !== null && auditLogSince >= silentSince(tombstone)) ||
    mayHaveLostChannel(draft, tombstone) ||
    draft.rest.gaps.some((gap) => breaksSilence(draft, gap, tombstone));
  return { ...tombstone, silence: broken ? 'broken' : 'listening' };
}

/** The log says nothing of invites that go with their channel, and nobody told which was theirs. */
function mayHaveLostChannel(draft: Draft, tombstone: Tombstone): boolean {
  if (tombstone.channelId !== null) return false;
  return draft.rest.deadChannels.some(({ at }) => at >= silentSince(tombstone));
}

/** A list may still show an invite whose end was told in a gap a little earlier. */
function breaksSilence(draft: Draft, gap: Gap, tombstone: Tombstone): boolean {
  if (gap.to < silentSince(tombstone)) return false;
  const { heardUntil } = tombstone;
  if (heardUntil !== null) return gap.from <= heardUntil;
  return draft.rest.session.lost || gap.from <= silentUntil(draft, tombstone);
}

/** Since when the audit log must have been silent: the last moment that a list shows it alive. */
function silentSince({ readAt, createdAt }: Tombstone): number {
  const since = Math.max(readAt ?? BEGINNING, createdAt ?? BEGINNING);
  return since - COUNT_LAG_MS - CLOCK_ERROR_MS;
}

/** Until when the audit log must have been silent, in a session that is whole. */
function silentUntil(draft: Draft, { learnedAt }: Tombstone): number {
  return Math.max(learnedAt, draft.rest.session.resumedAt ?? BEGINNING) + AUDIT_SILENCE_MS;
}

/** INVITE_DELETE: it ended, for a reason that the event does not tell. */
export function inviteDeleted(draft: Draft, { code, at, channelId }: InviteDeleted): void {
  const record = draft.invites.get(code);
  const known = tombstoneOf(draft, code);
  if (record) bury(draft, code, record, { goneBy: at, learnedAt: at });
  else if (!known)
    putTombstone(draft, stranger(draft, code, { goneBy: at, learnedAt: at }, channelId));
  else putTombstone(draft, { ...known, goneBy: Math.min(known.goneBy, at) });
}

/** Audit log entry 42: somebody deleted it, and its final count is told. */
export function inviteRevoked(draft: Draft, observed: InviteRevoked): void {
  const { code, at, revokedAt, uses } = observed;
  const ended = { goneBy: revokedAt, learnedAt: at };
  const record = draft.invites.get(code);
  if (record) bury(draft, code, record, ended);
  const tombstone = tombstoneOf(draft, code) ?? stranger(draft, code, ended, null);
  putTombstone(draft, { ...tombstone, revoked: { at: revokedAt, uses } });
}

/** The last list that would have shown the invite; null only if there was no list at all. */
function lastLook(draft: Draft): number | null {
  return lastCompleteList(draft) ?? (draft.rest.listedAt === null ? null : BEGINNING);
}

/** The end of an invite that nothing told of yet: its INVITE_CREATE may be late. */
function stranger(
  draft: Draft,
  code: InviteCode,
  ended: Ended,
  channelId: Tombstone['channelId'],
): Tombstone {
  return {
    code,
    inviterId: null,
    channelId,
    uses: null,
    maxUses: 0,
    createdAt: null,
    expiresAt: null,
    readAt: lastLook(draft),
    goneBy: ended.goneBy,
    learnedAt: ended.learnedAt,
    revoked: null,
    channelDeleted: false,
    replaced: false,
    silence: 'broken',
    heardUntil: null,
    known: false,
    parked: false,
  };
}

/** The invites of a deleted channel vanish without an event of their own (Q8). */
export function channelDeleted(draft: Draft, { channelId, at }: ChannelDeleted): void {
  patch(draft, { deadChannels: [...draft.rest.deadChannels, { channelId, at }] });
  for (const [code, record] of draft.invites) {
    if (record.channelId === channelId) bury(draft, code, record, { goneBy: at, learnedAt: at });
  }
  for (const tombstone of draft.rest.tombstones) {
    if (tombstone.channelId === null && tombstone.silence === 'listening') {
      putTombstone(draft, { ...tombstone, silence: 'broken' });
    }
    if (tombstone.channelId !== channelId) continue;
    putTombstone(draft, {
      ...tombstone,
      goneBy: Math.min(tombstone.goneBy, at),
      channelDeleted: true,
    });
  }
}

/** Why it ended decides how many uses it may have had, never whether it had any. */
export function whyEnded(tombstone: Tombstone): VanishReason | 'pending' {
  if (tombstone.revoked !== null) return 'revoked';
  if (tombstone.channelDeleted) return 'channel-deleted';
  if (hasExpired(tombstone)) return 'expired';
  const { maxUses, uses, replaced, silence } = tombstone;
  if (maxUses === 0 || uses === null || replaced || silence === 'broken') return 'unexplained';
  return silence === 'kept' ? 'used-up' : 'pending';
}

function hasExpired({ expiresAt, goneBy }: Tombstone): boolean {
  return expiresAt !== null && expiresAt <= goneBy + CLOCK_ERROR_MS;
}

/** The latest moment at which it may still have lived. */
export function endOf(tombstone: Tombstone): number {
  if (tombstone.revoked !== null) return tombstone.revoked.at;
  const { goneBy, expiresAt } = tombstone;
  return hasExpired(tombstone) && expiresAt !== null ? Math.min(goneBy, expiresAt) : goneBy;
}

/** A gap was named: entries of the audit log may have been lost in it. */
export function doubtSilence(draft: Draft, gap: Gap): void {
  for (const tombstone of draft.rest.tombstones) {
    if (tombstone.silence === 'broken' || !breaksSilence(draft, gap, tombstone)) continue;
    putTombstone(draft, { ...tombstone, silence: 'broken' });
  }
}

/**
 * The audit log is not heard any more, and may not have been for as long as the word of that took:
 * what it has not told may have happened all the same.
 */
export function auditLogLost(draft: Draft): void {
  const since = draft.at - EVENT_DELAY_MS - CLOCK_ERROR_MS;
  for (const tombstone of draft.rest.tombstones) {
    const { silence, heardUntil } = tombstone;
    if (silence === 'broken' || (heardUntil !== null && heardUntil < since)) continue;
    putTombstone(draft, { ...tombstone, silence: 'broken' });
  }
}

/** When the silence of the audit log proves the limit, or null while it cannot. */
export function verdictAt(draft: Draft, tombstone: Tombstone): number | null {
  if (tombstone.silence !== 'listening' || draft.rest.session.lost) return null;
  // One more: an entry that comes just in time must still be heard.
  return silentUntil(draft, tombstone) + 1;
}

/** The audit log stayed silent: the invites that are due ended by their limit. */
export function judgeVanished(draft: Draft): void {
  if (draft.rest.tombstones.length === 0) return;
  let judged = false;
  const tombstones = draft.rest.tombstones.map((tombstone): Tombstone => {
    const due = verdictAt(draft, tombstone);
    if (due === null || draft.at < due) return tombstone;
    judged = true;
    return { ...tombstone, silence: 'kept', heardUntil: due };
  });
  if (!judged) return;
  patch(draft, { tombstones });
  draft.learned = true;
}

export function tombstoneOf(draft: Draft, code: InviteCode): Tombstone | undefined {
  return draft.rest.tombstones.find((tombstone) => tombstone.code === code);
}

export function putTombstone(draft: Draft, tombstone: Tombstone): void {
  // What is known of uses that settled joins took has changed.
  if (tombstone.parked) {
    unpark(draft);
    return putTombstone(draft, { ...tombstone, parked: false });
  }
  const others = draft.rest.tombstones.filter((other) => other.code !== tombstone.code);
  patch(draft, { tombstones: [...others, tombstone] });
  draft.learned = true;
}

export function dropTombstone(draft: Draft, code: InviteCode): void {
  if (tombstoneOf(draft, code)?.parked) unpark(draft);
  patch(draft, { tombstones: draft.rest.tombstones.filter((other) => other.code !== code) });
}

/** The uses that the invite may have had after its last reading. */
export function tombstoneClass(tombstone: Tombstone): UseClass | null {
  const { uses, maxUses, readAt, createdAt, revoked, known } = tombstone;
  // Whatever lies before the first list has no baseline anyway.
  if (tombstone.parked || (!known && readAt === null)) return null;
  const why = whyEnded(tombstone);
  const left = maxUses > 0 ? Math.max(0, maxUses - (uses ?? 0)) : null;
  const final = revoked?.uses ?? null;
  const told = final === null ? null : Math.max(0, final - (uses ?? 0));
  const counted = uses === null ? 0 : why === 'used-up' ? (left ?? 0) : (told ?? 0);
  const limit = told ?? left;
  if (limit === 0) return null;
  const born = createdAt === null ? BEGINNING : createdAt - CLOCK_ERROR_MS;
  const open = (why === 'pending' || why === 'unexplained') && uses !== null && !tombstone.replaced;
  return {
    source: { kind: 'invite', code: tombstone.code, inviterId: tombstone.inviterId },
    from: Math.max(born, (readAt ?? BEGINNING) - COUNT_LAG_MS - CLOCK_ERROR_MS, BEGINNING),
    fromWithoutLag: Math.max(born, (readAt ?? BEGINNING) - CLOCK_ERROR_MS, BEGINNING),
    until: endOf(tombstone) + CLOCK_ERROR_MS,
    counted,
    limit: counted > 0 ? null : limit,
    ifUsedUp: open && left !== null ? left : 0,
    stepFrom: readAt ?? createdAt ?? BEGINNING,
    answeredAt: tombstone.learnedAt,
    fromUses: uses ?? 0,
    toUses: final ?? (maxUses > 0 ? maxUses : (uses ?? 0)),
    vanished: why,
    awaits: why === 'pending',
  };
}
