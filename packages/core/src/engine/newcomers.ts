import { CLOCK_ERROR_MS, EVENT_DELAY_MS } from './constants.ts';
import { readCount } from './counts.ts';
import { type Draft, patch, putInvite, refute } from './draft.ts';
import type { InviteCode } from './ids.ts';
import type { InviteCreated, InviteReading, InvitesRead } from './observation.ts';
import {
  keepFresh,
  keepTraits,
  lastCompleteList,
  markRead,
  markUnread,
  recordFrom,
  shareIds,
} from './records.ts';
import type { InviteRecord } from './state.ts';
import { bury, heard, putTombstone, tombstoneOf } from './tombstones.ts';
import { shownBy, type Tombstone } from './window.ts';

type ReadEnded = (
  draft: Draft,
  list: InvitesRead,
  reading: InviteReading,
  tombstone: Tombstone,
) => void;

/** The first list sets baselines; in a later one an invite counts from 0 only if it is young. */
export function readNewcomers(
  draft: Draft,
  list: InvitesRead,
  readings: readonly InviteReading[],
  readEnded: ReadEnded,
): void {
  if (readings.length === 0) return;
  const first = draft.rest.listedAt === null;
  const readAt = first ? list.requestedAt : lastCompleteList(draft);
  const records = shareIds(
    draft,
    readings.map((reading) => recordFrom(reading)),
  );
  readings.forEach((reading, index) => {
    const { code, createdAt, uses } = reading;
    const young = createdAt !== null && readAt !== null && createdAt > readAt;
    const record = { ...records[index]!, uses: first ? uses : young ? 0 : null };
    admit(draft, reading, record, { readAt, createdAt, shown: true });
    if (first && draft.invites.has(code)) {
      if (uses === null) markUnread(draft, code, list.at, { shown: false });
      else markRead(draft, code);
    }
    if (first) return;
    const living = draft.invites.get(code);
    const tombstone = tombstoneOf(draft, code);
    if (living) readCount(draft, list, code, { record: living, uses });
    else if (tombstone) readEnded(draft, list, reading, tombstone);
  });
}

interface Beginning {
  readonly readAt: number | null;
  readonly createdAt: number | null;
  /** A list showed it. */
  readonly shown: boolean;
}

/** A new invite, unless its end, or its channel's, was told before. */
function admit(
  draft: Draft,
  reading: InviteReading,
  record: InviteRecord,
  { readAt, createdAt, shown }: Beginning,
): void {
  const { code } = reading;
  keepTraits(draft, reading);
  keepFresh(draft, code, createdAt);
  putInvite(draft, code, record);
  const entry = { code, readAt, missedAt: null, shown };
  patch(draft, { unread: [...draft.rest.unread, entry] });
  if (readAt !== null && readAt === draft.rest.listedAt && record.uses !== null) {
    patch(draft, { unread: draft.rest.unread.filter((entry) => entry.code !== code) });
  }
  applyEarlyEnd(draft, code, record, createdAt);
  const dead = draft.rest.deadChannels.find(({ channelId }) => channelId === reading.channelId);
  if (!dead) return;
  const living = draft.invites.get(code);
  if (living) bury(draft, code, living, { goneBy: dead.at, learnedAt: dead.at });
  const tombstone = tombstoneOf(draft, code);
  if (!tombstone?.known) return;
  const goneBy = Math.min(tombstone.goneBy, dead.at);
  putTombstone(draft, { ...tombstone, goneBy, channelDeleted: true });
}

/** Its end was told before anything else: now the rest is known. */
function applyEarlyEnd(
  draft: Draft,
  code: InviteCode,
  record: InviteRecord,
  createdAt: number | null,
): void {
  const early = tombstoneOf(draft, code);
  if (!early || early.known) return;
  const toldAt = early.revoked?.at ?? early.goneBy;
  // An end before its birth was that of an older invite under the same code.
  if (createdAt !== null && toldAt + CLOCK_ERROR_MS < createdAt) return;
  const { goneBy, learnedAt, revoked } = early;
  bury(draft, code, record, { goneBy, learnedAt });
  const tombstone = tombstoneOf(draft, code);
  if (tombstone) putTombstone(draft, heard(draft, { ...tombstone, revoked }));
}

/** INVITE_CREATE gives baseline 0, but only to a code that no snapshot has shown (rule 8). */
export function inviteCreated(draft: Draft, observed: InviteCreated): void {
  const { invite, at } = observed;
  const { code } = invite;
  // Without its own word on it, the invite is as old as the event may be late.
  const createdAt = invite.createdAt ?? at - EVENT_DELAY_MS;
  if (createdAt > at + CLOCK_ERROR_MS) refute(draft, 'A6');
  const known = draft.invites.get(code);
  if (known) {
    if (known.createdAtS === 0 || known.createdAtS === Math.floor(createdAt / 1000)) return;
    bury(draft, code, known, { goneBy: at, learnedAt: at, replaced: true });
  }
  const tombstone = tombstoneOf(draft, code);
  if (tombstone?.known && isSame(tombstone, createdAt)) return;
  const reading = { ...invite, uses: 0, createdAt };
  const [record] = shareIds(draft, [recordFrom(reading)]);
  admit(draft, reading, record!, { readAt: null, createdAt, shown: false });
  missedBefore(draft, code, createdAt);
}

function isSame(tombstone: Tombstone, createdAt: number): boolean {
  if (tombstone.createdAt === null) return true;
  return Math.floor(tombstone.createdAt / 1000) === Math.floor(createdAt / 1000);
}

/** Lists between its birth and this word of it lacked it already. */
function missedBefore(draft: Draft, code: InviteCode, createdAt: number): void {
  for (const list of draft.rest.lists) {
    const record = draft.invites.get(code);
    if (!record || list.at < createdAt) continue;
    draft.learned = true;
    if (list.complete && shownBy(createdAt) < list.requestedAt) {
      bury(draft, code, record, { goneBy: list.at, learnedAt: list.at });
    } else markUnread(draft, code, list.at, { shown: false });
  }
}
