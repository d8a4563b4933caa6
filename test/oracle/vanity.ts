import {
  CLOCK_ERROR_MS,
  FALL_LISTS,
  FALL_SPAN_MS,
} from '../../packages/core/src/engine/constants.ts';
import type { InviteCode } from '../../packages/core/src/engine/ids.ts';
import type { Observation, VanityRead } from '../../packages/core/src/engine/observation.ts';
import { earliest, type Frame, isGapped, type UseClass } from './use-class.ts';

interface Counter {
  readonly code: InviteCode;
  /** Null before its first reading. */
  readonly uses: number | null;
  readonly readAt: number;
  /** Readings in a row that showed a lower count. */
  readonly fall: { readonly firstAt: number; readonly readings: number } | null;
}

/** The uses of the vanity link, by its own counter. */
export function vanityUses(frame: Frame, observations: readonly Observation[]): UseClass[] {
  const classes: UseClass[] = [];
  let counter: Counter | null = null;
  let unread: UseClass | null = null;
  for (const observation of withoutOvertaken(observations)) {
    const code = codeAfter(counter?.code ?? null, observation);
    if (counter !== null && code !== counter.code) {
      // What the old code did between its last reading and its end can no longer be counted.
      if (counter.uses !== null) classes.push(possible(frame, counter, observation.at));
      [counter, unread] = [null, null];
    }
    if (code === null) continue;
    counter ??= { code, uses: null, readAt: -Infinity, fall: null };
    const stale = staleCount(counter, observation);
    if (stale !== null) {
      counter = stale;
      unread = { ...possible(frame, counter, observation.at), until: Infinity };
    } else if (
      observation.kind === 'vanity' &&
      observation.uses !== null &&
      observation.code !== null
    ) {
      unread = null;
      classes.push(...usesBetween(frame, counter, observation, observation.uses));
      counter = {
        code,
        uses: observation.uses,
        readAt: observation.requestedAt,
        fall: null,
      };
    } else if (failed(observation)) {
      unread = { ...possible(frame, counter, observation.at), until: Infinity };
    }
  }
  return unread === null ? classes : [...classes, unread];
}

/** A reading of another code that was asked for before the guild changed its own is none. */
function withoutOvertaken(observations: readonly Observation[]): Observation[] {
  let code: InviteCode | null = null;
  let toldAt: number | null = null;
  return observations.map((observation) => {
    if (observation.kind === 'vanity') {
      const isOvertaken = toldAt !== null && observation.requestedAt <= toldAt;
      if (isOvertaken && observation.code !== null && observation.code !== code) {
        const { at } = observation;
        return { kind: 'lookup-failed', at, what: 'vanity', failure: 'unavailable' };
      }
    }
    const next = codeAfter(code, observation);
    if (observation.kind === 'guild' && next !== code) toldAt = observation.at;
    code = next;
    return observation;
  });
}

/** A lower count is old until enough readings in a row insist on it: then null, as for any other. */
function staleCount(counter: Counter, observation: Observation): Counter | null {
  if (observation.kind !== 'vanity' || observation.code === null) return null;
  const { uses, at } = observation;
  if (uses === null || counter.uses === null || uses >= counter.uses) return null;
  const firstAt = counter.fall?.firstAt ?? at;
  const readings = (counter.fall?.readings ?? 0) + 1;
  if (readings >= FALL_LISTS && at - firstAt >= FALL_SPAN_MS) return null;
  return { ...counter, fall: { firstAt, readings } };
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
