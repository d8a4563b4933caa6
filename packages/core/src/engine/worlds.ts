import { assign } from './flow.ts';
import { explainedAt, type UseClass, type WindowJoin } from './window.ts';

/** Joins with equal possibilities: whatever holds for one of them holds for all. */
export interface JoinGroup {
  readonly joins: readonly WindowJoin[];
  /** Indices of the classes they may take a use of. */
  readonly classes: readonly number[];
}

/** A set of joins and classes that no possibility connects with anything else. */
export interface Problem {
  readonly groups: readonly JoinGroup[];
  readonly classes: readonly UseClass[];
}

/** What the admitted worlds say of one group of a problem. */
export interface GroupAnswer {
  /** Classes of which some admitted world gives a member a use: counted and possible ones. */
  readonly classes: readonly number[];
  /** Some admitted world leaves a member without a counted use. */
  readonly unmatched: boolean;
  /** Groups with the same cluster share their counted uses in the admitted worlds. */
  readonly cluster: number;
}

export interface Worlds {
  readonly answers: readonly GroupAnswer[];
  /** Per class: counted uses that no join takes in the assignment that was found. */
  readonly unclaimed: readonly number[];
  /** Per class: its cluster. */
  readonly clusterOfClass: readonly number[];
  /** Counted uses of a cluster that stay unclaimed in every admitted world. */
  surplus(cluster: number): number;
  /**
   * Per group: the newest reading whose uses a join not yet known could claim so that, by pushing
   * others aside, this group's answer changed. 0 if there is none.
   */
  readonly exposedTo: readonly number[];
}

/** The admitted worlds: those that take the most counted uses. Possible uses and none rank below. */
export function admittedWorlds(problem: Problem): Worlds {
  const { groups, classes } = problem;
  if (groups.length === 1) return worldsOfOne(groups[0]!, classes);
  const pairs = groups.map((group) => group.classes.filter((index) => classes[index]!.counted > 0));
  const assignment = assign(
    groups.map((group) => group.joins.length),
    classes.map((uses) => uses.counted),
    pairs,
  );
  const { knot, noneKnot } = assignment;
  const unmatched = groups.map((_, row) => noneKnot !== -1 && knot[row] === noneKnot);
  const taken = pairs.map((columns, row) =>
    columns.filter((column) => knot[groups.length + column] === knot[row]),
  );
  const cluster = connect(
    groups.length + classes.length,
    taken.map((columns, row) => [row, ...columns.map((column) => groups.length + column)]),
  );
  const answers = groups.map((group, row): GroupAnswer => {
    const counted = taken[row]!;
    const possible = unmatched[row]
      ? group.classes.filter((index) => classes[index]!.counted === 0)
      : [];
    return {
      classes: [...counted, ...possible],
      unmatched: unmatched[row]!,
      cluster: cluster[row]!,
    };
  });
  const clusterOfClass = classes.map((_, index) => cluster[groups.length + index]!);
  return {
    answers,
    unclaimed: assignment.unclaimed,
    clusterOfClass,
    surplus: surplusOf(clusterOfClass, assignment.unclaimed),
    exposedTo: exposure(classes, pairs, assignment.amount),
  };
}

/** Most problems are one group: then every counted use is a candidate, and sums decide the rest. */
function worldsOfOne(group: JoinGroup, classes: readonly UseClass[]): Worlds {
  const unclaimed = classes.map((uses) => uses.counted);
  let left = group.joins.length;
  let newest = 0;
  for (const index of group.classes) {
    const { counted } = classes[index]!;
    if (counted === 0) continue;
    newest = Math.max(newest, explainedAt(classes[index]!));
    const taken = Math.min(left, counted);
    left -= taken;
    unclaimed[index]! -= taken;
  }
  const unmatched = left > 0;
  const may = (index: number): boolean => unmatched || classes[index]!.counted > 0;
  const clusterOfClass = classes.map((_, index) => index + 1);
  for (const index of group.classes) if (classes[index]!.counted > 0) clusterOfClass[index] = 0;
  return {
    answers: [{ classes: group.classes.filter(may), unmatched, cluster: 0 }],
    unclaimed,
    clusterOfClass,
    surplus: surplusOf(clusterOfClass, unclaimed),
    exposedTo: [newest],
  };
}

function surplusOf(
  clusterOfClass: readonly number[],
  unclaimed: readonly number[],
): (cluster: number) => number {
  if (!unclaimed.some((left) => left > 0)) return () => 0;
  return (cluster) =>
    unclaimed.reduce(
      (all, left, index) => (clusterOfClass[index] === cluster ? all + left : all),
      0,
    );
}

