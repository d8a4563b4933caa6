import { CLOCK_ERROR_MS, EVENT_DELAY_MS } from '../../packages/core/src/engine/constants.ts';
import type { RoleId } from '../../packages/core/src/engine/ids.ts';
import type { Rules } from './rules.ts';

/** `invite:CODE`, `vanity:CODE`, `no-invite`, `bot` or `unknown:no-baseline`. */
export type OriginKey = string;

export const NO_INVITE: OriginKey = 'no-invite';
export const NO_BASELINE: OriginKey = 'unknown:no-baseline';

/** Uses of one origin that are alike: one step between two readings, or one end of an invite. */
export interface UseClass {
  readonly origin: OriginKey;
  /** The first and the last `joined_at` that may have made such a use, both included. */
  readonly from: number;
  readonly until: number;
  /** Counted: exactly `limit` uses happened. Otherwise any number up to `limit`. */
  readonly counted: boolean;
  readonly limit: number;
  /** Somebody may have joined unseen in its step. */
  readonly gapped: boolean;
  /** When we learned of it. */
  readonly answeredAt: number;
  /** Roles that the invite grants; none for the vanity link. */
  readonly roleIds: readonly RoleId[];
}

export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** What the whole journal says beside the readings, and the problem's variation. */
export interface Frame {
  readonly rules: Rules;
  /** A3, or 0 under the assumption `no-lag`. */
  readonly lagMs: number;
  /** The one invite (by its id) that is assumed to have been used up. */
  readonly usedUp: string | null;
  readonly gaps: readonly Interval[];
  /** While the session was lost, the silence of the audit log means nothing. */
  readonly lost: readonly Interval[];
  /** While the audit log could not be heard, neither. */
  readonly deaf: readonly Interval[];
  /** When we were told that a channel was deleted. */
  readonly channelEnds: readonly number[];
  /** `at` of the last observation. */
  readonly lastAt: number;
}

export function touchesGap(frame: Frame, step: Interval): boolean {
  return frame.gaps.some((gap) => gap.from <= step.to && gap.to >= step.from);
}

/** May a join that made such a use have been missed? `step`: from the earlier list to the answer. */
export function isGapped(
  frame: Frame,
  uses: Pick<UseClass, 'from' | 'until'>,
  step: Interval,
): boolean {
  if (!frame.rules.gapsReach) return touchesGap(frame, step);
  const [from, to] = [uses.from - CLOCK_ERROR_MS, uses.until + EVENT_DELAY_MS];
  return touchesGap(frame, { from, to });
}

/** The earliest join that a list requested at `requestedAt` may have failed to show. */
export function earliest(frame: Frame, requestedAt: number): number {
  return requestedAt - frame.lagMs - CLOCK_ERROR_MS;
}
