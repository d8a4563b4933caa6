import { FRESH_MS } from './constants.ts';
import { type Draft, patch } from './draft.ts';
import type { InviteCode, UserId } from './ids.ts';
import type { InviteReading } from './observation.ts';
import type { InviteRecord, InviteTraits, UnreadCode } from './state.ts';

/** Exact where the code is fresh, whole seconds otherwise; null if unknown. */
export function createdAtOf(draft: Draft, code: InviteCode, record: InviteRecord): number | null {
  const fresh = draft.rest.fresh.find((entry) => entry.code === code);
  if (fresh) return fresh.createdAt;
  return record.createdAtS === 0 ? null : record.createdAtS * 1000;
}

/** Request time of the last list in which the code was readable; null if none was. */
export function readAtOf(draft: Draft, code: InviteCode): number | null {
  const unread = unreadOf(draft, code);
  return unread ? unread.readAt : draft.rest.listedAt;
}

export function unreadOf(draft: Draft, code: InviteCode): UnreadCode | undefined {
  return draft.rest.unread.find((entry) => entry.code === code);
}

/** The code was, or ought to have been, in a list, but its count could not be read. */
export function markUnread(
  draft: Draft,
  code: InviteCode,
  missedAt: number,
  { shown }: { readonly shown: boolean },
): void {
  const readAt = readAtOf(draft, code);
  const known = unreadOf(draft, code);
  const others = draft.rest.unread.filter((entry) => entry.code !== code);
  const entry = { code, readAt, missedAt, shown: shown || (known?.shown ?? true) };
  patch(draft, { unread: [...others, entry] });
}

export function markRead(draft: Draft, code: InviteCode): void {
  if (unreadOf(draft, code)) {
    patch(draft, { unread: draft.rest.unread.filter((entry) => entry.code !== code) });
  }
  if (draft.rest.falls.some((fall) => fall.code === code)) {
    patch(draft, { falls: draft.rest.falls.filter((fall) => fall.code !== code) });
  }
}

/** Request time of the last list that would have shown any living invite; null if none. */
export function lastCompleteList(draft: Draft): number | null {
  return draft.rest.lists.findLast((list) => list.complete)?.requestedAt ?? null;
}

/** Exact creation times matter while a join may lie near them, and no longer. */
export function keepFresh(draft: Draft, code: InviteCode, createdAt: number | null): void {
  if (createdAt === null || draft.at - createdAt > FRESH_MS) return;
  const fresh = draft.rest.fresh.filter((entry) => entry.code !== code);
  patch(draft, { fresh: [...fresh, { code, createdAt }] });
}

/** The compact record of a reading; ids are shared with those the guild already knows. */
export function recordFrom(reading: InviteReading, known?: InviteRecord): InviteRecord {
  return {
    uses: reading.uses,
    maxUses: reading.maxUses,
    inviterId: known?.inviterId ?? reading.inviterId,
    channelId: known?.channelId ?? reading.channelId,
    createdAtS: reading.createdAt === null ? 0 : Math.floor(reading.createdAt / 1000),
    expiresAtS: reading.expiresAt === null ? 0 : Math.ceil(reading.expiresAt / 1000),
  };
}

/** One string per id and guild, however often a payload repeats it: memory per invite counts. */
export function shareIds(draft: Draft, records: InviteRecord[]): InviteRecord[] {
  const users = new Map<string, UserId>();
  const channels = new Map<string, NonNullable<InviteRecord['channelId']>>();
  for (const { inviterId, channelId } of draft.invites.values()) {
    if (inviterId !== null) users.set(inviterId, inviterId);
    if (channelId !== null) channels.set(channelId, channelId);
  }
  return records.map((record) => ({
    ...record,
    inviterId: record.inviterId === null ? null : share(users, record.inviterId),
    channelId: record.channelId === null ? null : share(channels, record.channelId),
  }));
}

function share<Id extends string>(known: Map<string, Id>, id: Id): Id {
  const first = known.get(id);
  if (first !== undefined) return first;
  known.set(id, id);
  return id;
}

export function keepTraits(draft: Draft, reading: InviteReading): void {
  const rare = reading.roleIds.length > 0 || reading.targeted || reading.bypass;
  const known = traitsOf(draft, reading.code);
  if (!rare || known) return;
  const { code, roleIds, targeted, bypass } = reading;
  patch(draft, { traits: [...draft.rest.traits, { code, roleIds, targeted, bypass }] });
}

export function traitsOf(draft: Draft, code: InviteCode): InviteTraits | undefined {
  return draft.rest.traits.find((entry) => entry.code === code);
}
