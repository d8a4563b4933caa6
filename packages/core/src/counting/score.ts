import type { UserId } from '../engine/ids.ts';
import { type Correction, standingCorrections } from './corrections.ts';
import type { CountingRule, FakeReason } from './counting-rule.ts';
import { type Credit, creditOf } from './credit.ts';
import { type EarlierJoin, fakeReasons } from './fake-signs.ts';
import { isGone, retainedAfter, type Standing, standingOf } from './qualification.ts';
import type { SettledJoin } from './settled-join.ts';

/** Discord's Server Insights speaks of members retained past week one. */
const RETAINED_MS = 7 * 86_400_000;

/** A join as the rule judges it. */
export interface ScoredJoin {
  readonly userId: UserId;
  readonly joinedAt: number;
  readonly credit: Credit;
  /** A join is taken back once, whatever speaks against it: as fake if it is, else as left. */
  readonly outcome: 'counts' | 'left' | 'fake';
  readonly reasons: readonly FakeReason[];
  readonly standing: Standing;
  /** Stayed seven days; null while that is open. */
  readonly retained: boolean | null;
}

/**
 * Judges the whole history by a rule, oldest join first. The same facts, entries, rule and time
 * always give the same result, in time n log n.
 * @param joins settled joins, in any order, each once
 * @param now milliseconds since 1970; what happened later is not seen
 */
export function scoreJoins(
  joins: readonly SettledJoin[],
  corrections: readonly Correction[],
  rule: CountingRule,
  now: number,
): readonly ScoredJoin[] {
  const corrected = correctedBy(corrections.filter(({ at }) => at <= now));
  const past = joins.filter(({ joinedAt }) => joinedAt <= now);
  const inOrder = past.toSorted((one, other) => one.joinedAt - other.joinedAt);
  const blocked = new Set(rule.blocked);
  const history = new Map<UserId, History>();
  return inOrder.map((told) => {
    const join = corrected(asOf(told, now));
    const credit = creditOf(join, rule.creditsLikely);
    const earlier = history.get(join.userId) ?? null;
    const reasons = fakeReasons(join, credit, earlier, rule.fake);
    remember(history, join, credit);
    return {
      userId: join.userId,
      joinedAt: join.joinedAt,
      credit: withoutBlocked(credit, blocked),
      outcome: outcomeOf(join, reasons, rule.leftWithinMs, now),
      reasons,
      standing: reasons.length > 0 ? 'failed' : standingOf(join, rule.qualified, now),
      retained: retainedAfter(join, RETAINED_MS, now),
    };
  });
}

function asOf(join: SettledJoin, now: number): SettledJoin {
  const later = (at: number | null): boolean => at !== null && at > now;
  if (!later(join.leftAt) && !later(join.firstMessageAt)) return join;
  const { leftAt, firstMessageAt } = join;
  return {
    ...join,
    leftAt: later(leftAt) ? null : leftAt,
    firstMessageAt: later(firstMessageAt) ? null : firstMessageAt,
  };
}

type History = EarlierJoin & { readonly inviterIds: Set<UserId> };

function remember(history: Map<UserId, History>, join: SettledJoin, credit: Credit): void {
  const inviterIds = history.get(join.userId)?.inviterIds ?? new Set<UserId>();
  if (credit.kind === 'inviter') inviterIds.add(credit.inviterId);
  history.set(join.userId, { joinedAt: join.joinedAt, inviterIds });
}

/** A correction stands above every inference; the last one of a join holds. */
function correctedBy(corrections: readonly Correction[]): (join: SettledJoin) => SettledJoin {
  const origins = new Map<string, SettledJoin['origin']>();
  for (const { change } of standingCorrections(corrections)) {
    if (change.kind !== 'correct') continue;
    origins.set(`${change.userId} ${change.joinedAt}`, change.origin);
  }
  if (origins.size === 0) return (join) => join;
  return (join) => {
    const origin = origins.get(`${join.userId} ${join.joinedAt}`);
    if (origin === undefined) return join;
    return { ...join, origin, certainty: 'reported', candidates: [], group: null };
  };
}

function withoutBlocked(credit: Credit, blocked: ReadonlySet<UserId>): Credit {
  switch (credit.kind) {
    case 'nobody':
      return credit;
    case 'inviter':
      return blocked.has(credit.inviterId) ? { kind: 'nobody' } : credit;
    case 'group': {
      const parts = credit.parts.filter(({ inviterId }) => !blocked.has(inviterId));
      return parts.length === 0 ? { kind: 'nobody' } : { kind: 'group', parts };
    }
  }
}

function outcomeOf(
  join: SettledJoin,
  reasons: readonly FakeReason[],
  leftWithinMs: number | null,
  now: number,
): ScoredJoin['outcome'] {
  if (reasons.length > 0) return 'fake';
  if (!isGone(join, now) || join.leftAt === null) return 'counts';
  const isTakenBack = leftWithinMs === null || join.leftAt - join.joinedAt < leftWithinMs;
  return isTakenBack ? 'left' : 'counts';
}
