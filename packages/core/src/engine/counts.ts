import { CLOCK_ERROR_MS, COUNT_LAG_MS, FALL_LISTS, FALL_SPAN_MS } from './constants.ts';
import { type Draft, note, patch, putInvite, refute } from './draft.ts';
import type { InviteCode } from './ids.ts';
import type { InvitesRead } from './observation.ts';
import { createdAtOf, markRead, markUnread, readAtOf, traitsOf, unreadOf } from './records.ts';
import type { InviteRecord } from './state.ts';
import { BEGINNING, type UseClass } from './window.ts';

/** A list showed a living invite with this count; null if it left the count out. */
export function readCount(
  draft: Draft,
  list: InvitesRead,
  code: InviteCode,
  { record, uses }: { readonly record: InviteRecord; readonly uses: number | null },
): void {
  if (uses === null) return markUnread(draft, code, list.at, { shown: true });
  if (record.uses !== null && uses < record.uses)
    return countFell(draft, list, code, { record, uses });
  if (uses !== record.uses) {
    const rise = uses - (record.uses ?? 0);
    // Without a baseline each of the uses may be older than the previous list.
    const counted = record.uses === null ? 0 : rise;
    if (rise > 0) {
      const step = { readAt: readAtOf(draft, code), createdAt: createdAtOf(draft, code, record) };
      addClass(draft, usesOf(code, record, { ...step, answeredAt: list.at, counted, rise }));
    }
    putInvite(draft, code, { ...record, uses });
  }
  markRead(draft, code);
}

interface Step {
  readonly readAt: number | null;
  readonly createdAt: number | null;
  readonly answeredAt: number;
  /** Exactly this many uses, or 0 for possible ones. */
  readonly counted: number;
  /** At most this many; null for no limit. */
  readonly rise: number | null;
}

/** The uses of a code between its last reading and an answer. */
export function usesOf(code: InviteCode, record: InviteRecord, step: Step): UseClass {
  const { readAt, createdAt, answeredAt, counted, rise } = step;
  const born = createdAt === null ? BEGINNING : createdAt - CLOCK_ERROR_MS;
  return {
    source: { kind: 'invite', code, inviterId: record.inviterId },
    from: Math.max(born, readAt === null ? BEGINNING : readAt - COUNT_LAG_MS - CLOCK_ERROR_MS),
    fromWithoutLag: Math.max(born, readAt === null ? BEGINNING : readAt - CLOCK_ERROR_MS),
    until: answeredAt + CLOCK_ERROR_MS,
    counted,
    limit: counted > 0 ? null : rise,
    ifUsedUp: 0,
    stepFrom: readAt ?? createdAt ?? BEGINNING,
    answeredAt,
    fromUses: record.uses ?? 0,
    toUses: (record.uses ?? 0) + (rise ?? 0),
    vanished: null,
    awaits: false,
  };
}

/** Lower than the baseline: stale, until enough complete lists over enough time agree (rule 1). */
function countFell(
  draft: Draft,
  list: InvitesRead,
  code: InviteCode,
  { record, uses }: { readonly record: InviteRecord; readonly uses: number },
): void {
  const known = draft.rest.falls.find((fall) => fall.code === code);
  if (!known) doubtLag(draft, list, code);
  markUnread(draft, code, list.at, { shown: true });
  if (!list.complete) return;
  const fall = { code, since: known?.since ?? list.at, lists: (known?.lists ?? 0) + 1 };
  if (fall.lists < FALL_LISTS || list.at - fall.since < FALL_SPAN_MS) {
    const others = draft.rest.falls.filter((other) => other.code !== code);
    patch(draft, { falls: [...others, fall] });
    return;
  }
  // What happened while it could not be read stays possible.
  const missed = unreadClass(draft, code, record, list.at);
  if (missed.limit !== 0) addClass(draft, { ...missed, awaits: false });
  putInvite(draft, code, { ...record, uses });
  markRead(draft, code);
}

/** A count that had been told longer than H ago and is not shown now refutes A3. */
function doubtLag(draft: Draft, list: InvitesRead, code: InviteCode): void {
  note(draft, { kind: 'count-fell', code, at: draft.at });
  const { listAnsweredAt } = draft.rest;
  const readable = !unreadOf(draft, code) && listAnsweredAt !== null;
  if (readable && list.requestedAt > listAnsweredAt + COUNT_LAG_MS) refute(draft, 'A3');
}

/** Uses that a code may have had while it could not be read. */
export function unreadClass(
  draft: Draft,
  code: InviteCode,
  record: InviteRecord,
  missedAt: number,
): UseClass {
  const rise = record.maxUses > 0 ? Math.max(0, record.maxUses - (record.uses ?? 0)) : null;
  const uses = usesOf(code, record, {
    readAt: readAtOf(draft, code),
    createdAt: createdAtOf(draft, code, record),
    answeredAt: missedAt,
    counted: 0,
    rise,
  });
  return { ...uses, awaits: true };
}

export function addClass(draft: Draft, uses: UseClass): void {
  patch(draft, { classes: [...draft.rest.classes, uses] });
  const { source, counted } = uses;
  if (!draft.rest.manualApproval || source.kind !== 'invite' || counted === 0) return;
  if (traitsOf(draft, source.code)?.bypass) return;
  const others = draft.rest.usedCodes.filter((code) => code !== source.code);
  patch(draft, { usedCodes: [...others, source.code].slice(-CODES_KEPT) });
}

/** An approval may come months after the click; only the codes used last are kept for it. */
const CODES_KEPT = 100;
