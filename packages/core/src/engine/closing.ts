import {
  CLOCK_ERROR_MS,
  COMPONENT_AGE_MS,
  COMPONENT_JOINS,
  COUNT_LAG_MS,
  SETTLE_MS,
} from './constants.ts';
import { type Draft, note, patch } from './draft.ts';
import { isVanityKnown } from './vanity.ts';
import { explainedAt, isOpen, type UseClass, type WindowJoin } from './window.ts';
import type { JoinGroup, Problem, Worlds } from './worlds.ts';

/**
 * A component that stays open too long, or grows too large, is closed: the joins that no later
 * list can reach keep their candidates and leave. These are they; none if it is not yet time.
 */
export function leavingJoins(
  draft: Draft,
  { groups, classes }: Problem,
  { answers }: Worlds,
): ReadonlySet<WindowJoin> {
  const joins = groups.flatMap((group) => group.joins);
  const open = joins.filter(isOpen);
  if (open.length === 0) return new Set();
  // A sweep and a lost session end by themselves; the joins of the window wait for it.
  const waits = draft.rest.sweep !== null || draft.rest.session.lost;
  const ageMs = waits ? Number.POSITIVE_INFINITY : COMPONENT_AGE_MS;
  const due = draft.at - openSince(draft, open) > ageMs || joins.length >= COMPONENT_JOINS;
  if (!due) return new Set();
  const reached = (draft.rest.listedAt ?? 0) - COUNT_LAG_MS - CLOCK_ERROR_MS;
  const isReached = (join: WindowJoin): boolean =>
    join.lists > 0 && (join.approved || (join.joinedAt < reached && isVanityKnown(draft, join)));
  // Somebody whose event is still to come may have made a use that was read just now.
  const isHeard = (group: JoinGroup): boolean =>
    group.classes.every((at) => classes[at]!.counted === 0 || isPast(draft, classes[at]!));
  const leaving = groups.map((group, index) => {
    if (joins.length < COMPONENT_JOINS && !isHeard(group)) return [];
    // Who is explained asks for no list, and need not wait for one.
    return answers[index]!.unmatched ? group.joins.filter(isReached) : group.joins;
  });
  return new Set(leaving.flat());
}

function isPast({ at }: Draft, uses: UseClass): boolean {
  return explainedAt(uses) + SETTLE_MS <= at;
}

/** The oldest has waited since then; who was found after a gap has only begun to be looked for. */
function openSince(draft: Draft, open: readonly WindowJoin[]): number {
  let oldest = draft.at;
  let found = 0;
  for (const { seenAt, whileAway } of open) {
    oldest = Math.min(oldest, seenAt);
    if (whileAway) found = Math.max(found, seenAt);
  }
  return Math.max(oldest, found, backSince(draft));
}

/** While nothing was heard nothing could be learned: that time makes no join old. */
export function backSince({ rest }: Draft): number {
  return Math.max(rest.gaps.at(-1)?.to ?? 0, rest.session.resumedAt ?? 0);
}

/** Uses that those who left may have taken are only possible ones for those who stay. */
export function forgetJoins(draft: Draft, leaving: ReadonlySet<WindowJoin>): void {
  if (leaving.size === 0) return;
  note(draft, { kind: 'closed', joins: leaving.size, at: draft.at });
  let reach = draft.rest.forgottenUntil ?? 0;
  for (const join of leaving) reach = Math.max(reach, join.joinedAt);
  patch(draft, {
    joins: draft.rest.joins.filter((join) => !leaving.has(join)),
    forgottenUntil: reach,
  });
}
