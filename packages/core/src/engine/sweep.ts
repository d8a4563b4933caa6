import { CLOCK_ERROR_MS, EVENT_DELAY_MS } from './constants.ts';
import { type Draft, patch } from './draft.ts';
import type { GapFound } from './observation.ts';
import type { Span, Sweep } from './state.ts';
import { openClasses } from './uses.ts';

/**
 * Members who joined in a gap are found in the member list (rule 11). It is read only where
 * something shows that anybody may have joined: `member_count`, a counter, or the first join after
 * the gap. Until it has been read the joins of the guild stay open: all are solved as one window.
 */
export function gapToSweep(draft: Draft, { from, to, cause, turnover }: GapFound): void {
  // Whoever joined before we knew the guild is no join that we missed.
  if (cause === 'first-start' || cause === 'clock' || from <= 0) return;
  const { sweep, unswept } = draft.rest;
  const before = sweep ?? unswept;
  const span = { since: Math.min(before?.since ?? from, from), until: to };
  if (sweep !== null) patch(draft, { sweep: { ...begun(draft, span), found: sweep.found } });
  else patch(draft, { unswept: span });
  if (turnover === true) beginSweep(draft);
}

/** Something happened: whoever joined in the gap is looked for, if there was one. */
export function beginSweep(draft: Draft): void {
  const { unswept } = draft.rest;
  if (unswept === null) return;
  patch(draft, { unswept: null, sweep: begun(draft, unswept) });
  draft.learned = true;
}

function begun({ at }: Draft, { since, until }: Span): Sweep {
  const fresh = { after: null, open: false, failures: 0, failedAt: null, found: [] };
  return { since, until, startedAt: at, progressAt: at, ...fresh };
}

/** A counter that moved across the gap shows that somebody joined in it, or may have. */
export function sweepIfCounted(draft: Draft): void {
  const { unswept } = draft.rest;
  if (unswept === null) return;
  const settled = draft.rest.parked.flatMap(({ classes }) => classes);
  const moved = [...openClasses(draft), ...settled].some(
    ({ source, awaits, vanished, from, until }) =>
      source.kind !== 'no-baseline' &&
      // A count that could not be read shows nothing yet.
      (!awaits || vanished !== null) &&
      from <= unswept.until + CLOCK_ERROR_MS &&
      until >= unswept.since - CLOCK_ERROR_MS,
  );
  if (moved) beginSweep(draft);
}

/** Join times that a sweep looks for: the event of a join just before a gap may be lost in it. */
export function sweptSpan({ since, until }: Span): Span {
  return { since: since - EVENT_DELAY_MS - CLOCK_ERROR_MS, until: until + CLOCK_ERROR_MS };
}
