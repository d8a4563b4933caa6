import { SETTLE_MS } from './constants.ts';
import { type Draft, patch } from './draft.ts';
import type { InviteCode } from './ids.ts';
import type { ParkedCluster, UseClass, WindowJoin } from './window.ts';
import type { Problem, Worlds } from './worlds.ts';

export interface Solved {
  readonly problem: Problem;
  readonly worlds: Worlds;
  /** Groups whose answer somebody who joined in a gap may have changed. */
  readonly doubted: ReadonlySet<number>;
}

type Replaced = ReadonlyMap<WindowJoin, WindowJoin>;

/** Joins and counted uses that the admitted worlds pair with each other only. */
interface Cluster {
  readonly groups: number[];
  readonly classes: UseClass[];
  kept: boolean;
}

/**
 * Parks what is settled, cluster by cluster, where that changes no answer of those who stay.
 *
 * A cluster is apart already: its uses suffice for its joins, or its joins for its uses, whatever
 * the others do. New uses and new joins can connect it with them only along a path that leaves it
 * and comes back, and the way back is a join that stays and may take one of its uses. So without
 * such a join it may go, until
 * - a late join may take one of its uses (`unpark`), or
 * - uses are found that one of its joins may take, if it has none or a gap casts doubt on its own
 *   (`unparkReached`).
 */
export function parkSettled(draft: Draft, solved: readonly Solved[], replaced: Replaced): void {
  const parked: ParkedCluster[] = [];
  const inReach = new Set<UseClass>();
  for (const { problem, worlds, doubted } of solved) {
    const clusters = clustersOf(problem, worlds);
    keepOpen(problem, worlds, clusters, (join, awaits) => {
      const known = replaced.get(join) ?? join;
      return known.settledAt === null || isHeld(draft, known, awaits);
    });
    problem.groups.forEach((group, index) => {
      if (!clusters.get(worlds.answers[index]!.cluster)!.kept) return;
      for (const at of group.classes) inReach.add(problem.classes[at]!);
    });
    for (const cluster of clusters.values()) {
      if (cluster.kept || cluster.groups.length === 0) continue;
      const isDoubted = cluster.groups.some((index) => doubted.has(index));
      const movable = isDoubted || cluster.groups.some((index) => worlds.answers[index]!.unmatched);
      const joins = cluster.groups.flatMap((index) => problem.groups[index]!.joins);
      const known = joins.map((join) => replaced.get(join) ?? join);
      parked.push(clusterFrom(known, cluster.classes, { movable, doubted: isDoubted }));
    }
  }
  park(draft, parked, inReach);
}

function clustersOf(problem: Problem, worlds: Worlds): Map<number, Cluster> {
  const clusters = new Map<number, Cluster>();
  const clusterAt = (root: number): Cluster => {
    const cluster = clusters.get(root) ?? { groups: [], classes: [], kept: false };
    clusters.set(root, cluster);
    return cluster;
  };
  worlds.answers.forEach(({ cluster }, index) => {
    clusterAt(cluster).groups.push(index);
  });
  problem.classes.forEach((uses, index) => {
    if (uses.counted > 0) clusterAt(worlds.clusterOfClass[index]!).classes.push(uses);
  });
  return clusters;
}

/** Keeps the clusters that are not settled, and those whose uses a join that stays may take. */
function keepOpen(
  problem: Problem,
  worlds: Worlds,
  clusters: ReadonlyMap<number, Cluster>,
  isOpen: (join: WindowJoin, awaits: boolean) => boolean,
): void {
  const queue: Cluster[] = [];
  const keep = (root: number): void => {
    const cluster = clusters.get(root)!;
    if (cluster.kept) return;
    cluster.kept = true;
    queue.push(cluster);
  };
  problem.groups.forEach((group, index) => {
    const awaits = group.classes.some((at) => problem.classes[at]!.awaits);
    if (group.joins.some((join) => isOpen(join, awaits))) keep(worlds.answers[index]!.cluster);
  });
  const doubters = doubtersOf(problem);
  for (const { groups } of queue) {
    for (const at of groups.flatMap((index) => problem.groups[index]!.classes)) {
      if (problem.classes[at]!.counted > 0) keep(worlds.clusterOfClass[at]!);
      // Whoever may have used up an invite that these may have used: it may yet be counted.
      for (const index of doubters.get(at) ?? []) keep(worlds.answers[index]!.cluster);
      doubters.delete(at);
    }
  }
}

