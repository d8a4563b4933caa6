import { backSince } from './closing.ts';
import {
  AUDIT_SILENCE_MS,
  COMPONENT_AGE_MS,
  GIVE_UP_MS,
  LIST_SPACING_MS,
  MAX_LISTS,
  SETTLE_MS,
} from './constants.ts';
import { type Draft, patch, patchLookup } from './draft.ts';
import { searchDue, searchMembers } from './search.ts';
import type { Wants } from './state.ts';
import { sweptSpan } from './sweep.ts';
import { tombstoneClass, verdictAt } from './tombstones.ts';
import { explainedAt, isOpen, lagOver, type WindowJoin } from './window.ts';
import { windowEndsAt } from './window-end.ts';

const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;
/** The middle look of a join that nothing explains yet. */
const SECOND_LOOK_MS = 1_000;

/** Asks for what is due, and to be woken for what is not due yet. */
export function planLookups(draft: Draft): void {
  if (draft.rescan) patch(draft, { wants: wantsOf(draft) });
  const list = listDue(draft);
  if (list !== null && list <= draft.at) askList(draft);
  const vanity = vanityDue(draft);
  if (vanity !== null && vanity <= draft.at) askVanity(draft);
  const page = pageDue(draft);
  if (page !== null && page <= draft.at) askPage(draft);
  const search = searchDue(draft);
  if (search !== null && search <= draft.at) searchMembers(draft);
  const later = [list, vanity, page, searchDue(draft)].filter(
    (due) => due !== null && due > draft.at,
  );
  const { deadlineAt } = draft.rest.wants;
  wakeAt(draft, earliest([...later, deadlineAt]));
}

function wantsOf(draft: Draft): Wants {
  const { joins } = draft.rest;
  return {
    listAt: earliest(joins.map(listWanted)),
    vanityAt: earliest(joins.map(vanityWanted)),
    deadlineAt: earliest(deadlines(draft)),
  };
}

/** One more join: what it wants joins what the others want. */
export function addWants(draft: Draft, join: WindowJoin): void {
  if (draft.concluded) return;
  const { wants } = draft.rest;
  draft.rescan = false;
  patch(draft, {
    wants: {
      listAt: earliest([wants.listAt, listWanted(join)]),
      vanityAt: earliest([wants.vanityAt, vanityWanted(join)]),
      deadlineAt: earliest([wants.deadlineAt, join.seenAt + GIVE_UP_MS + 1]),
    },
  });
}

function askList(draft: Draft): void {
  patchLookup(draft, { listOpen: true, askedAt: draft.at });
  draft.effects.push({ kind: 'fetch-invites' });
}

function askVanity(draft: Draft): void {
  patchLookup(draft, { vanityOpen: true, vanityAskedAt: draft.at });
  draft.effects.push({ kind: 'fetch-vanity' });
}

/** When the list should be read next, or null. One at a time; joins meanwhile share the next. */
export function listDue(draft: Draft): number | null {
  const { lookup, access, session, refusedAt } = draft.rest;
  if (lookup.listOpen || !access.counts || session.lost) return null;
  const wanted = earliest([lookup.refreshAt, refusedAt === null ? draft.rest.wants.listAt : null]);
  if (wanted === null) return null;
  const spaced =
    lookup.askedAt === null ? wanted : Math.max(wanted, lookup.askedAt + LIST_SPACING_MS);
  return Math.max(spaced, retryAt(lookup.failures, lookup.failedAt));
}

/** When this join wants a list of its own, or null if it needs none. */
function listWanted(join: WindowJoin): number | null {
  if (!isOpen(join) || !join.unmatched || join.provenAt !== null) return null;
  if (join.coveredAt !== null) {
    return join.lists < MAX_LISTS ? join.coveredAt + SECOND_LOOK_MS : null;
  }
  if (join.lists === 0) return join.seenAt;
  const last = lagOver(join) + 1;
  return join.lists < MAX_LISTS - 1 ? Math.min(join.seenAt + SECOND_LOOK_MS, last) : last;
}

