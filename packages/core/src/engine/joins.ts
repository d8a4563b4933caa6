import { isClockInDoubt } from './clock.ts';
import {
  CLOCK_ERROR_MS,
  EVENT_DELAY_MS,
  REPAIR_AGE_MS,
  SAME_JOIN_MS,
  SETTLE_MS,
} from './constants.ts';
import { type Draft, note, patch, refute } from './draft.ts';
import type { UserId } from './ids.ts';
import { addWants } from './lookups.ts';
import type { JoinObserved, KnownMember, LeaveObserved, MemberSeen } from './observation.ts';
import { mayTake, unpark } from './parking.ts';
import { recordBot, recordUnknown } from './simple-answers.ts';
import { beginSweep } from './sweep.ts';
import { openClasses } from './uses.ts';
import type { WindowJoin } from './window.ts';

/** A member add: a join, or one of the things that only look like one (rule 6). */
export function joinObserved(draft: Draft, observed: JoinObserved): void {
  const { userId, joinedAt, at } = observed;
  if (observed.guest || joinedAt === null) return note(draft, { kind: 'guest', userId, at });
  if (isRepeat(draft, userId, joinedAt, observed.member)) {
    return note(draft, { kind: 'repeat', userId, at });
  }
  const { bot } = observed;
  draft.effects.push({ kind: 'member', userId, joinedAt, present: true, at, bot });
  if (isRepair(draft, observed, joinedAt)) {
    if (!bot && isClockInDoubt(draft)) return joinOutOfTime(draft, observed, joinedAt);
    return note(draft, { kind: 'repair', userId, at });
  }
  checkDelay(draft, observed, joinedAt);
  if (bot) return recordBot(draft, { userId, joinedAt, seenAt: at, whileAway: false });
  // The first join after a gap: whoever came before it belongs to the same window.
  beginSweep(draft);
  const late = reachesAnswered(draft, joinedAt);
  const join = newJoin(draft, observed, joinedAt, late);
  patch(draft, { joins: [...draft.rest.joins, join] });
  if (mayChangeAnswers(draft, joinedAt)) draft.learned = true;
  if (canRead(draft)) addWants(draft, join);
  else recordUnknown(draft, [join], 'no-permission', { frozen: true });
}

/** A join told by a clock that was wrong: no counter can be held against its time. */
function joinOutOfTime(draft: Draft, observed: JoinObserved, joinedAt: number): void {
  const join = newJoin(draft, observed, joinedAt, false);
  patch(draft, { joins: [...draft.rest.joins, join] });
  recordUnknown(draft, [join], 'gap', { frozen: true });
}

/** Whether the list can be read with counts, as far as we know. */
export function canRead(draft: Draft): boolean {
  return draft.rest.access.counts && draft.rest.refusedAt === null;
}

function newJoin(
  draft: Draft,
  observed: JoinObserved,
  joinedAt: number,
  late: boolean,
): WindowJoin {
  const { userId, at, roleIds } = observed;
  return windowJoin(draft, { userId, joinedAt, seenAt: at, roleIds, late, whileAway: false });
}

type Beginning = Pick<
  WindowJoin,
  'userId' | 'joinedAt' | 'seenAt' | 'roleIds' | 'late' | 'whileAway'
>;

/** A join of which nothing more is known yet. */
export function windowJoin(draft: Draft, beginning: Beginning): WindowJoin {
  return {
    ...beginning,
    left: false,
    lists: 0,
    coveredAt: null,
    provenAt: null,
    vanityReadings: 0,
    vanityCoveredAt: null,
    unmatched: true,
    settleAt: null,
    settledAt: null,
    reported: false,
    frozen: false,
    approved: draft.rest.manualApproval,
    recorded: null,
  };
}

/** Beyond this many open joins a new one waits for its list: solving for each would cost too much. */
const PROMPT_JOINS = 64;

/** It may have made a use that others were given already. */
function mayChangeAnswers(draft: Draft, joinedAt: number): boolean {
  if (draft.rest.joins.length > PROMPT_JOINS) return false;
  return openClasses(draft).some((uses) => mayTake(joinedAt, uses));
}

/**
 * Whether a join told only now lies before an answer on which others have settled: it may have made
 * one of their uses. What was parked takes part again.
 */
export function reachesAnswered(draft: Draft, joinedAt: number): boolean {
  const reached = reachesParked(draft, joinedAt);
  const late = reached || reachesSettled(draft, joinedAt);
  if (reached) unpark(draft);
  return late;
}

/** Its join lies before an answer on which some join has settled meanwhile. */
function reachesParked(draft: Draft, joinedAt: number): boolean {
  const { parked } = draft.rest;
  if (!parked.some((cluster) => joinedAt <= cluster.until)) return false;
  return parked.some(({ classes }) => classes.some((uses) => mayTake(joinedAt, uses)));
}

