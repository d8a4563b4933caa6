import type { UserId } from '../engine/ids.ts';
import type { Tally } from './tally.ts';

/** What a leaderboard ranks by. */
export type Metric = 'total' | 'qualified' | 'retained';

/** One inviter on a board. */
export interface LeaderboardRow {
  /** From 1; who has the same value has the same rank, and the next rank is skipped. */
  readonly rank: number;
  readonly userId: UserId;
  readonly value: number;
  readonly tally: Tally;
}

/**
 * Inviters with a value above 0, best first. By total, group credits count as well, so that a raid
 * under-credits nobody. Hidden people are left out, and leave no gap in the ranks.
 */
export function leaderboard(
  tallies: ReadonlyMap<UserId, Tally>,
  metric: Metric,
  hidden: ReadonlySet<UserId>,
): readonly LeaderboardRow[] {
  const shown = [...tallies]
    .filter(([userId]) => !hidden.has(userId))
    .map(([userId, tally]) => ({ userId, tally, value: valueBy(tally, metric) }))
    .filter(({ value }) => value > 0)
    .sort((one, other) => other.value - one.value || order(one.userId, other.userId));
  let rank = 0;
  return shown.map((row, index) => {
    if (index === 0 || shown[index - 1]!.value !== row.value) rank = index + 1;
    return { rank, ...row };
  });
}

function valueBy(tally: Tally, metric: Metric): number {
  return metric === 'total' ? tally.total + tally.group : tally[metric];
}

// Any order will do, as long as pages of one board agree on it.
function order(one: UserId, other: UserId): number {
  return one < other ? -1 : 1;
}
