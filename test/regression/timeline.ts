import type { Clock } from '../../packages/core/src/index.ts';

interface Appointment {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Simulated time: nothing happens but what was scheduled, in order, and it takes no time. */
export interface Timeline extends Clock {
  /** Lets this much time pass. */
  pass(ms: number): void;
  /** Milliseconds to the next appointment, at most to `until`. */
  untilNext(until: number): number;
  /** Goes on from appointment to appointment until it holds; false if none came before the limit. */
  passUntil(holds: () => boolean, limitMs: number): boolean;
}

export const T0 = Date.UTC(2026, 10, 22, 12);

export function createTimeline(): Timeline {
  const appointments = new Set<Appointment>();
  let now = T0;
  let order = 0;

  const first = (until: number): Appointment | null => {
    let found: Appointment | null = null;
    for (const each of appointments) {
      if (each.at > until) continue;
      if (!found || each.at < found.at || (each.at === found.at && each.order < found.order)) {
        found = each;
      }
    }
    return found;
  };
  const runNext = (until: number): boolean => {
    const next = first(until);
    if (!next) return false;
    appointments.delete(next);
    now = Math.max(now, next.at);
    next.run();
    return true;
  };

  return {
    now: () => now,
    schedule: (at, run) => {
      order += 1;
      const appointment = { at, order, run };
      appointments.add(appointment);
      return () => appointments.delete(appointment);
    },
    pass: (ms) => {
      const until = now + ms;
      while (runNext(until)) {
        // Each may schedule more.
      }
      now = until;
    },
    untilNext: (until) => Math.max(0, (first(until)?.at ?? until) - now),
    passUntil: (holds, limitMs) => {
      const until = now + limitMs;
      while (!holds()) if (!runNext(until)) return false;
      return true;
    },
  };
}
