import type { Qualification } from './counting-rule.ts';
import type { SettledJoin } from './settled-join.ts';

/** `pending`: may still qualify. `failed`: gone before. */
export type Standing = 'qualified' | 'pending' | 'failed';

/**
 * How far a join has come by the rule at the time `now`. Who left later than the rule asks stays
 * qualified. A fact that is not known counts as not yet shown.
 */
export function standingOf(join: SettledJoin, rule: Qualification, now: number): Standing {
  if (hasStayed(join, rule.stayedMs, now) && hasShown(join, rule)) return 'qualified';
  return isGone(join, now) ? 'failed' : 'pending';
}

/** Whether the member stayed this long; null while that is not decided. */
export function retainedAfter(join: SettledJoin, stayedMs: number, now: number): boolean | null {
  if (hasStayed(join, stayedMs, now)) return true;
  return isGone(join, now) ? false : null;
}

/** Whether the membership had ended at `now`. */
export function isGone({ leftAt }: SettledJoin, now: number): boolean {
  return leftAt !== null && leftAt <= now;
}

function hasStayed({ joinedAt, leftAt }: SettledJoin, stayedMs: number, now: number): boolean {
  return Math.min(leftAt ?? now, now) - joinedAt >= stayedMs;
}

function hasShown(join: SettledJoin, rule: Qualification): boolean {
  if (rule.roleId !== null && join.roleIds?.includes(rule.roleId) !== true) return false;
  if (rule.passedScreening && join.isPending !== false) return false;
  return !rule.wrote || join.firstMessageAt !== null;
}
