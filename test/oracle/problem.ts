import { CLOCK_ERROR_MS } from '../../packages/core/src/engine/constants.ts';
import type { Observation, TargetsRead } from '../../packages/core/src/engine/observation.ts';
import type { RealJoin } from './joins.ts';
import type { OriginKey, UseClass } from './use-class.ts';

/** Which join may take which uses: all that a world must obey. */
export interface Problem {
  readonly joins: readonly RealJoin[];
  readonly classes: readonly UseClass[];
  /** Per join the indexes of the classes it may take. */
  readonly options: readonly (readonly number[])[];
  /** The index of a join that must take one of its options. */
  readonly mustTake: number | null;
}

export interface Solution {
  /** How many counted uses every admitted world takes. */
  readonly counted: number;
  /** The origins that admitted worlds give a join; none if there is no world at all. */
  originsOf(join: number): ReadonlySet<OriginKey>;
  /** The counted classes of which admitted worlds give the join a use. */
  takesOf(join: number): ReadonlySet<number>;
}

/** Finds the admitted worlds: slowly by trying them all, or in polynomial time. */
export type Solver = (problem: Problem) => Solution;

export function pose(
  joins: readonly RealJoin[],
  classes: readonly UseClass[],
  observations: readonly Observation[],
): Problem {
  const readings = observations.filter((observation) => observation.kind === 'targets');
  const options = joins.map((join) =>
    classes.flatMap((uses, index) => (mayTake(join, uses, readings) ? [index] : [])),
  );
  return { joins, classes, options, mustTake: null };
}

function mayTake(join: RealJoin, uses: UseClass, readings: readonly TargetsRead[]): boolean {
  const inTime = uses.from <= join.joinedAt && join.joinedAt <= uses.until;
  return inTime && !isExcluded(join, uses, readings);
}

/** One reading before and one after the join, and the member is in neither. */
function isExcluded(join: RealJoin, uses: UseClass, readings: readonly TargetsRead[]): boolean {
  const lacking = readings.filter(
    ({ code, userIds }) =>
      `invite:${code}` === uses.origin && userIds !== null && !userIds.includes(join.userId),
  );
  const before = lacking.some(({ at }) => at <= join.joinedAt - CLOCK_ERROR_MS);
  const after = lacking.some(({ requestedAt }) => requestedAt >= join.joinedAt + CLOCK_ERROR_MS);
  return before && after;
}

/** The same problem for one join that takes only some of its options. */
export function restrict(
  problem: Problem,
  join: number,
  keep: (uses: UseClass) => boolean,
  mustTake: number | null = null,
): Problem {
  const options = problem.options.map((indexes, each) =>
    each === join ? indexes.filter((index) => keep(problem.classes[index]!)) : indexes,
  );
  return { ...problem, options, mustTake };
}

export interface Component {
  /** Indexes of joins, ascending. */
  readonly joins: readonly number[];
  /** Indexes of counted classes. */
  readonly classes: ReadonlySet<number>;
}

/** What hangs together through pairs of a join and a counted class that admitted worlds use. */
export function componentOf(problem: Problem, solution: Solution, join: number): Component {
  const joins = new Set([join]);
  const classes = new Set<number>();
  for (const each of joins) {
    for (const index of solution.takesOf(each)) {
      if (classes.has(index)) continue;
      classes.add(index);
      problem.joins.forEach((_, other) => {
        if (solution.takesOf(other).has(index)) joins.add(other);
      });
    }
  }
  return { joins: [...joins].sort((a, b) => a - b), classes };
}

/** The problem without the joins outside. */
export function only(problem: Problem, joins: readonly number[]): Problem {
  return {
    ...problem,
    joins: joins.map((join) => problem.joins[join]!),
    options: joins.map((join) => problem.options[join]!),
    mustTake: null,
  };
}
