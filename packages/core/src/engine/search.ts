import type { Attribution, Origin } from './attribution.ts';
import {
  GIVE_UP_MS,
  SAME_JOIN_MS,
  SEARCH_AFTER_MS,
  SEARCH_BATCH,
  SEARCH_RETRY_MS,
  SEARCH_SAMPLE,
  SEARCH_SPACING_MS,
} from './constants.ts';
import { type Draft, note, patch } from './draft.ts';
import type { MembersSearched, SearchFailed, SearchHit } from './observation.ts';
import { record } from './simple-answers.ts';
import type { SearchState, SearchTarget } from './state.ts';
import type { WindowJoin } from './window.ts';

function patchSearch(draft: Draft, fields: Partial<SearchState>): void {
  patch(draft, { search: { ...draft.rest.search, ...fields } });
}

/** Takes up the joins that were answered in this step and whose record should be asked for. */
export function gatherTargets(draft: Draft): void {
  const { access, search } = draft.rest;
  if (access.search === 'off' || !access.counts || search.refusedAt !== null) return;
  const pausedForLong = (search.pausedUntil ?? 0) > draft.at + GIVE_UP_MS;
  const targets = new Map(search.targets.map((target) => [nameOf(target), target]));
  let changed = false;
  for (const effect of draft.effects) {
    if (effect.kind !== 'record') continue;
    const { attribution } = effect;
    const name = nameOf(attribution);
    const wanted = !pausedForLong && isWanted(draft, attribution);
    if (wanted === targets.has(name)) continue;
    changed = true;
    if (wanted) targets.set(name, targetOf(attribution));
    else targets.delete(name);
  }
  if (changed) patchSearch(draft, { targets: [...targets.values()] });
}

function nameOf({ userId, joinedAt }: Pick<Attribution, 'userId' | 'joinedAt'>): string {
  return `${userId}/${joinedAt}`;
}

function targetOf({ userId, joinedAt, seenAt }: Attribution): SearchTarget {
  return { userId, joinedAt, seenAt, attempts: 0, dueAt: seenAt + SEARCH_AFTER_MS[0]! };
}

/** Bots never need a record; what counters leave open does; of the certain ones a sample does. */
function isWanted(draft: Draft, attribution: Attribution): boolean {
  const { certainty, origin } = attribution;
  if (certainty === 'reported' || origin?.kind === 'bot') return false;
  if (certainty !== 'certain' || draft.rest.access.search === 'always') return true;
  return isSampled(attribution);
}

/**
 * The same joins on every run of a journal, also of one in which other names stand for its people:
 * so it is drawn by the time of joining, and no pattern is in it. FNV-1a.
 */
function isSampled({ joinedAt }: Attribution): boolean {
  let hash = 0x811c9dc5;
  for (const letter of String(joinedAt)) {
    hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  }
  return hash % SEARCH_SAMPLE === 0;
}

/** When the next search should go out, or null. One at a time. */
export function searchDue(draft: Draft): number | null {
  const { access, search } = draft.rest;
  if (access.search === 'off' || !access.counts || search.open || search.refusedAt !== null) {
    return null;
  }
  if (search.targets.length === 0) return null;
  const first = search.targets.reduce((due, target) => Math.min(due, target.dueAt), Infinity);
  const spaced = search.askedAt === null ? 0 : search.askedAt + SEARCH_SPACING_MS;
  return Math.max(first, spaced, search.pausedUntil ?? 0);
}

/** Asks for those who have waited longest. */
export function searchMembers(draft: Draft): void {
  const due = draft.rest.search.targets
    .filter(({ dueAt }) => dueAt <= draft.at)
    .sort((a, b) => a.dueAt - b.dueAt)
    .slice(0, SEARCH_BATCH);
  if (due.length === 0) return;
  patchSearch(draft, { open: true, askedAt: draft.at });
  const userIds = [...new Set(due.map(({ userId }) => userId))];
  draft.effects.push({ kind: 'search-members', userIds });
}

/** Records came. Who is not among them is not indexed yet, or only with an earlier membership. */
export function searched(draft: Draft, observed: MembersSearched): void {
  const { search } = draft.rest;
  patchSearch(draft, { open: false, pausedUntil: null });
  const asked = new Set(observed.asked);
  const targets: SearchTarget[] = [];
  for (const target of search.targets) {
    if (!asked.has(target.userId) || target.dueAt > draft.at) targets.push(target);
    else {
      const hit = observed.hits.find((each) => isAbout(each, target));
      const later = hit === undefined ? tryLater(draft, target) : null;
      if (hit !== undefined) report(draft, hit, target, observed.known);
      if (later !== null) targets.push(later);
    }
  }
  patchSearch(draft, { targets });
}