export function vanityDue(draft: Draft): number | null {
  const { lookup, access, session, vanity, vanityRefusedAt, refusedAt } = draft.rest;
  if (lookup.vanityOpen || vanity.code === null || session.lost) return null;
  if (!access.counts || refusedAt !== null || vanityRefusedAt !== null) return null;
  const wanted = earliest([lookup.vanityRefreshAt, draft.rest.wants.vanityAt]);
  if (wanted === null) return null;
  const spaced =
    lookup.vanityAskedAt === null
      ? wanted
      : Math.max(wanted, lookup.vanityAskedAt + LIST_SPACING_MS);
  return Math.max(spaced, retryAt(lookup.vanityFailures, lookup.vanityFailedAt));
}

/** The counter is asked only for joins that the list leaves unexplained (rule 7). */
function vanityWanted(join: WindowJoin): number | null {
  if (!isOpen(join) || !join.unmatched || join.lists === 0) return null;
  if (join.vanityCoveredAt !== null) return null;
  // Two of its own at most. Those of others meanwhile do not spare it the one after the lag.
  return join.vanityReadings === 0 ? join.seenAt : lagOver(join) + 1;
}

/** When the next page of the member list should be read, or null. */
export function pageDue(draft: Draft): number | null {
  const { sweep, session } = draft.rest;
  if (sweep === null || sweep.open || session.lost) return null;
  return retryAt(sweep.failures, sweep.failedAt);
}

function askPage(draft: Draft): void {
  const { sweep } = draft.rest;
  if (sweep === null) return;
  patch(draft, { sweep: { ...sweep, open: true } });
  draft.effects.push({ kind: 'fetch-members', after: sweep.after, ...sweptSpan(sweep) });
}

function retryAt(failures: number, failedAt: number | null): number {
  if (failures === 0 || failedAt === null) return 0;
  return failedAt + Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS);
}

/** Moments at which an answer may change or settle without any new observation. */
function deadlines(draft: Draft): (number | null)[] {
  const due: (number | null)[] = [windowEndsAt(draft)];
  const heard = draft.rest.joins.length === 0 ? 0 : heardBy(draft);
  const back = backSince(draft);
  for (const join of draft.rest.joins) {
    if (!isOpen(join)) continue;
    if (join.settleAt !== null) due.push(join.settleAt);
    else {
      const closes = Math.max(Math.max(join.seenAt, back) + COMPONENT_AGE_MS + 1, heard);
      const givesUp = join.seenAt + GIVE_UP_MS + 1;
      // Who is still open after that waits for something else than time.
      for (const at of [closes, givesUp]) if (at > draft.at) due.push(at);
    }
  }
  for (const tombstone of draft.rest.tombstones) due.push(verdictAt(draft, tombstone));
  return due.map((at) => (at !== null && at <= draft.at ? draft.at + AUDIT_SILENCE_MS : at));
}

/** When everybody who may have made a use that was read is known. */
function heardBy({ rest }: Draft): number {
  let last = 0;
  for (const uses of rest.classes) if (uses.counted > 0) last = Math.max(last, explainedAt(uses));
  for (const tombstone of rest.tombstones) {
    const uses = tombstoneClass(tombstone);
    if (uses !== null && uses.counted > 0) last = Math.max(last, explainedAt(uses));
  }
  return last + SETTLE_MS;
}

function wakeAt(draft: Draft, at: number | null): void {
  if (at === draft.rest.wakeAt) return;
  patch(draft, { wakeAt: at });
  draft.effects.push({ kind: 'wake', at });
}

function earliest(times: readonly (number | null)[]): number | null {
  let first: number | null = null;
  for (const time of times) if (time !== null && (first === null || time < first)) first = time;
  return first;
}
