import { CLOCK_ERROR_MS, COUNT_LAG_MS } from './constants.ts';
import { type Draft, patch, patchLookup, refute } from './draft.ts';
import { recordUnknown } from './simple-answers.ts';

/** How long after a doubt an add that seems old may be a join seen by a wrong clock. */
const DOUBT_MS = 2 * 60 * 60_000;

/**
 * The clock was wrong: every time that the state keeps is of another clock and compares with
 * nothing that is to come. Counts stay; what was open is answered as unknown; a gap is named.
 */
export function clockDoubted(draft: Draft): void {
  const { at } = draft;
  refute(draft, 'A6');
  recordUnknown(draft, draft.rest.joins.filter(isUndecided), 'gap', { frozen: true });
  const before = (time: number | null): number | null =>
    time === null ? null : Math.min(time, at);
  const { listedAt, listAnsweredAt, vanity, trackedSince, refusedAt, vanityRefusedAt } = draft.rest;
  const { search } = draft.rest;
  const targets = search.targets.map((target) => ({
    ...target,
    dueAt: Math.min(target.dueAt, at),
  }));
  patch(draft, {
    joins: [],
    classes: [],
    parked: [],
    tombstones: [],
    falls: [],
    fresh: [],
    deadChannels: [],
    targets: [],
    lists: [],
    unread: draft.rest.unread.map((entry) => ({ ...entry, readAt: null, missedAt: null })),
    listedAt: before(listedAt),
    listAnsweredAt: before(listAnsweredAt),
    trackedSince: before(trackedSince),
    refusedAt: before(refusedAt),
    vanityRefusedAt: before(vanityRefusedAt),
    vanity: { ...vanity, readAt: before(vanity.readAt) },
    unswept: null,
    search: { ...search, askedAt: before(search.askedAt), targets },
    gaps: [{ from: Math.min(listedAt ?? at, at), to: at, cause: 'clock' }],
    forgottenUntil: at,
    refuted: draft.rest.refuted.map((entry) => ({ ...entry, at: Math.min(entry.at, at) })),
    session: { lost: draft.rest.session.lost, resumedAt: null },
    wakeAt: null,
  });
  const refreshAt = at + COUNT_LAG_MS + 2 * CLOCK_ERROR_MS + 1;
  patchLookup(draft, {
    askedAt: null,
    vanityAskedAt: null,
    failedAt: null,
    failures: 0,
    failingSince: null,
    vanityFailedAt: null,
    vanityFailures: 0,
    refreshAt,
    vanityRefreshAt: vanity.code === null ? null : refreshAt,
  });
  draft.learned = true;
}

function isUndecided(join: {
  readonly settledAt: number | null;
  readonly frozen: boolean;
}): boolean {
  return join.settledAt === null && !join.frozen;
}

/** Whether the clock was doubted so lately that the age of an event proves nothing. */
export function isClockInDoubt(draft: Draft): boolean {
  return draft.rest.refuted.some(
    ({ assumption, at }) => assumption === 'A6' && Math.abs(draft.at - at) < DOUBT_MS,
  );
}
