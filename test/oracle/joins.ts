import {
  CLOCK_ERROR_MS,
  EVENT_DELAY_MS,
  REPAIR_AGE_MS,
  SAME_JOIN_MS,
} from '../../packages/core/src/engine/constants.ts';
import type { UserId } from '../../packages/core/src/engine/ids.ts';
import type {
  GapFound,
  JoinObserved,
  Observation,
} from '../../packages/core/src/engine/observation.ts';

/** A first event of a real join. */
export interface RealJoin extends JoinObserved {
  readonly joinedAt: number;
}

/** The adds that are joins: no guests, repeats or repairs. Bots are among them. */
export function realJoins(observations: readonly Observation[]): RealJoin[] {
  const joins: RealJoin[] = [];
  const gaps: GapFound[] = [];
  const present = new Map<UserId, number>();
  for (const observation of observations) {
    if (observation.kind === 'gap') gaps.push(observation);
    if (observation.kind === 'leave') present.delete(observation.userId);
    if (observation.kind !== 'join' || observation.guest || observation.joinedAt === null) continue;
    const join = { ...observation, joinedAt: observation.joinedAt };
    const since = present.get(join.userId) ?? storedSince(join);
    if (isEcho(joins, join) || isStillHere(gaps, since, join) || isRepair(gaps, join)) continue;
    joins.push(join);
    present.set(join.userId, join.joinedAt);
  }
  return joins;
}

function storedSince(join: RealJoin): number | undefined {
  return join.member?.present === true ? join.member.joinedAt : undefined;
}

function isEcho(joins: readonly RealJoin[], join: RealJoin): boolean {
  return joins.some(
    (earlier) =>
      earlier.userId === join.userId && Math.abs(earlier.joinedAt - join.joinedAt) < SAME_JOIN_MS,
  );
}

/** A gap may hide the event of a leave between the two joins, which may come G after it. */
function isStillHere(
  gaps: readonly GapFound[],
  since: number | undefined,
  join: RealJoin,
): boolean {
  if (since === undefined) return false;
  const [from, until] = [since - CLOCK_ERROR_MS, join.joinedAt + EVENT_DELAY_MS];
  return !gaps.some((gap) => gap.to >= from && gap.from <= until);
}

function isRepair(gaps: readonly GapFound[], join: RealJoin): boolean {
  if (join.replayed || join.at - join.joinedAt <= REPAIR_AGE_MS) return false;
  return !gaps.some((gap) => gap.from <= join.joinedAt && join.joinedAt <= gap.to);
}