/** The same for settled joins that others hold in the window. */
function reachesSettled(draft: Draft, joinedAt: number): boolean {
  // An event that comes in time finds nothing settled: that is what settling waits for.
  if (draft.at - joinedAt <= SETTLE_MS) return false;
  const settled = draft.rest.joins.filter((join) => join.settledAt !== null);
  if (settled.length === 0) return false;
  return openClasses(draft).some(
    (uses) =>
      uses.counted > 0 &&
      mayTake(joinedAt, uses) &&
      settled.some((join) => mayTake(join.joinedAt, uses)),
  );
}

/** A join that is known already, or of a member who cannot have left since. */
export function isRepeat(
  draft: Draft,
  userId: UserId,
  joinedAt: number,
  member: KnownMember | null,
): boolean {
  const known = knownJoins(draft, userId, member);
  if (known.some((other) => Math.abs(other.joinedAt - joinedAt) < SAME_JOIN_MS)) return true;
  return known.some((other) => other.present && !gapBetween(draft, other.joinedAt, joinedAt));
}

function knownJoins(
  draft: Draft,
  userId: UserId,
  member: KnownMember | null,
): readonly KnownMember[] {
  const seen = windowJoins(draft)
    .filter((join) => join.userId === userId)
    .map((join) => ({ joinedAt: join.joinedAt, present: !join.left }));
  const bots = draft.rest.bots
    .filter((bot) => bot.userId === userId)
    .map((bot) => ({ joinedAt: bot.joinedAt, present: member?.present ?? true }));
  return [...seen, ...bots, ...(member === null ? [] : [member])];
}

/** Whether the leave between two joins may have been missed. */
function gapBetween(draft: Draft, since: number, joinedAt: number): boolean {
  const [from, until] = [since - CLOCK_ERROR_MS, joinedAt + EVENT_DELAY_MS];
  return draft.rest.gaps.some((gap) => gap.from <= until && gap.to >= from);
}

function isRepair(draft: Draft, observed: JoinObserved, joinedAt: number): boolean {
  if (observed.replayed || observed.at - joinedAt <= REPAIR_AGE_MS) return false;
  return !inGap(draft, joinedAt);
}

function inGap(draft: Draft, at: number): boolean {
  return draft.rest.gaps.some((gap) => at >= gap.from && at <= gap.to);
}

/** A2 and A6 are checked on every event: the delay, and joins from the future. */
function checkDelay(draft: Draft, observed: JoinObserved, joinedAt: number): void {
  const delayMs = observed.at - joinedAt;
  if (delayMs < -CLOCK_ERROR_MS) refute(draft, 'A6');
  if (observed.replayed || inGap(draft, joinedAt)) return;
  if (delayMs > EVENT_DELAY_MS + CLOCK_ERROR_MS) refute(draft, 'A2');
}

/** The join stays in the window: who leaves at once came by an invite all the same. */
export function leaveObserved(draft: Draft, observed: LeaveObserved): void {
  const { userId, at } = observed;
  draft.effects.push({ kind: 'left', userId, at });
  leaveFound(draft, userId);
  if (!windowJoins(draft).some((join) => join.userId === userId)) return;
  const leave = (join: WindowJoin): WindowJoin =>
    join.userId === userId ? { ...join, left: true } : join;
  const { joins, parked } = draft.rest;
  patch(draft, {
    joins: joins.map(leave),
    parked: parked.map((cluster) => ({ ...cluster, joins: cluster.joins.map(leave) })),
  });
}

function leaveFound(draft: Draft, userId: UserId): void {
  const { sweep } = draft.rest;
  if (sweep === null || !sweep.found.some((join) => join.userId === userId)) return;
  const found = sweep.found.map((join) =>
    join.userId === userId ? { ...join, left: true } : join,
  );
  patch(draft, { sweep: { ...sweep, found } });
}

function windowJoins(draft: Draft): readonly WindowJoin[] {
  const { joins, parked } = draft.rest;
  return parked.length === 0 ? joins : [...joins, ...parked.flatMap((cluster) => cluster.joins)];
}

/** A member of whom we saw no join, though we watched when it happened, refutes A1. */
export function memberSeen(draft: Draft, observed: MemberSeen): void {
  const { userId, joinedAt, member } = observed;
  const { trackedSince } = draft.rest;
  if (trackedSince === null || joinedAt <= trackedSince || inGap(draft, joinedAt)) return;
  if (observed.at - joinedAt <= EVENT_DELAY_MS + 2 * CLOCK_ERROR_MS) return;
  const known = knownJoins(draft, userId, member);
  if (known.some((other) => other.joinedAt > joinedAt - SAME_JOIN_MS)) return;
  refute(draft, 'A1');
  draft.effects.push({
    kind: 'member',
    userId,
    joinedAt,
    present: true,
    at: observed.at,
    bot: false,
  });
}
