import { CLOCK_ERROR_MS, FRESH_MS } from './constants.ts';
import { addClass, readCount, usesOf } from './counts.ts';
import { type Draft, patch, patchLookup, putInvite } from './draft.ts';
import type { InviteCode } from './ids.ts';
import { readNewcomers } from './newcomers.ts';
import type { InviteReading, InvitesRead } from './observation.ts';
import { createdAtOf, markUnread, recordFrom, unreadOf } from './records.ts';
import type { InviteRecord, ListSeen } from './state.ts';
import { bury, dropTombstone, endOf, heard, putTombstone, tombstoneOf } from './tombstones.ts';
import { BEGINNING, shownBy, type Tombstone, type UseClass } from './window.ts';

/** An invite list with counts: every code's step ends here and the next one begins. */
export function invitesRead(draft: Draft, list: InvitesRead): void {
  const first = draft.rest.listedAt === null;
  const shown = new Set<InviteCode>();
  const newcomers: InviteReading[] = [];
  for (const reading of list.invites) {
    if (shown.has(reading.code)) continue;
    shown.add(reading.code);
    if (!readKnown(draft, list, reading)) newcomers.push(reading);
  }
  readNewcomers(draft, list, newcomers, readEnded);
  missInvites(draft, list, shown);
  if (first) addClass(draft, beforeBaseline(list));
  patch(draft, {
    listedAt: list.requestedAt,
    listAnsweredAt: list.at,
    lists: recentLists(draft, list),
    refusedAt: null,
  });
  draft.learned = true;
}

/** False if the reading is of an invite that nothing told of before. */
function readKnown(draft: Draft, list: InvitesRead, reading: InviteReading): boolean {
  const { code, uses } = reading;
  const record = draft.invites.get(code);
  if (record && sameInvite(record, reading)) {
    const plain = draft.rest.unread.length === 0 && draft.rest.falls.length === 0;
    if (uses !== record.uses || !plain) readCount(draft, list, code, { record, uses });
    return true;
  }
  if (record) bury(draft, code, record, { goneBy: list.at, learnedAt: list.at, replaced: true });
  else {
    const tombstone = tombstoneOf(draft, code);
    if (tombstone?.known && sameEnded(tombstone, reading)) {
      readEnded(draft, list, reading, tombstone);
      return true;
    }
  }
  return false;
}

/** A code can come back for another invite; its creation tells them apart. */
function sameInvite(record: InviteRecord, reading: InviteReading): boolean {
  if (record.createdAtS === 0 || reading.createdAt === null) return true;
  return record.createdAtS === Math.floor(reading.createdAt / 1000);
}

function sameEnded({ createdAt }: Tombstone, reading: InviteReading): boolean {
  if (createdAt === null || reading.createdAt === null) return true;
  return Math.floor(createdAt / 1000) === Math.floor(reading.createdAt / 1000);
}

/** A list may still show an invite that we know ended: its answer was under way. */
function readEnded(
  draft: Draft,
  list: InvitesRead,
  reading: InviteReading,
  tombstone: Tombstone,
): void {
  const { code, uses } = reading;
  const ended = endOf(tombstone);
  if (list.complete && list.requestedAt > shownBy(ended)) {
    return revive(draft, list, reading, tombstone);
  }
  if (uses === null || uses < (tombstone.uses ?? 0)) return;
  const { readAt, createdAt } = tombstone;
  const rise = uses - (tombstone.uses ?? 0);
  if (rise > 0) {
    const record = { ...recordFrom(reading), uses: tombstone.uses };
    const counted = tombstone.uses === null ? 0 : rise;
    const step = usesOf(code, record, { readAt, createdAt, answeredAt: list.at, counted, rise });
    addClass(draft, { ...step, until: Math.min(list.at, ended) + CLOCK_ERROR_MS });
  }
  const read = { ...tombstone, uses, readAt: list.requestedAt };
  // Gaps before this reading no longer matter.
  putTombstone(draft, read.silence === 'broken' ? heard(draft, read) : read);
}

/** Shown long after its end: it never ended. */
function revive(
  draft: Draft,
  list: InvitesRead,
  reading: InviteReading,
  tombstone: Tombstone,
): void {
  const { code } = reading;
  dropTombstone(draft, code);
  const record = { ...recordFrom(reading), uses: tombstone.uses };
  putInvite(draft, code, record);
  const entry = { code, readAt: tombstone.readAt, missedAt: null, shown: true };
  patch(draft, { unread: [...draft.rest.unread, entry] });
  readCount(draft, list, code, { record, uses: reading.uses });
}

/** Known codes that the list does not show. */
function missInvites(draft: Draft, list: InvitesRead, shown: ReadonlySet<InviteCode>): void {
  for (const [code, record] of draft.invites) {
    if (shown.has(code)) continue;
    if (list.complete && isOverdue(draft, list, code, record)) {
      bury(draft, code, record, { goneBy: list.at, learnedAt: list.at });
    } else markUnread(draft, code, list.at, { shown: false });
  }
}

/** A list may lag behind the INVITE_CREATE of an invite that no list has shown yet. */
function isOverdue(draft: Draft, list: ListSeen, code: InviteCode, record: InviteRecord): boolean {
  const unread = unreadOf(draft, code);
  if (!unread || unread.shown) return true;
  const createdAt = createdAtOf(draft, code, record) ?? BEGINNING;
  return shownBy(createdAt) < list.requestedAt;
}

const LISTS_KEPT = 16;

function recentLists(draft: Draft, { requestedAt, at, complete }: InvitesRead): ListSeen[] {
  const lists = [...draft.rest.lists, { requestedAt, at, complete }];
  const newest = lists.findLast((list) => list.complete);
  return lists
    .filter((list) => list === newest || draft.at - list.at < FRESH_MS)
    .slice(-LISTS_KEPT);
}

/** Before the first list nothing can be told apart. */
function beforeBaseline(list: InvitesRead): UseClass {
  return {
    source: { kind: 'no-baseline' },
    from: BEGINNING,
    fromWithoutLag: BEGINNING,
    until: list.at + CLOCK_ERROR_MS,
    counted: 0,
    limit: null,
    ifUsedUp: 0,
    stepFrom: BEGINNING,
    answeredAt: list.at,
    fromUses: 0,
    toUses: 0,
    vanished: null,
    awaits: false,
  };
}

/** The request is answered; failures are over. */
export function listAnswered(draft: Draft): void {
  patchLookup(draft, {
    listOpen: false,
    failures: 0,
    failingSince: null,
    failedAt: null,
    overBudget: false,
  });
}