/** By class of an end that may turn out to be the limit: the groups that may have used it. */
function doubtersOf({ groups, classes }: Problem): Map<number, number[]> {
  const doubters = new Map<number, number[]>();
  classes.forEach((uses, at) => {
    if (uses.ifUsedUp > 0 && uses.counted === 0) doubters.set(at, []);
  });
  if (doubters.size === 0) return doubters;
  groups.forEach((group, index) => {
    for (const at of group.classes) doubters.get(at)?.push(index);
  });
  return doubters;
}

/**
 * Answered without the counters, with something unread that may still show its use: an invite that
 * no whole list has shown since, a count that is missing, the vanity counter.
 */
function isHeld({ rest }: Draft, join: WindowJoin, awaits: boolean): boolean {
  if (!join.frozen && !join.reported) return false;
  if (awaits || join.provenAt === null) return true;
  return rest.vanity.code !== null && join.vanityCoveredAt === null;
}

function clusterFrom(
  joins: readonly WindowJoin[],
  classes: readonly UseClass[],
  { movable, doubted }: Pick<ParkedCluster, 'movable' | 'doubted'>,
): ParkedCluster {
  let until = 0;
  for (const join of joins) until = Math.max(until, join.joinedAt);
  for (const uses of classes) until = Math.max(until, uses.until);
  return { joins, classes, until, movable, doubted };
}

function park(
  draft: Draft,
  clusters: readonly ParkedCluster[],
  inReach: ReadonlySet<UseClass>,
): void {
  const { classes, joins, parked } = draft.rest;
  const away = new Set<WindowJoin | UseClass>();
  for (const cluster of clusters) {
    for (const join of cluster.joins) away.add(join);
    for (const uses of cluster.classes) away.add(uses);
  }
  // A use that nobody took is out of reach once every join up to its end is known.
  const closed = draft.at - SETTLE_MS;
  const lone = classes.filter(
    (uses) => !away.has(uses) && !inReach.has(uses) && uses.until < closed,
  );
  if (clusters.length === 0 && lone.length === 0) return;
  for (const uses of lone) away.add(uses);
  const unclaimed = lone.map((uses) => clusterFrom([], [uses], { movable: false, doubted: false }));
  const ended = endedCodes(clusters);
  patch(draft, {
    joins: joins.filter((join) => !away.has(join)),
    classes: classes.filter((uses) => !away.has(uses)),
    parked: [...parked, ...clusters, ...unclaimed],
    tombstones: draft.rest.tombstones.map((tombstone) =>
      ended.has(tombstone.code) ? { ...tombstone, parked: true } : tombstone,
    ),
  });
}

/** Codes whose last uses, after their last reading, were taken by these clusters. */
function endedCodes(clusters: readonly ParkedCluster[]): ReadonlySet<InviteCode> {
  const codes = new Set<InviteCode>();
  for (const { classes } of clusters) {
    for (const { source, vanished } of classes) {
      if (source.kind === 'invite' && vanished !== null) codes.add(source.code);
    }
  }
  return codes;
}

/** All that was parked takes part again: a late event came for a time that was closed. */
export function unpark(draft: Draft): void {
  const { parked, joins, classes, tombstones } = draft.rest;
  // The last uses of an ended invite are read off its tombstone again.
  const stored = parked.flatMap((cluster) =>
    cluster.classes.filter((uses) => uses.vanished === null),
  );
  patch(draft, {
    parked: [],
    tombstones: tombstones.map((tombstone) => ({ ...tombstone, parked: false })),
    joins: [...parked.flatMap((cluster) => cluster.joins), ...joins],
    classes: [...stored, ...classes],
  });
}

/** The same once uses are counted that a parked join may have made which could move to them. */
export function unparkReached(draft: Draft, classes: readonly UseClass[]): boolean {
  const movable = draft.rest.parked.filter((cluster) => cluster.movable);
  if (movable.length === 0) return false;
  const found = movable.some(({ joins, until }) =>
    classes.some(
      (uses) =>
        uses.counted > 0 &&
        uses.from <= until &&
        joins.some((join) => !join.approved && mayTake(join.joinedAt, uses)),
    ),
  );
  if (found) unpark(draft);
  return found;
}

export function mayTake(joinedAt: number, uses: UseClass): boolean {
  return uses.from <= joinedAt && joinedAt <= uses.until;
}
