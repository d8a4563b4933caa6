import { CLOCK_ERROR_MS, COUNT_LAG_MS, FALL_LISTS, FALL_SPAN_MS, FRESH_MS } from './constants.ts';
import { type Draft, note, patch, patchLookup, putInvite, refute } from './draft.ts';
import type { InviteCode } from './ids.ts';
import type { InviteCreated, InviteReading, InvitesRead } from './observation.ts';
import {
  createdAtOf,
  keepTraits,
  markRead,
  markUnread,
  readAtOf,
  recordFrom,
  shareIds,
  unreadOf,
} from './records.ts';
import type { InviteRecord } from './state.ts';
import { bury, classified, dropTombstone, putTombstone, tombstoneOf } from './tombstones.ts';
import { BEGINNING, type UseClass } from './window.ts';

/** An invite list with counts: every code's step ends here and the next one begins. */
export function invitesRead(draft: Draft, list: InvitesRead): void {
  const first = draft.rest.listedAt === null;
  const shown = new Set<InviteCode>();
  const newcomers: InviteReading[] = [];
  for (const reading of list.invites) {
    if (shown.has(reading.code)) continue;
    shown.add(reading.code);
    const record = draft.invites.get(reading.code);
    if (record && sameInvite(record, reading)) readKnown(draft, list, reading, record);
    else if (!record && readEnded(draft, list, reading)) continue;
    else {
      if (record) bury(draft, reading.code, record, ended(list));
      newcomers.push(reading);
    }
  }
  readNewcomers(draft, list, newcomers);
  if (shown.size < draft.invites.size) missInvites(draft, list, shown);
  if (first) addClass(draft, beforeBaseline(list));
  patch(draft, { listedAt: list.requestedAt, listAnsweredAt: list.at, refusedAt: null });
  draft.learned = true;
}

function ended(list: InvitesRead): { endedAt: number; learnedAt: number; deleted: boolean } {
  return { endedAt: list.at, learnedAt: list.at, deleted: false };
}

/** A code can come back for another invite; its creation tells them apart. */
function sameInvite(record: InviteRecord, reading: InviteReading): boolean {
  if (record.createdAtS === 0 || reading.createdAt === null) return true;
  return record.createdAtS === Math.floor(reading.createdAt / 1000);
}

function readKnown(
  draft: Draft,
  list: InvitesRead,
  reading: InviteReading,
  record: InviteRecord,
): void {
  const { code, uses } = reading;
  if (uses === record.uses && draft.rest.unread.length === 0) {
    if (draft.rest.falls.length > 0) markRead(draft, code);
    return;
  }
  if (uses === null) markUnread(draft, code, list.at);
  else if (uses < record.uses) countFell(draft, list, { ...reading, uses }, record);
  else {
    if (uses > record.uses) {
      addClass(draft, countedClass(draft, list, { ...reading, uses }, record));
      putInvite(draft, code, { ...record, uses });
    }
    markRead(draft, code);
  }
}

type Counted = InviteReading & { readonly uses: number };

function countedClass(
  draft: Draft,
  list: InvitesRead,
  reading: Counted,
  record: InviteRecord,
): UseClass {
  const createdAt = createdAtOf(draft, reading.code, record);
  return classFor(list, reading.code, record, {
    readAt: readAtOf(draft, reading.code) ?? draft.rest.listedAt,
    createdAt,
    counted: reading.uses - record.uses,
    toUses: reading.uses,
  });
}

function classFor(
  list: InvitesRead,
  code: InviteCode,
  record: InviteRecord,
  step: {
    readonly readAt: number | null;
    readonly createdAt: number | null;
    readonly counted: number;
    readonly toUses: number;
    readonly limit?: number | null;
  },
): UseClass {
  const { readAt, createdAt } = step;
  const born = createdAt === null ? BEGINNING : createdAt - CLOCK_ERROR_MS;
  return {
    source: { kind: 'invite', code, inviterId: record.inviterId },
    from: Math.max(born, readAt === null ? BEGINNING : readAt - COUNT_LAG_MS - CLOCK_ERROR_MS),
    fromWithoutLag: Math.max(born, readAt === null ? BEGINNING : readAt - CLOCK_ERROR_MS),
    until: list.at + CLOCK_ERROR_MS,
    counted: step.counted,
    limit: step.limit ?? null,
    ifUsedUp: 0,
    stepFrom: readAt ?? createdAt ?? BEGINNING,
    answeredAt: list.at,
    fromUses: record.uses,
    toUses: step.toUses,
    vanished: null,
  };
}

