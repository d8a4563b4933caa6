import type { UserId } from '../engine/ids.ts';
import { type Correction, standingCorrections } from './corrections.ts';
import type { ScoredJoin } from './score.ts';

/** The counters of one inviter. Numbers are whole but for `group`. */
export interface Tally {
  /** Joins credited to the inviter, whatever became of them. */
  readonly regular: number;
  /** Of those, taken back because the member left. */
  readonly left: number;
  /** Of those, taken back because the rule calls them fake. */
  readonly fake: number;
  readonly bonus: number;
  /** `regular - left - fake + bonus`; may be negative. */
  readonly total: number;
  /**
   * Parts of joins that cannot be told apart, of members who still count; shown apart from the
   * total. A whole number as long as all members of each group have the same outcome.
   */
  readonly group: number;
  readonly qualified: number;
  readonly pending: number;
  /** Joins whose member stayed seven days, and is not fake. */
  readonly retained: number;
}

/** From (included) and to (excluded), milliseconds since 1970; null where there is no bound. */
export interface Span {
  readonly from: number | null;
  readonly to: number | null;
}

type Counting = { -readonly [Counter in keyof Tally]: number };

/** Nobody's counters. */
export const EMPTY_TALLY: Tally = {
  regular: 0,
  left: 0,
  fake: 0,
  bonus: 0,
  total: 0,
  group: 0,
  qualified: 0,
  pending: 0,
  retained: 0,
};

/**
 * Adds up the joins that happened within a span, each with all that became of it since, and the
 * bonuses given within it.
 */
export function tallies(
  scored: readonly ScoredJoin[],
  corrections: readonly Correction[],
  span: Span,
): ReadonlyMap<UserId, Tally> {
  const counters = new Map<UserId, Counting>();
  const of = (userId: UserId): Counting => {
    const known = counters.get(userId);
    if (known !== undefined) return known;
    const fresh = { ...EMPTY_TALLY };
    counters.set(userId, fresh);
    return fresh;
  };
  for (const join of scored) if (isWithin(span, join.joinedAt)) count(join, of);
  for (const { at, change } of standingCorrections(corrections)) {
    if (change.kind === 'bonus' && isWithin(span, at)) of(change.userId).bonus += change.amount;
  }
  for (const tally of counters.values()) finish(tally);
  return counters;
}

function count(join: ScoredJoin, of: (userId: UserId) => Counting): void {
  const { credit, outcome } = join;
  if (credit.kind === 'inviter') countWhole(join, of(credit.inviterId));
  if (credit.kind !== 'group' || outcome !== 'counts') return;
  for (const { inviterId, part } of credit.parts) of(inviterId).group += part;
}

function countWhole({ outcome, standing, retained }: ScoredJoin, tally: Counting): void {
  tally.regular += 1;
  if (outcome === 'fake') tally.fake += 1;
  if (outcome === 'left') tally.left += 1;
  if (standing === 'qualified') tally.qualified += 1;
  if (standing === 'pending') tally.pending += 1;
  if (retained === true && outcome !== 'fake') tally.retained += 1;
}

function finish(tally: Counting): void {
  tally.total = tally.regular - tally.left - tally.fake + tally.bonus;
  // Three thirds are one: what the division of sums left in the last digits is no credit.
  tally.group = Math.round(tally.group * 1e9) / 1e9;
}

function isWithin({ from, to }: Span, at: number): boolean {
  return (from === null || at >= from) && (to === null || at < to);
}
