import type { Problem, Solution } from './problem.ts';
import { NO_INVITE, type OriginKey } from './use-class.ts';

/** Tries every world. Takes time exponential in the joins: for small cases only. */
export function enumerateWorlds(problem: Problem): Solution {
  const left = problem.classes.map((uses) => uses.limit);
  /** Per join the index of its class, -1 for none. */
  const world: number[] = [];
  let best = -1;
  let seen: Set<number>[] = problem.joins.map(() => new Set());

  function admit(counted: number): void {
    if (counted < best) return;
    if (counted > best) {
      best = counted;
      seen = problem.joins.map(() => new Set());
    }
    world.forEach((index, join) => {
      seen[join]!.add(index);
    });
  }

  function extend(counted: number): void {
    const join = world.length;
    if (join === problem.joins.length) {
      admit(counted);
      return;
    }
    if (problem.mustTake !== join) visit(-1, counted);
    for (const index of problem.options[join]!) {
      if (left[index]! < 1) continue;
      const uses = problem.classes[index]!;
      left[index]! -= 1;
      visit(index, counted + (uses.counted ? 1 : 0));
      left[index]! += 1;
    }
  }

  function visit(index: number, counted: number): void {
    world.push(index);
    extend(counted);
    world.pop();
  }

  extend(0);
  const originOf = (index: number): OriginKey => problem.classes[index]?.origin ?? NO_INVITE;
  const isCounted = (index: number): boolean => problem.classes[index]?.counted ?? false;
  return {
    counted: best,
    originsOf: (join) => new Set([...(seen[join] ?? [])].map(originOf)),
    takesOf: (join) => new Set([...(seen[join] ?? [])].filter(isCounted)),
  };
}
