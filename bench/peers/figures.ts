import type { Entry, SetUp } from './contestants.ts';
import type { Outcome } from './outcome.ts';
import { type Tally, tallyOf } from './score.ts';
import type { StartOutcome } from './start.ts';
import type { Group, Story } from './stories/story.ts';

/** Everything that was measured. */
export interface Measured {
  readonly outcomes: readonly Outcome[];
  readonly starts: readonly StartOutcome[];
}

/** One tracker in one set-up over all stories of a group. */
export interface GroupFigures {
  readonly contestant: string;
  readonly setUp: SetUp;
  readonly group: Group;
  readonly joins: number;
  readonly final: Tally;
  /** The same at the first answer, before it was revised. */
  readonly first: Tally;
  /** Promises among the last words, and those that were wrong. */
  readonly promises: number;
  readonly brokenPromises: number;
  /** Stories in which an error ended the process, or would have. */
  readonly crashedStories: number;
  /** Requests per join that it heard of, without starts; null if it heard of none. */
  readonly callsPerJoin: number | null;
  /** Until the answer that stood. */
  readonly times: Times;
  readonly firstTimes: Times;
}

/** Null where there is no answer at all. */
export interface Times {
  readonly medianMs: number | null;
  readonly worstMs: number | null;
}

export function groupFigures(
  outcomes: readonly Outcome[],
  { contestant, setUp, group }: Entry & { readonly group: Group },
  stories: readonly Story[],
): GroupFigures {
  const names = stories.filter((story) => story.group === group).map(({ name }) => name);
  const own = outcomes.filter(
    (outcome) =>
      outcome.contestant === contestant.name &&
      outcome.setUp === setUp &&
      names.includes(outcome.story),
  );
  const joins = own.flatMap((outcome) => outcome.joins);
  const calls = own.flatMap((outcome) => outcome.calls ?? []);
  const heard = sum(calls.map((each) => each.joins));
  return {
    contestant: contestant.name,
    setUp,
    group,
    joins: joins.length,
    final: tallyOf(joins.map(({ verdict }) => verdict)),
    first: tallyOf(joins.map(({ firstVerdict }) => firstVerdict)),
    promises: joins.filter(({ isPromise }) => isPromise).length,
    brokenPromises: joins.filter(({ isBrokenPromise }) => isBrokenPromise).length,
    crashedStories: own.filter(({ crashes }) => crashes.length > 0).length,
    callsPerJoin: heard === 0 ? null : sum(calls.map(({ requests }) => requests)) / heard,
    times: timesOf(joins.map(({ afterMs }) => afterMs)),
    firstTimes: timesOf(joins.map(({ firstAfterMs }) => firstAfterMs)),
  };
}

function timesOf(times: readonly (number | null)[]): Times {
  const sorted = times.filter((time) => time !== null).toSorted((a, b) => a - b);
  return { medianMs: sorted[sorted.length >> 1] ?? null, worstMs: sorted.at(-1) ?? null };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
