import type { AssumptionName, Certainty } from '../../packages/core/src/engine/attribution.ts';
import { COUNT_LAG_MS } from '../../packages/core/src/engine/constants.ts';
import type { UserId } from '../../packages/core/src/engine/ids.ts';
import type { Observation } from '../../packages/core/src/engine/observation.ts';
import { agreeing } from './assumptions.ts';
import { type RealJoin, realJoins } from './joins.ts';
import {
  type Component,
  componentOf,
  only,
  type Problem,
  pose,
  type Solution,
  type Solver,
} from './problem.ts';
import { IN_FORCE, type Rules } from './rules.ts';
import { NO_BASELINE, NO_INVITE, type OriginKey } from './use-class.ts';
import { deriveUses } from './uses.ts';

export interface OracleAnswer {
  readonly userId: UserId;
  readonly joinedAt: number;
  readonly certainty: Certainty;
  /** Null if the certainty is `ambiguous`. */
  readonly origin: OriginKey | null;
  /** Sorted: the origins over the admitted worlds, without any added assumption. */
  readonly candidates: readonly OriginKey[];
  /** What a `likely` answer had to add; null where the worlds agree by themselves. */
  readonly assumption: AssumptionName | null;
  /** No list was requested after its event yet, so the engine may still be looking. */
  readonly pending: boolean;
}

type Verdict = Pick<OracleAnswer, 'certainty' | 'origin' | 'assumption'>;

/** An answer for each real join of the journal, the pending ones included. */
export function answerAll(
  observations: readonly Observation[],
  solve: Solver,
  rules: Rules = IN_FORCE,
): OracleAnswer[] {
  const joins = realJoins(observations);
  const humans = joins.filter((join) => !join.bot);
  const uses = deriveUses(observations, { lagMs: COUNT_LAG_MS, usedUp: null, rules });
  const problem = pose(humans, uses.classes, observations);
  const solution = solve(problem);
  const assume = agreeing(observations, problem, uses.undecided, solve, rules);
  return joins.map((join) => {
    if (join.bot) return answerBot(observations, join);
    const index = humans.indexOf(join);
    const candidates = [...solution.originsOf(index)].sort();
    return {
      userId: join.userId,
      joinedAt: join.joinedAt,
      candidates,
      pending: !observations.some((o) => o.kind === 'invites' && o.requestedAt >= join.at),
      ...judge(problem, solution, index, solve, assume),
    };
  });
}

function answerBot(observations: readonly Observation[], join: RealJoin): OracleAnswer {
  const adder = observations.some(
    (o) => o.kind === 'bot-added' && o.botId === join.userId && o.adderId !== null,
  );
  return {
    userId: join.userId,
    joinedAt: join.joinedAt,
    certainty: adder ? 'reported' : 'certain',
    origin: 'bot',
    candidates: ['bot'],
    assumption: null,
    pending: false,
  };
}

function judge(
  problem: Problem,
  solution: Solution,
  join: number,
  solve: Solver,
  assume: ReturnType<typeof agreeing>,
): Verdict {
  const origins = [...solution.originsOf(join)];
  const known = origins.filter((origin) => origin !== NO_INVITE);
  if (known.length === 1 && known[0] === NO_BASELINE) {
    return { certainty: 'unknown', origin: NO_BASELINE, assumption: null };
  }
  const around = componentOf(problem, solution, join);
  const surplus = surplusAround(problem, around, solve);
  if (origins.length === 1) {
    const promised =
      origins[0] !== NO_INVITE &&
      surplus === 0 &&
      !problem.joins[join]!.whileAway &&
      !gapBehind(problem, solution, join);
    return { certainty: promised ? 'certain' : 'likely', origin: origins[0]!, assumption: null };
  }
  const assumed = assume(join, surplus);
  if (assumed === null) return { certainty: 'ambiguous', origin: null, assumption: null };
  return { certainty: 'likely', ...assumed };
}

/** Counted uses around this join that nobody takes. */
function surplusAround(problem: Problem, around: Component, solve: Solver): number {
  let counted = 0;
  for (const index of around.classes) counted += problem.classes[index]!.limit;
  const inside = only(problem, around.joins);
  const options = inside.options.map((own) => own.filter((index) => around.classes.has(index)));
  return counted - solve({ ...inside, options }).counted;
}

/**
 * Somebody unseen may have made a use of this join, or of one who then took this join's, and so on
 * along all that each of them may take.
 */
function gapBehind(problem: Problem, solution: Solution, join: number): boolean {
  const behind = new Set([join]);
  for (const each of behind) {
    for (const index of solution.takesOf(each)) {
      if (problem.classes[index]!.gapped) return true;
      problem.options.forEach((options, other) => {
        if (options.includes(index)) behind.add(other);
      });
    }
  }
  return false;
}
