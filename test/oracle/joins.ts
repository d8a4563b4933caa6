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
  MembersRead,
  Observation,
} from '../../packages/core/src/engine/observation.ts';

/** A first event of a real join. */
export interface RealJoin extends JoinObserved {
  readonly joinedAt: number;
  /** Its event was lost in a gap; the member list shows it. */
  readonly whileAway: boolean;
}

/** The adds that are joins: no guests, repeats or repairs. Bots are among them. */
export function realJoins(observations: readonly Observation[]): RealJoin[] {
  const joins: RealJoin[] = [];
  const gaps: GapFound[] = [];
  const present = new Map<UserId, number>();
  for (const observation of observations) {
    if (observation.kind === 'gap') gaps.push(observation);
    if (observation.kind === 'leave') present.delete(observation.userId);
    for (const join of toldBy(observation)) {
      const since = present.get(join.userId) ?? storedSince(join);
      if (isEcho(joins, join) || isStillHere(gaps, since, join) || isRepair(gaps, join)) continue;
      joins.push(join);
      present.set(join.userId, join.joinedAt);
    }
  }
  return joins;
}

/** What could be joins: an add, or the members on a page of the member list. */
function toldBy(observation: Observation): RealJoin[] {
  if (observation.kind === 'members') return listedOn(observation);
  if (observation.kind !== 'join' || observation.guest || observation.joinedAt === null) return [];
  return [{ ...observation, joinedAt: observation.joinedAt, whileAway: false }];
}

function listedOn({ at, members, since, until }: MembersRead): RealJoin[] {
  return members
    .filter(({ joinedAt }) => since <= joinedAt && joinedAt <= until)
    .map((listed) => {
      return { kind: 'join', at, ...listed, guest: false, replayed: true, whileAway: true };
    });
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
