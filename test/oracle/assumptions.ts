import type { AssumptionName } from '../../packages/core/src/engine/attribution.ts';
import { COUNT_LAG_MS } from '../../packages/core/src/engine/constants.ts';
import type { Observation } from '../../packages/core/src/engine/observation.ts';
import {
  componentOf,
  type Problem,
  pose,
  restrict,
  type Solution,
  type Solver,
} from './problem.ts';
import type { Rules } from './rules.ts';
import { NO_BASELINE, type OriginKey, type UseClass } from './use-class.ts';
import { deriveUses } from './uses.ts';

export interface Assumed {
  readonly assumption: AssumptionName;
  readonly origin: OriginKey;
}

/** A problem changed by one assumption, solved afresh. */
interface Variation {
  readonly assumption: AssumptionName;
  readonly solution: Solution;
  /** It leaves at least as many counted uses taken as the problem without it. */
  readonly holds: boolean;
}

/**
 * For a join whose worlds disagree: the first assumption under which they agree, provided that no
 * other assumption makes them agree on something else.
 */
export function agreeing(
  observations: readonly Observation[],
  problem: Problem,
  undecided: readonly string[],
  solve: Solver,
  rules: Rules,
): (join: number, surplus: number) => Assumed | null {
  const classesIf = (variation: { lagMs: number; usedUp: string | null }) =>
    deriveUses(observations, { ...variation, rules }).classes;
  const posed = (classes: readonly UseClass[]) => pose(problem.joins, classes, observations);
  const usedUp = once(() =>
    undecided.map((id): Variation => {
      const changed = posed(classesIf({ lagMs: COUNT_LAG_MS, usedUp: id }));
      return { assumption: 'used-up', solution: solve(changed), holds: true };
    }),
  );
  const prompt = once(() => posed(classesIf({ lagMs: 0, usedUp: null })));
  const solved = once(() => solve(problem));
  return (join, surplus) => {
    const variations = [
      promptly(problem, prompt(), solved(), join, solve),
      ...usedUp(),
      ...forOneJoin(problem, join, surplus, solve),
    ];
    // An assumption chooses among what the evidence allows; it never adds to it.
    const candidates = solved().originsOf(join);
    const agreed = variations.flatMap(({ assumption, solution, holds }) => {
      const [origin, ...others] = solution.originsOf(join);
      if (origin === undefined || others.length > 0 || !candidates.has(origin)) return [];
      return origin !== NO_BASELINE && holds ? [{ assumption, origin }] : [];
    });
    const first = agreed[0] ?? null;
    return agreed.every(({ origin }) => origin === first?.origin) ? first : null;
  };
}

function once<Value>(compute: () => Value): () => Value {
  let known: { readonly value: Value } | null = null;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}

/** The uses of the join's component showed at once; those of others may have lagged. */
function promptly(
  problem: Problem,
  prompt: Problem,
  solution: Solution,
  join: number,
  solve: Solver,
): Variation {
  const { joins } = componentOf(problem, solution, join);
  const options = problem.options.map((own, each) =>
    joins.includes(each) ? prompt.options[each]! : own,
  );
  const changed = solve({ ...problem, options });
  return {
    assumption: 'no-lag',
    solution: changed,
    holds: changed.counted >= solution.counted,
  };
}

function forOneJoin(problem: Problem, join: number, surplus: number, solve: Solver): Variation[] {
  const { at, roleIds } = problem.joins[join]!;
  const variations: Variation[] = [];
  const add = (assumption: AssumptionName, restricted: Problem) => {
    const solution = solve(restricted);
    const holds = solution.counted >= solve(problem).counted;
    variations.push({ assumption, solution, holds });
  };
  if (surplus > 0) {
    const later = restrict(problem, join, (uses) => uses.answeredAt >= at);
    add('surplus-is-not-theirs', later);
  }
  const grants = (uses: UseClass) => uses.roleIds.some((role) => roleIds.includes(role));
  if (problem.options[join]!.some((index) => grants(problem.classes[index]!))) {
    const granted = restrict(problem, join, grants, join);
    add('role-from-invite', granted);
  }
  return variations;
}
