import { GIVE_UP_MS, SAME_JOIN_MS } from './constants.ts';
import { type Draft, note, patch } from './draft.ts';
import type { UserId } from './ids.ts';
import { canRead, isRepeat, reachesAnswered, windowJoin } from './joins.ts';
import type { ListedMember, LookupFailed, MembersRead } from './observation.ts';
import { recordBot, recordUnknown } from './simple-answers.ts';
import type { FoundJoin, Sweep } from './state.ts';
import { sweptSpan } from './sweep.ts';
import { lagOver, type WindowJoin } from './window.ts';

/** One page of the member list. */
export function membersRead(draft: Draft, page: MembersRead): void {
  const { sweep } = draft.rest;
  if (sweep === null) return;
  const { since, until } = sweptSpan(sweep);
  // A page that was asked for before another gap was named lacks those who joined in that one.
  if (page.since !== since || page.until !== until || page.after !== sweep.after) return;
  const found = foundOn(draft, sweep, page.members);
  const { next, at } = page;
  patch(draft, {
    sweep: {
      ...sweep,
      open: false,
      progressAt: at,
      after: next,
      failures: 0,
      failedAt: null,
      found,
    },
  });
  if (next === null) endSweep(draft, true);
  // A list that goes round in circles would never end.
  else if (sweep.after !== null && !isLater(next, sweep.after)) endSweep(draft, false);
}

function isLater(next: UserId, after: UserId): boolean {
  return next.length === after.length ? next > after : next.length > after.length;
}

/** All found so far, and those of the page: a list may name somebody twice. */
function foundOn(
  draft: Draft,
  sweep: Sweep,
  members: readonly ListedMember[],
): readonly FoundJoin[] {
  const found = [...sweep.found];
  const times = new Map<UserId, number[]>();
  for (const { userId, joinedAt } of found) {
    times.set(userId, [...(times.get(userId) ?? []), joinedAt]);
  }
  for (const listed of members) {
    const { userId, joinedAt } = listed;
    const known = times.get(userId) ?? [];
    if (known.some((time) => Math.abs(time - joinedAt) < SAME_JOIN_MS)) continue;
    const join = joinOf(draft, sweep, listed);
    if (join === null) continue;
    found.push(join);
    times.set(userId, [...known, joinedAt]);
  }
  return found;
}

/** Null for everybody whose join is known, or lies elsewhere. */
function joinOf(draft: Draft, sweep: Sweep, listed: ListedMember): FoundJoin | null {
  const { userId, joinedAt, bot, roleIds, member } = listed;
  const { since, until } = sweptSpan(sweep);
  if (joinedAt < since || joinedAt > until) return null;
  // Whoever was there when we first saw the guild is no join that we missed.
  const first = draft.rest.gaps.find((gap) => gap.cause === 'first-start');
  if (first !== undefined && joinedAt < first.to) return null;
  if (isRepeat(draft, userId, joinedAt, member)) return null;
  const { at } = draft;
  draft.effects.push({ kind: 'member', userId, joinedAt, present: true, at, bot });
  if (!bot) return { userId, joinedAt, seenAt: at, roleIds, left: false };
  recordBot(draft, { userId, joinedAt, seenAt: at, whileAway: true });
  return null;
}

/** A page did not come. Refused, or without one for too long: what was found must do. */
export function sweepFailed(draft: Draft, { failure, at }: LookupFailed): void {
  const { sweep } = draft.rest;
  if (sweep === null) return;
  patch(draft, {
    sweep: { ...sweep, open: false, failures: sweep.failures + 1, failedAt: at },
  });
  if (failure === 'refused' || at - sweep.progressAt > GIVE_UP_MS) endSweep(draft, false);
}

/** No page that is still to come can be trusted; who was found already joined all the same. */
export function breakOffSweep(draft: Draft): void {
  if (draft.rest.sweep !== null) endSweep(draft, false);
}

/** All that were found enter the window together. */
function endSweep(draft: Draft, whole: boolean): void {
  const found = draft.rest.sweep?.found ?? [];
  patch(draft, { sweep: null });
  note(draft, { kind: 'swept', found: found.length, whole, at: draft.at });
  const joins = found.map((join) => asWindowJoin(draft, join));
  patch(draft, { joins: [...draft.rest.joins, ...joins] });
  draft.learned = true;
  if (!canRead(draft)) recordUnknown(draft, joins, 'no-permission', { frozen: true });
}

/** Lists that were read since may have looked for its use already. */
function asWindowJoin(draft: Draft, found: FoundJoin): WindowJoin {
  const { userId, joinedAt, seenAt, roleIds, left } = found;
  const late = reachesAnswered(draft, joinedAt);
  const join = windowJoin(draft, { userId, joinedAt, seenAt, roleIds, late, whileAway: true });
  const after = draft.rest.lists.filter((list) => list.requestedAt > lagOver(join));
  // One that was asked for in the very millisecond counts as a look, as for a join that is heard.
  const isLooked = after.length > 0 || draft.rest.lists.some((list) => list.requestedAt >= seenAt);
  const { vanity } = draft.rest;
  const counted = vanity.unreadAt === null && (vanity.readAt ?? 0) > lagOver(join);
  return {
    ...join,
    left,
    lists: isLooked ? 1 : 0,
    coveredAt: after[0]?.at ?? null,
    provenAt: after.find((list) => list.complete)?.at ?? null,
    vanityReadings: counted ? 1 : 0,
    vanityCoveredAt: counted ? vanity.readAt : null,
  };
}