/** Lower than the baseline: stale, until enough complete lists over enough time agree (rule 1). */
function countFell(draft: Draft, list: InvitesRead, reading: Counted, record: InviteRecord): void {
  const { code, uses } = reading;
  const known = draft.rest.falls.find((fall) => fall.code === code);
  const answeredAt = draft.rest.listAnsweredAt;
  if (!known) {
    note(draft, { kind: 'count-fell', code, at: draft.at });
    const readable = !unreadOf(draft, code) && answeredAt !== null;
    if (readable && list.requestedAt > answeredAt + COUNT_LAG_MS) refute(draft, 'A3');
  }
  const fall = {
    code,
    since: known?.since ?? list.at,
    lists: (known?.lists ?? 0) + (list.complete ? 1 : 0),
  };
  const believed = fall.lists >= FALL_LISTS && list.at - fall.since >= FALL_SPAN_MS;
  if (believed) {
    addClass(draft, unreadClass(draft, code, record, list.at));
    putInvite(draft, code, { ...record, uses });
    markRead(draft, code);
    return;
  }
  markUnread(draft, code, list.at);
  const others = draft.rest.falls.filter((other) => other.code !== code);
  patch(draft, { falls: [...others, fall] });
}

/** Uses that a code may have had while it could not be read. */
export function unreadClass(
  draft: Draft,
  code: InviteCode,
  record: InviteRecord,
  missedAt: number,
): UseClass {
  const limit = record.maxUses > 0 ? Math.max(0, record.maxUses - record.uses) : null;
  const createdAt = createdAtOf(draft, code, record);
  const list: InvitesRead = {
    kind: 'invites',
    at: missedAt,
    requestedAt: missedAt,
    invites: [],
    complete: false,
  };
  const readAt = readAtOf(draft, code);
  return classFor(list, code, record, {
    readAt,
    createdAt,
    counted: 0,
    toUses: record.uses,
    limit,
  });
}

/** A list may still show a code that we know ended; true if that was all there is to it. */
function readEnded(draft: Draft, list: InvitesRead, reading: InviteReading): boolean {
  const tombstone = tombstoneOf(draft, reading.code);
  if (!tombstone) return false;
  const other =
    tombstone.createdAt !== null &&
    reading.createdAt !== null &&
    Math.floor(tombstone.createdAt / 1000) !== Math.floor(reading.createdAt / 1000);
  if (other) return false;
  const alive = list.requestedAt > tombstone.endedAt + COUNT_LAG_MS + CLOCK_ERROR_MS;
  if (alive) {
    dropTombstone(draft, reading.code);
    const record = { ...recordFrom(reading, undefined), uses: tombstone.uses };
    putInvite(draft, reading.code, record);
    const entry = { code: reading.code, readAt: tombstone.readAt, missedAt: null };
    patch(draft, { unread: [...draft.rest.unread, entry] });
    readKnown(draft, list, reading, record);
    return true;
  }
  if (reading.uses === null) return true;
  const record = recordFrom(reading, undefined);
  if (reading.uses > tombstone.uses) {
    const { readAt, createdAt } = tombstone;
    const counted = reading.uses - tombstone.uses;
    const baseline = { ...record, uses: tombstone.uses };
    const step = {
      readAt,
      createdAt: createdAt ?? reading.createdAt,
      counted,
      toUses: reading.uses,
    };
    const uses = classFor(list, reading.code, baseline, step);
    const until = Math.min(uses.until, tombstone.endedAt + CLOCK_ERROR_MS);
    addClass(draft, { ...uses, until });
  }
  putTombstone(draft, {
    ...tombstone,
    uses: Math.max(reading.uses, tombstone.uses),
    readAt: list.requestedAt,
  });
  return true;
}

