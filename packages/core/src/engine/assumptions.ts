import type { AssumptionName } from './attribution.ts';
import type { RoleId } from './ids.ts';
import { agreed, keyOfClass, keysOf, NO_BASELINE, type OriginKey } from './origins.ts';
import type { UseClass, WindowJoin } from './window.ts';
import { admittedWorlds, type JoinGroup, type Problem, problemsOf, type Worlds } from './worlds.ts';

export interface Assumed {
  readonly key: OriginKey;
  readonly assumption: AssumptionName;
}

/** Beyond this size only `no-lag` is tried: each of the others costs a solution of its own. */
const MAX_GROUPS = 64;
const MAX_VANISHED = 8;

/**
 * Adding one named assumption may leave a single origin. Asks each in turn; where two of them
 * name different origins none is believed.
 */
export interface AssumptionTrial {
  readonly problem: Problem;
  readonly worlds: Worlds;
  readonly excluded: ((join: WindowJoin, uses: UseClass) => boolean) | null;
  readonly rolesOf: (code: string) => readonly RoleId[];
}

export type AskAssumptions = (join: WindowJoin, group: number) => Assumed | null;

export function tryAssumptions(trial: AssumptionTrial): AskAssumptions {
  const { problem, worlds } = trial;
  const small = problem.groups.length <= MAX_GROUPS;
  const withoutLag = originsWithoutLag(trial);
  let usedUp: ReturnType<typeof originsIfUsedUp> | null = null;
  const cached = new Map<string, OriginKey | null>();
  const once = (name: string, solve: () => OriginKey | null): OriginKey | null => {
    const known = cached.get(name);
    if (known !== undefined) return known;
    const key = solve();
    cached.set(name, key);
    return key;
  };
  const candidates = new Map<number, readonly OriginKey[]>();
  return (join, group) => {
    const possible = candidates.get(group) ?? keysOf(worlds.answers[group]!, problem.classes);
    candidates.set(group, possible);
    const found: Assumed[] = [];
    const add = (assumption: AssumptionName, key: OriginKey | null | undefined): void => {
      // An assumption chooses among what the evidence allows; it never adds to it.
      if (key && key !== NO_BASELINE && possible.includes(key)) found.push({ assumption, key });
    };
    usedUp ??= small ? originsIfUsedUp(trial) : [];
    for (const origins of usedUp) add('used-up', origins[group]);
    add('no-lag', withoutLag(join, group));
    if (small) {
      const later = laterClasses(trial, join, group);
      if (later) {
        add(
          'surplus-is-not-theirs',
          once(`s${group}:${later}`, () => originOfOne(trial, group, later)),
        );
      }
      const fits = roleClasses(trial, join, group);
      if (fits) {
        add(
          'role-from-invite',
          once(`r${group}:${fits}`, () => originWithRole(trial, group, fits)),
        );
      }
    }
    const first = found[0];
    return first && found.every((other) => other.key === first.key) ? first : null;
  };
}

/**
 * If the uses of a cluster showed at once; believed only where its joins still take as many. What
 * they do not take now they must not take then: it would be missed elsewhere.
 */
function originsWithoutLag(
  trial: AssumptionTrial,
): (join: WindowJoin, group: number) => OriginKey | null {
  const solved = new Map<number, ReadonlyMap<WindowJoin, OriginKey | null>>();
  return (join, group) => {
    const { cluster } = trial.worlds.answers[group]!;
    const origins = solved.get(cluster) ?? solveWithoutLag(trial, cluster);
    solved.set(cluster, origins);
    return origins.get(join) ?? null;
  };
}

function solveWithoutLag(
  { problem, worlds, excluded }: AssumptionTrial,
  cluster: number,
): ReadonlyMap<WindowJoin, OriginKey | null> {
  const joins = problem.groups.flatMap((group, index) =>
    worlds.answers[index]!.cluster === cluster ? group.joins : [],
  );
  const own = problem.classes.filter(
    (uses, index) => uses.counted === 0 || worlds.clusterOfClass[index] === cluster,
  );
  const prompt = own.map((uses) => ({ ...uses, from: uses.fromWithoutLag }));
  const origins = new Map<WindowJoin, OriginKey | null>();
  let taken = worlds.surplus(cluster);
  for (const uses of own) taken -= uses.counted;
  for (const part of problemsOf(joins, prompt, excluded)) {
    const solution = admittedWorlds(part);
    taken += takenIn(part, solution);
    part.groups.forEach((group, index) => {
      const key = agreed(keysOf(solution.answers[index]!, part.classes));
      for (const join of group.joins) origins.set(join, key);
    });
  }
  return taken < 0 ? new Map() : origins;
}

