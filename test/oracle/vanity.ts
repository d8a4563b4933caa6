import { CLOCK_ERROR_MS, COUNT_LAG_MS } from '../../packages/core/src/engine/constants.ts';
import type { InviteCode } from '../../packages/core/src/engine/ids.ts';
import type { Observation, VanityRead } from '../../packages/core/src/engine/observation.ts';
import { earliest, type Frame, isGapped, type UseClass } from './use-class.ts';

interface Counter {
  readonly code: InviteCode;
  /** Null before its first reading. */
  readonly uses: number | null;
  readonly readAt: number;
  readonly answeredAt: number;
}

/** The uses of the vanity link, by its own counter. */
export function vanityUses(frame: Frame, observations: readonly Observation[]): UseClass[] {
  const classes: UseClass[] = [];
  let counter: Counter | null = null;
  let unread: UseClass | null = null;
  for (const observation of observations) {
    const code = codeAfter(counter?.code ?? null, observation);
    if (counter !== null && code !== counter.code) {
      // What the old code did between its last reading and its end can no longer be counted.
      if (counter.uses !== null) classes.push(possible(frame, counter, observation.at));
      [counter, unread] = [null, null];
    }
    if (code === null) continue;
    counter ??= { code, uses: null, readAt: -Infinity, answeredAt: -Infinity };
    if (isReading(observation) && !isStale(counter, observation)) {
      unread = null;
      classes.push(...usesBetween(frame, counter, observation, observation.uses));
      const { uses, requestedAt: readAt, at: answeredAt } = observation;
      counter = { code, uses, readAt, answeredAt };
    } else if (failed(observation)) {
      unread = { ...possible(frame, counter, observation.at), until: Infinity };
    }
  }
  return unread === null ? classes : [...classes, unread];
}

type Reading = VanityRead & { readonly code: InviteCode; readonly uses: number };

function isReading(observation: Observation): observation is Reading {
  return observation.kind === 'vanity' && observation.uses !== null && observation.code !== null;
}

/** A lower count so soon after a higher one lags behind it. */
function isStale(counter: Counter, { uses, requestedAt }: Reading): boolean {
  return (
    counter.uses !== null && uses < counter.uses && requestedAt <= counter.answeredAt + COUNT_LAG_MS
  );
}

function codeAfter(code: InviteCode | null, observation: Observation): InviteCode | null {
  if (observation.kind === 'guild') return observation.vanityCode;
  return observation.kind === 'vanity' ? (observation.code ?? code) : code;
}

function failed(observation: Observation): boolean {
  if (observation.kind === 'lookup-failed') return observation.what === 'vanity';
  return observation.kind === 'vanity';
}

function usesBetween(
  frame: Frame,
  counter: Counter,
  reading: VanityRead,
  uses: number,
): UseClass[] {
  const step = possible(frame, counter, reading.at);
  if (counter.uses === null || uses < counter.uses) return [step];
  if (uses === counter.uses) return [];
  return [{ ...step, counted: true, limit: uses - counter.uses }];
}

function possible(frame: Frame, counter: Counter, answeredAt: number): UseClass {
  const [from, until] = [earliest(frame, counter.readAt), answeredAt + CLOCK_ERROR_MS];
  return {
    origin: `vanity:${counter.code}`,
    from,
    until,
    counted: false,
    limit: Infinity,
    gapped: isGapped(frame, { from, until }, { from: counter.readAt, to: answeredAt }),
    answeredAt,
    roleIds: [],
  };
}