function readNewcomers(draft: Draft, list: InvitesRead, readings: readonly InviteReading[]): void {
  if (readings.length === 0) return;
  const previous = draft.rest.listedAt;
  const records = shareIds(
    draft,
    readings.map((reading) => recordFrom(reading, undefined)),
  );
  readings.forEach((reading, index) => {
    const record = records[index]!;
    putInvite(draft, reading.code, record);
    keepTraits(draft, reading);
    keepFresh(draft, reading.code, reading.createdAt);
    if (reading.uses === null) markUnread(draft, reading.code, list.at);
    if (previous === null || reading.uses === null || reading.uses === 0) return;
    const { createdAt } = reading;
    const counts = createdAt !== null && createdAt > previous;
    addClass(
      draft,
      classFor(
        list,
        reading.code,
        { ...record, uses: 0 },
        {
          readAt: previous,
          createdAt,
          counted: counts ? reading.uses : 0,
          toUses: reading.uses,
          limit: counts ? null : reading.uses,
        },
      ),
    );
  });
}

/** Exact creation times matter while a join may lie near them, and no longer. */
function keepFresh(draft: Draft, code: InviteCode, createdAt: number | null): void {
  if (createdAt === null || draft.at - createdAt > FRESH_MS) return;
  const fresh = draft.rest.fresh.filter(
    (entry) => entry.code !== code && draft.at - entry.createdAt < FRESH_MS,
  );
  patch(draft, { fresh: [...fresh, { code, createdAt }] });
}

/** Known codes that the list does not show. */
function missInvites(draft: Draft, list: InvitesRead, shown: ReadonlySet<InviteCode>): void {
  const previous = draft.invites;
  for (const [code, record] of previous) {
    if (shown.has(code)) continue;
    const unread = unreadOf(draft, code);
    if (!list.complete) {
      markUnread(draft, code, list.at);
    } else if (unread && unread.readAt === null && !oldEnough(draft, list, code, record)) {
      // Made a moment ago: a list may lag behind its INVITE_CREATE.
    } else {
      bury(draft, code, record, ended(list));
    }
  }
}

function oldEnough(
  draft: Draft,
  list: InvitesRead,
  code: InviteCode,
  record: InviteRecord,
): boolean {
  const createdAt = createdAtOf(draft, code, record);
  return createdAt === null || createdAt + COUNT_LAG_MS + CLOCK_ERROR_MS < list.requestedAt;
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
  };
}

/** INVITE_CREATE gives baseline 0, but only to a code that no snapshot has shown (rule 8). */
export function inviteCreated(draft: Draft, observed: InviteCreated): void {
  const reading = {
    ...observed.invite,
    uses: 0,
    createdAt: observed.invite.createdAt ?? observed.at,
  };
  if (reading.createdAt > observed.at + CLOCK_ERROR_MS) refute(draft, 'A6');
  keepTraits(draft, reading);
  if (draft.invites.has(reading.code)) return;
  const tombstone = tombstoneOf(draft, reading.code);
  if (tombstone) {
    if (tombstone.createdAt !== null) return;
    // The create came after the delete: now the limit is known.
    const { inviterId, channelId, maxUses, createdAt, expiresAt } = reading;
    const known = {
      ...tombstone,
      inviterId,
      channelId,
      maxUses,
      createdAt,
      expiresAt,
      readAt: null,
    };
    putTombstone(draft, tombstone.why === 'revoked' ? known : classified(draft, known));
    return;
  }
  const [record] = shareIds(draft, [recordFrom(reading, undefined)]);
  putInvite(draft, reading.code, record!);
  keepFresh(draft, reading.code, reading.createdAt);
  const entry = { code: reading.code, readAt: null, missedAt: null };
  patch(draft, { unread: [...draft.rest.unread, entry] });
}

export function addClass(draft: Draft, uses: UseClass): void {
  patch(draft, { classes: [...draft.rest.classes, uses] });
  const { source, counted } = uses;
  if (draft.rest.manualApproval && source.kind === 'invite' && counted > 0) {
    const others = draft.rest.usedCodes.filter((code) => code !== source.code);
    patch(draft, { usedCodes: [...others, source.code].slice(-CODES_KEPT) });
  }
}

/** An approval may come months after the click; only the codes used last are kept for it. */
const CODES_KEPT = 100;

/** The request is answered; failures are over. */
export function listAnswered(draft: Draft): void {
  patchLookup(draft, {
    listOpen: false,
    refresh: false,
    failures: 0,
    failingSince: null,
    failedAt: null,
    overBudget: false,
  });
}