/** For each vanished invite: what every group would be if that one was used up. */
function originsIfUsedUp({ problem }: AssumptionTrial): (OriginKey | null)[][] {
  const vanished = problem.classes.flatMap((uses, index) => (uses.ifUsedUp > 0 ? [index] : []));
  return vanished.slice(0, MAX_VANISHED).map((chosen) => {
    const classes = problem.classes.map((uses, index) =>
      index === chosen ? { ...uses, counted: uses.ifUsedUp } : uses,
    );
    const worlds = admittedWorlds({ groups: problem.groups, classes });
    return problem.groups.map((_, group) => agreed(keysOf(worlds.answers[group]!, classes)));
  });
}

/** With a surplus about: the classes read after the join's event. Null if that rules out none. */
function laterClasses(trial: AssumptionTrial, join: WindowJoin, group: number): number[] | null {
  const { problem, worlds } = trial;
  const may = problem.groups[group]!.classes;
  if (worlds.surplus(worlds.answers[group]!.cluster) === 0) return null;
  const later = may.filter((index) => problem.classes[index]!.answeredAt >= join.seenAt);
  return later.length === may.length ? null : later;
}

function roleClasses(trial: AssumptionTrial, join: WindowJoin, group: number): number[] | null {
  if (join.roleIds.length === 0) return null;
  const { problem, rolesOf } = trial;
  const fits = problem.groups[group]!.classes.filter((index) => {
    const { source } = problem.classes[index]!;
    if (source.kind !== 'invite') return false;
    return rolesOf(source.code).some((role) => join.roleIds.includes(role));
  });
  return fits.length === 0 ? null : fits;
}

/** The problem with one member of the group set apart, with fewer possibilities. */
function setApart(trial: AssumptionTrial, group: number, classes: readonly number[]): Problem {
  const { problem } = trial;
  const whole = problem.groups[group]!;
  const one: JoinGroup = { joins: whole.joins.slice(0, 1), classes };
  const rest: JoinGroup = { joins: whole.joins.slice(1), classes: whole.classes };
  const others = problem.groups.filter((_, index) => index !== group);
  const groups = rest.joins.length > 0 ? [one, rest, ...others] : [one, ...others];
  return { groups, classes: problem.classes };
}

function originOfOne(
  trial: AssumptionTrial,
  group: number,
  classes: readonly number[],
): OriginKey | null {
  const apart = setApart(trial, group, classes);
  const worlds = admittedWorlds(apart);
  if (takenIn(apart, worlds) < takenIn(trial.problem, trial.worlds)) return null;
  return agreed(keysOf(worlds.answers[0]!, apart.classes));
}

/** The member took one of these: which of them leave the most counted uses taken? */
function originWithRole(
  trial: AssumptionTrial,
  group: number,
  classes: readonly number[],
): OriginKey | null {
  const apart = setApart(trial, group, []);
  const others = { ...apart, groups: apart.groups.slice(1) };
  const values = classes.map((chosen) => {
    const counted = apart.classes[chosen]!.counted > 0;
    const left = others.classes.map((uses, index) =>
      index === chosen && counted ? { ...uses, counted: uses.counted - 1 } : uses,
    );
    return takenUses({ ...others, classes: left }) + (counted ? 1 : 0);
  });
  const best = Math.max(...values);
  if (best < takenIn(trial.problem, trial.worlds)) return null;
  const keys = new Set(
    classes
      .filter((_, at) => values[at] === best)
      .map((index) => keyOfClass(apart.classes[index]!)),
  );
  return keys.size === 1 ? [...keys][0]! : null;
}

function takenUses(problem: Problem): number {
  if (problem.groups.length === 0) return 0;
  return takenIn(problem, admittedWorlds(problem));
}

function takenIn(problem: Problem, { unclaimed }: Worlds): number {
  return problem.classes.reduce((all, uses, index) => all + uses.counted - unclaimed[index]!, 0);
}