/** A record of another membership says nothing of this join. */
function isAbout(hit: SearchHit, { userId, joinedAt }: SearchTarget): boolean {
  return hit.userId === userId && Math.abs(hit.joinedAt - joinedAt) < SAME_JOIN_MS;
}

function tryLater(draft: Draft, target: SearchTarget): SearchTarget | null {
  const attempts = target.attempts + 1;
  const after = SEARCH_AFTER_MS[attempts];
  if (after === undefined) return null;
  return { ...target, attempts, dueAt: Math.max(target.seenAt + after, draft.at + 1) };
}

/** Discord's own record wins over whatever was inferred; both stay in the evidence. */
function report(
  draft: Draft,
  hit: SearchHit,
  target: SearchTarget,
  known: readonly Attribution[],
): void {
  const before = known.find((answer) => nameOf(answer) === nameOf(target));
  if (hit.origin === null || before === undefined || before.certainty === 'reported') return;
  if (hit.origin.kind === 'other' && !isDark(before)) return;
  const origin = filledIn(draft, hit.origin, before);
  if (before.certainty === 'certain' && before.settled) compare(draft, before, origin);
  const uses = before.candidates.find((candidate) => sameOrigin(candidate.origin, origin))?.uses;
  const { certainty } = before;
  record(draft, {
    ...before,
    origin,
    certainty: 'reported',
    candidates: [{ origin, share: null, uses: uses ?? null }],
    group: null,
    assumptions: [],
    evidence: [
      ...before.evidence,
      { kind: 'reported', origin, at: draft.at, inferred: { certainty, origin: before.origin } },
    ],
    settled: true,
  });
  markReported(draft, target);
}

/** What a record may leave out and the guild knows: which code is the vanity link, whose a code is. */
function filledIn(draft: Draft, reported: Origin, before: Attribution): Origin {
  if (reported.kind !== 'invite') return reported;
  if (reported.code === draft.rest.vanity.code) return { kind: 'vanity', code: reported.code };
  const same = before.candidates.find(({ origin }) => sameOrigin(origin, reported));
  return reported.inviterId === null && same !== undefined ? same.origin : reported;
}

/** No counter speaks for it. Where one does, a number that we do not know contradicts nothing (Q32). */
function isDark({ origin }: Attribution): boolean {
  return origin?.kind === 'no-invite' || origin?.kind === 'unknown';
}

/** How often the record says what had been certain without it: the accuracy that is shown. */
function compare(draft: Draft, { userId, origin }: Attribution, reported: Origin): void {
  const agrees = origin !== null && sameOrigin(origin, reported);
  const { checked, agreed } = draft.rest.search;
  patchSearch(draft, { checked: checked + 1, agreed: agreed + (agrees ? 1 : 0) });
  const kind = agrees ? 'search-agreed' : 'search-disagreed';
  note(draft, { kind, userId, at: draft.at });
}

function sameOrigin(one: Origin, other: Origin): boolean {
  const codeOf = (origin: Origin): string | null => ('code' in origin ? origin.code : null);
  return one.kind === other.kind && codeOf(one) === codeOf(other);
}

/** It still holds its use, but nothing inferred later replaces what Discord recorded. */
function markReported(draft: Draft, { userId, joinedAt }: SearchTarget): void {
  const mark = (join: WindowJoin): WindowJoin => {
    if (join.userId !== userId || join.joinedAt !== joinedAt) return join;
    return { ...join, reported: true, settledAt: join.settledAt ?? draft.at };
  };
  const { joins, parked } = draft.rest;
  patch(draft, {
    joins: joins.map(mark),
    parked: parked.map((cluster) => ({ ...cluster, joins: cluster.joins.map(mark) })),
  });
}

/** Nothing to work with: obeyed where it says when, given up where it says never. */
export function searchFailed(draft: Draft, { failure, retryAt }: SearchFailed): void {
  patchSearch(draft, { open: false });
  const { at } = draft;
  switch (failure) {
    case 'refused':
      patchSearch(draft, { refusedAt: at, targets: [] });
      return note(draft, { kind: 'search-refused', at });
    case 'withdrawn':
      patchSearch(draft, { pausedUntil: retryAt, targets: [] });
      return note(draft, { kind: 'search-withdrawn', at });
    case 'not-indexed':
    case 'unavailable': {
      const pausedUntil = Math.max(retryAt ?? 0, at + SEARCH_RETRY_MS);
      const targets = draft.rest.search.targets.filter(({ seenAt }) => at - seenAt < GIVE_UP_MS);
      return patchSearch(draft, { pausedUntil, targets });
    }
  }
}
