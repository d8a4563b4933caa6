import { AUDIT_SILENCE_MS, CLOCK_ERROR_MS, COUNT_LAG_MS } from './constants.ts';
import { type Draft, patch, putInvite } from './draft.ts';
import type { InviteCode } from './ids.ts';
import type { ChannelDeleted, InviteDeleted, InviteRevoked } from './observation.ts';
import { createdAtOf, forgetCode, readAtOf } from './records.ts';
import type { Gap, InviteRecord } from './state.ts';
import { BEGINNING, type Tombstone, type UseClass } from './window.ts';

/** A living invite ended no later than `endedAt`; `learnedAt` is when we learned it. */
export function bury(
  draft: Draft,
  code: InviteCode,
  record: InviteRecord,
  ended: { readonly endedAt: number; readonly learnedAt: number; readonly deleted: boolean },
): void {
  const tombstone = classified(draft, {
    code,
    inviterId: record.inviterId,
    channelId: record.channelId,
    uses: record.uses,
    maxUses: record.maxUses,
    createdAt: createdAtOf(draft, code, record),
    expiresAt: record.expiresAtS === 0 ? null : record.expiresAtS * 1000,
    readAt: readAtOf(draft, code),
    endedAt: ended.endedAt,
    learnedAt: ended.learnedAt,
    why: 'unexplained',
    finalUses: null,
    deleted: ended.deleted,
  });
  putInvite(draft, code, null);
  forgetCode(draft, code);
  putTombstone(draft, tombstone);
}

/** INVITE_DELETE: it ended, for a reason that the event does not tell. */
export function inviteDeleted(draft: Draft, observed: InviteDeleted): void {
  const { code, at } = observed;
  const record = draft.invites.get(code);
  if (record) {
    bury(draft, code, record, { endedAt: at, learnedAt: at, deleted: true });
    return;
  }
  const tombstone = tombstoneOf(draft, code);
  if (!tombstone) {
    // Its INVITE_CREATE may be late: keep a place for it.
    if (draft.rest.listedAt !== null) putTombstone(draft, unseen(draft, observed));
    return;
  }
  const endedAt = Math.min(tombstone.endedAt, at);
  const learnedAt = Math.min(tombstone.learnedAt, at);
  putTombstone(draft, { ...tombstone, endedAt, learnedAt, deleted: true });
}

function unseen(draft: Draft, observed: InviteDeleted): Tombstone {
  return {
    code: observed.code,
    inviterId: null,
    channelId: observed.channelId,
    uses: 0,
    maxUses: 0,
    createdAt: null,
    expiresAt: null,
    readAt: draft.rest.listedAt,
    endedAt: observed.at,
    learnedAt: observed.at,
    why: 'unexplained',
    finalUses: null,
    deleted: true,
  };
}

/** Audit log entry 42: somebody deleted it, and its final count is told. */
export function inviteRevoked(draft: Draft, observed: InviteRevoked): void {
  const record = draft.invites.get(observed.code);
  if (record) {
    const ended = { endedAt: observed.revokedAt, learnedAt: observed.at, deleted: false };
    bury(draft, observed.code, record, ended);
  }
  const tombstone = tombstoneOf(draft, observed.code);
  if (!tombstone) return;
  putTombstone(draft, {
    ...tombstone,
    endedAt: observed.revokedAt,
    finalUses: observed.uses,
    why: 'revoked',
  });
}

/** The invites of a deleted channel vanish without an event of their own (Q8). */
export function channelDeleted(draft: Draft, observed: ChannelDeleted): void {
  for (const [code, record] of draft.invites) {
    if (record.channelId !== observed.channelId) continue;
    bury(draft, code, record, { endedAt: observed.at, learnedAt: observed.at, deleted: false });
  }
  for (const tombstone of draft.rest.tombstones) {
    if (tombstone.channelId !== observed.channelId) continue;
    if (tombstone.why === 'revoked' || tombstone.why === 'expired') continue;
    const endedAt = Math.min(tombstone.endedAt, observed.at);
    putTombstone(draft, { ...tombstone, endedAt, why: 'channel-deleted' });
  }
}

