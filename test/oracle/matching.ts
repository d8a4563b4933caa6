import type { Observation } from '../../packages/core/src/engine/observation.ts';
import { answerAll, type OracleAnswer } from './answers.ts';
import { isAnswered } from './oracle.ts';
import type { Problem, Solution } from './problem.ts';
import { NO_INVITE } from './use-class.ts';

/** The answers of `oracle` in polynomial time, for stories of some hundred joins. */
export function matchingOracle(observations: readonly Observation[]): OracleAnswer[] {
  return answerAll(observations, matchWorlds).filter(isAnswered);
}

/** Instead of all worlds: for each pair, is the most still reached with this pair in it? */
export function matchWorlds(problem: Problem): Solution {
  const limits = problem.classes.map((uses) => uses.limit);
  const everyone = problem.joins.map((_, join) => join);
  const known = new Map<string, ReadonlySet<number>>();
  const choicesOf = (join: number): ReadonlySet<number> => {
    // Joins with equal possibilities have equal answers.
    const alike = `${problem.options[join]!.join()} ${problem.mustTake === join}`;
    const choices = known.get(alike) ?? bestChoices(problem, join, limits);
    known.set(alike, choices);
    return choices;
  };
  return {
    counted: mostCounted(problem, everyone, limits),
    originsOf: (join) =>
      new Set([...choicesOf(join)].map((index) => problem.classes[index]?.origin ?? NO_INVITE)),
    takesOf: (join) =>
      new Set([...choicesOf(join)].filter((index) => problem.classes[index]?.counted ?? false)),
  };
}

/** Indexes of classes, -1 for none. */
function bestChoices(problem: Problem, join: number, limits: readonly number[]): Set<number> {
  const others = problem.joins.map((_, each) => each).filter((each) => each !== join);
  const withoutIt = mostCounted(problem, others, limits);
  let best = -1;
  let choices = new Set<number>();
  const force = (index: number, counted: number) => {
    if (counted > best) [best, choices] = [counted, new Set()];
    if (counted === best) choices.add(index);
  };
  // Possible uses and `no-invite` are in nobody's way: whoever wants one can do without it.
  if (problem.mustTake !== join) force(-1, withoutIt);
  for (const index of problem.options[join]!) {
    const uses = problem.classes[index]!;
    if (!uses.counted) force(index, withoutIt);
    else force(index, 1 + mostCounted(problem, others, limits.with(index, uses.limit - 1)));
  }
  return choices;
}

/** A maximum matching of joins with counted uses, grown by one augmenting path after another. */
function mostCounted(
  problem: Problem,
  joins: readonly number[],
  limits: readonly number[],
): number {
  const takers = problem.classes.map((): number[] => []);

  function place(join: number, tried: Set<number>): boolean {
    for (const index of problem.options[join]!) {
      if (!problem.classes[index]!.counted || tried.has(index)) continue;
      tried.add(index);
      const taken = takers[index]!;
      if (taken.length < limits[index]!) {
        taken.push(join);
        return true;
      }
      const moved = taken.findIndex((taker) => place(taker, tried));
      if (moved === -1) continue;
      taken[moved] = join;
      return true;
    }
    return false;
  }

  return joins.filter((join) => place(join, new Set())).length;
}
