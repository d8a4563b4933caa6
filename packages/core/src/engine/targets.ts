import type { Candidate } from './attribution.ts';
import { CLOCK_ERROR_MS } from './constants.ts';
import { type Draft, patch, patchLookup } from './draft.ts';
import type { InviteCode } from './ids.ts';
import type { TargetsRead } from './observation.ts';
import { unpark } from './parking.ts';
import { traitsOf } from './records.ts';
import type { UseClass, WindowJoin } from './window.ts';

const READINGS_KEPT = 32;

/** Who may accept a targeted invite. An unfinished or unreadable list proves nothing. */
export function targetsRead(draft: Draft, observed: TargetsRead): void {
  const { code, requestedAt, at, userIds } = observed;
  const asked = draft.rest.lookup.targetsAsked.filter((other) => other !== code);
  patchLookup(draft, { targetsAsked: asked });
  if (userIds === null) return;
  const reading = { code, requestedAt, at, userIds };
  patch(draft, { targets: [...draft.rest.targets, reading].slice(-READINGS_KEPT) });
  // It may rule out what a settled join was given: then others took its uses.
  if (isParked(draft, code)) unpark(draft);
  draft.learned = true;
}

function isParked(draft: Draft, code: InviteCode): boolean {
  return draft.rest.parked.some(
    ({ joins, classes }) =>
      joins.length > 0 &&
      classes.some(({ source }) => source.kind === 'invite' && source.code === code),
  );
}

/** The list is read only for joins that the counters leave open (rule 9). */
export function wantTargets(draft: Draft, candidates: readonly Candidate[]): void {
  if (draft.rest.traits.length === 0) return;
  for (const { origin } of candidates) {
    if (origin.kind !== 'invite' || !traitsOf(draft, origin.code)?.targeted) continue;
    if (wasAsked(draft, origin.code)) continue;
    const { targetsAsked } = draft.rest.lookup;
    patchLookup(draft, { targetsAsked: [...targetsAsked, origin.code] });
    draft.effects.push({ kind: 'fetch-targets', code: origin.code });
  }
}

/** Once per minute and code is enough: the next ambiguous join has then a reading before it. */
function wasAsked(draft: Draft, code: InviteCode): boolean {
  if (draft.rest.lookup.targetsAsked.includes(code)) return true;
  return draft.rest.targets.some((known) => known.code === code && draft.at - known.at < 60_000);
}

/**
 * What rules a class out for a join: two completed readings of the target list, before and after
 * it, that both lack the member; and, for a join by approval, every code but a bypass invite.
 * Null if nothing does, which is nearly always.
 */
export function exclusions(draft: Draft): ((join: WindowJoin, uses: UseClass) => boolean) | null {
  const { targets, joins, traits } = draft.rest;
  const approvals = joins.some((join) => join.approved);
  if (targets.length === 0 && !approvals) return null;
  return (join, { source }) => {
    if (source.kind === 'no-baseline') return join.approved;
    if (join.approved) {
      const bypass = traits.some((known) => known.code === source.code && known.bypass);
      if (!bypass) return true;
    }
    if (source.kind !== 'invite') return false;
    const lacking = targets.filter(
      (known) => known.code === source.code && !known.userIds.includes(join.userId),
    );
    return (
      lacking.some((known) => known.at <= join.joinedAt - CLOCK_ERROR_MS) &&
      lacking.some((known) => known.requestedAt >= join.joinedAt + CLOCK_ERROR_MS)
    );
  };
}
