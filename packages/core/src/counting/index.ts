/** Counting is a rule over stored facts: nothing here is stored, all of it can be done again. */

export {
  type Correction,
  type CorrectionChange,
  seasonStart,
  standingCorrections,
} from './corrections.ts';
export {
  type CountingRule,
  DEFAULT_COUNTING_RULE,
  type FakeReason,
  type FakeSign,
  type Qualification,
} from './counting-rule.ts';
export type { Credit, CreditPart } from './credit.ts';
export { type LeaderboardRow, leaderboard, type Metric } from './leaderboard.ts';
export { type Period, periodStart } from './period.ts';
export type { Standing } from './qualification.ts';
export { type ScoredJoin, scoreJoins } from './score.ts';
export type { SettledJoin } from './settled-join.ts';
export { EMPTY_TALLY, type Span, type Tally, tallies } from './tally.ts';