/** Newest readings first: from a class to those who took it, from them to all they may take. */
function exposure(
  classes: readonly UseClass[],
  pairs: readonly (readonly number[])[],
  amount: readonly (readonly number[])[],
): number[] {
  const takers: number[][] = classes.map(() => []);
  pairs.forEach((columns, row) => {
    columns.forEach((column, pair) => {
      if (amount[row]![pair]! > 0) takers[column]!.push(row);
    });
  });
  const exposedTo = pairs.map(() => 0);
  const reached = classes.map(() => false);
  const newestFirst = classes
    .map((_, index) => index)
    .filter((index) => classes[index]!.counted > 0)
    .sort((a, b) => explainedAt(classes[b]!) - explainedAt(classes[a]!));
  for (const source of newestFirst) {
    const queue = reached[source] ? [] : [source];
    for (const column of queue) {
      reached[column] = true;
      for (const row of takers[column]!) {
        if (exposedTo[row] !== 0) continue;
        exposedTo[row] = explainedAt(classes[source]!);
        queue.push(...pairs[row]!.filter((next) => !reached[next]));
      }
    }
  }
  return exposedTo;
}

/** Union of the indices that appear together in a set; each maps to the root of its union. */
export function connect(size: number, sets: readonly (readonly number[])[]): number[] {
  const root = Array.from({ length: size }, (_, index) => index);
  const find = (index: number): number => {
    let at = index;
    while (root[at] !== at) {
      root[at] = root[root[at]!]!;
      at = root[at]!;
    }
    return at;
  };
  for (const set of sets) {
    for (let i = 1; i < set.length; i += 1) root[find(set[i]!)] = find(set[0]!);
  }
  return root.map((_, index) => find(index));
}

/**
 * Joins grouped by what they may take, and cut where nothing connects them.
 * @param excluded whether a list of target users rules the class out for the join
 */
export function problemsOf(
  joins: readonly WindowJoin[],
  classes: readonly UseClass[],
  excluded: ((join: WindowJoin, uses: UseClass) => boolean) | null,
): Problem[] {
  const groups = groupJoins(joins, classes, excluded);
  const root = connect(
    classes.length,
    groups.map((group) => group.classes),
  );
  const parts = new Map<number, JoinGroup[]>();
  const alone: Problem[] = [];
  for (const group of groups) {
    const first = group.classes[0];
    if (first === undefined) alone.push({ groups: [group], classes: [] });
    else {
      const part = parts.get(root[first]!);
      if (part) part.push(group);
      else parts.set(root[first]!, [group]);
    }
  }
  const connected = [...parts.values()].map((part) => narrowed(part, classes));
  return [...connected, ...alone];
}

/** The part's own classes only, renumbered. */
function narrowed(part: readonly JoinGroup[], classes: readonly UseClass[]): Problem {
  const used = [...new Set(part.flatMap((group) => group.classes))].sort((a, b) => a - b);
  const position = new Map(used.map((index, place) => [index, place]));
  return {
    groups: part.map((group) => ({
      joins: group.joins,
      classes: group.classes.map((index) => position.get(index)!),
    })),
    classes: used.map((index) => classes[index]!),
  };
}

/**
 * What a join may take depends only on how many classes begin up to its time and how many end
 * before it, so joins between the same two boundaries need no comparison with every class.
 */
export function groupJoins(
  joins: readonly WindowJoin[],
  classes: readonly UseClass[],
  excluded: ((join: WindowJoin, uses: UseClass) => boolean) | null,
): JoinGroup[] {
  const begins = classes.map((uses) => uses.from).sort((a, b) => a - b);
  const ends = classes.map((uses) => uses.until).sort((a, b) => a - b);
  const open = new Map<string, { joins: WindowJoin[]; classes: readonly number[] }>();
  const between = new Map<string, readonly number[]>();
  for (const join of joins) {
    const interval = `${upTo(begins, join.joinedAt)}/${below(ends, join.joinedAt)}`;
    const may = between.get(interval) ?? classesAt(classes, join.joinedAt);
    between.set(interval, may);
    const own = excluded ? may.filter((index) => !excluded(join, classes[index]!)) : may;
    const key = own.length === may.length ? interval : own.join();
    const group = open.get(key);
    if (group) group.joins.push(join);
    else open.set(key, { joins: [join], classes: own });
  }
  return [...open.values()];
}

function classesAt(classes: readonly UseClass[], joinedAt: number): number[] {
  const may: number[] = [];
  classes.forEach((uses, index) => {
    if (uses.from <= joinedAt && joinedAt <= uses.until) may.push(index);
  });
  return may;
}

/** How many of the sorted times are at or before `time`. */
function upTo(sorted: readonly number[], time: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of the sorted times are before `time`. */
function below(sorted: readonly number[], time: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