/** Why it ended decides how many uses it may have had, never whether it had any. */
export function classified(draft: Draft, tombstone: Tombstone): Tombstone {
  const { expiresAt, endedAt } = tombstone;
  if (expiresAt !== null && expiresAt <= endedAt + CLOCK_ERROR_MS) {
    return { ...tombstone, endedAt: Math.min(endedAt, expiresAt), why: 'expired' };
  }
  const broken = draft.rest.gaps.some((gap) => overlaps(gap, tombstone));
  const provable = tombstone.maxUses > 0 && draft.rest.access.auditLog && !broken;
  return { ...tombstone, why: provable ? 'pending' : 'unexplained' };
}

function overlaps(gap: Gap, tombstone: Tombstone): boolean {
  const since = tombstone.readAt ?? tombstone.createdAt ?? BEGINNING;
  return gap.from <= tombstone.learnedAt && gap.to >= since;
}

/** A gap was named: entries of the audit log may have been lost in it. */
export function doubtPending(draft: Draft, gap: Gap): void {
  const doubt = (tombstone: Tombstone): Tombstone =>
    tombstone.why === 'pending' && overlaps(gap, tombstone)
      ? { ...tombstone, why: 'unexplained' }
      : tombstone;
  patch(draft, { tombstones: draft.rest.tombstones.map(doubt) });
}

/** When the silence of the audit log proves the limit, or null while it cannot. */
export function verdictAt(draft: Draft, tombstone: Tombstone): number | null {
  const { lost, resumedAt } = draft.rest.session;
  if (tombstone.why !== 'pending' || lost) return null;
  return Math.max(tombstone.learnedAt, resumedAt ?? 0) + AUDIT_SILENCE_MS;
}

/** The audit log stayed silent: the invites that are due ended by their limit. */
export function judgeVanished(draft: Draft): void {
  if (draft.rest.tombstones.length === 0) return;
  let judged = false;
  const tombstones = draft.rest.tombstones.map((tombstone): Tombstone => {
    const due = verdictAt(draft, tombstone);
    if (due === null || draft.at < due) return tombstone;
    judged = true;
    return { ...tombstone, why: 'used-up' };
  });
  if (!judged) return;
  patch(draft, { tombstones });
  draft.learned = true;
}

export function tombstoneOf(draft: Draft, code: InviteCode): Tombstone | undefined {
  return draft.rest.tombstones.find((tombstone) => tombstone.code === code);
}

export function putTombstone(draft: Draft, tombstone: Tombstone): void {
  const others = draft.rest.tombstones.filter((other) => other.code !== tombstone.code);
  patch(draft, { tombstones: [...others, tombstone] });
  draft.learned = true;
}

export function dropTombstone(draft: Draft, code: InviteCode): void {
  patch(draft, { tombstones: draft.rest.tombstones.filter((other) => other.code !== code) });
}

/** The uses that the invite may have had after its last reading. */
export function tombstoneClass(tombstone: Tombstone): UseClass | null {
  const { uses, maxUses, readAt, createdAt, why, finalUses } = tombstone;
  const left = maxUses > 0 ? Math.max(0, maxUses - uses) : null;
  const exact = exactUses(tombstone, left);
  if (exact === 0 || (exact === null && left === 0)) return null;
  const born = createdAt === null ? BEGINNING : createdAt - CLOCK_ERROR_MS;
  const open = why === 'pending' || why === 'unexplained';
  return {
    source: { kind: 'invite', code: tombstone.code, inviterId: tombstone.inviterId },
    from: Math.max(born, readAt === null ? BEGINNING : readAt - COUNT_LAG_MS - CLOCK_ERROR_MS),
    fromWithoutLag: Math.max(born, readAt === null ? BEGINNING : readAt - CLOCK_ERROR_MS),
    until: tombstone.endedAt + CLOCK_ERROR_MS,
    counted: exact ?? 0,
    limit: exact === null ? left : null,
    ifUsedUp: open && left !== null ? left : 0,
    stepFrom: readAt ?? createdAt ?? BEGINNING,
    answeredAt: tombstone.learnedAt,
    fromUses: uses,
    toUses: finalUses ?? (maxUses > 0 ? maxUses : uses),
    vanished: why,
  };
}

function exactUses(tombstone: Tombstone, left: number | null): number | null {
  if (tombstone.why === 'used-up') return left;
  if (tombstone.why !== 'revoked' || tombstone.finalUses === null) return null;
  return Math.max(0, tombstone.finalUses - tombstone.uses);
}
