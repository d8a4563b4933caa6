import {
  CLOCK_ERROR_MS,
  COMPONENT_AGE_MS,
  COMPONENT_JOINS,
  COUNT_LAG_MS,
  FRESH_MS,
  REOPEN_MS,
  SETTLE_MS,
} from './constants.ts';
import { type Draft, patch } from './draft.ts';
import type { InviteCode } from './ids.ts';
import type { ParkedCluster, UseClass, WindowJoin } from './window.ts';
import type { Problem, Worlds } from './worlds.ts';

type Replaced = ReadonlyMap<WindowJoin, WindowJoin>;

/**
 * A component that stays open too long, or grows too large, is closed: the joins that no later
 * list can reach keep their candidates and leave. These are they; none if it is not yet time.
 */
export function leavingJoins(draft: Draft, problem: Problem): ReadonlySet<WindowJoin> {
  const joins = problem.groups.flatMap((group) => group.joins);
  const open = joins.filter((join) => join.settledAt === null && !join.frozen);
  if (open.length === 0) return new Set();
  const oldest = open.reduce((first, join) => Math.min(first, join.seenAt), draft.at);
  const due = draft.at - oldest > COMPONENT_AGE_MS || joins.length >= COMPONENT_JOINS;
  if (!due) return new Set();
  const reached = (draft.rest.listedAt ?? 0) - COUNT_LAG_MS - CLOCK_ERROR_MS;
  return new Set(joins.filter((join) => join.lists > 0 && join.joinedAt < reached));
}

/** Uses that those who left may have taken are only possible ones for those who stay. */
export function forgetJoins(draft: Draft, leaving: ReadonlySet<WindowJoin>): void {
  if (leaving.size === 0) return;
  let reach = draft.rest.forgottenUntil ?? 0;
  for (const join of leaving) reach = Math.max(reach, join.joinedAt);
  patch(draft, {
    joins: draft.rest.joins.filter((join) => !leaving.has(join)),
    forgottenUntil: reach,
  });
}

export interface Solved {
  readonly problem: Problem;
  readonly worlds: Worlds;
}

/**
 * Parks what is settled, cluster by cluster: no admitted world moves a join out of its cluster, and
 * only a late event could still reach it. That event takes it back (see `unpark`).
 */
export function parkSettled(draft: Draft, solved: readonly Solved[], replaced: Replaced): void {
  const parked: ParkedCluster[] = [];
  const inReach = new Set<UseClass>();
  for (const { problem, worlds } of solved) {
    const clusters = new Map<number, { joins: WindowJoin[]; classes: UseClass[]; open: boolean }>();
    const clusterOf = (root: number) => {
      const cluster = clusters.get(root) ?? { joins: [], classes: [], open: false };
      clusters.set(root, cluster);
      return cluster;
    };
    problem.groups.forEach((group, index) => {
      const cluster = clusterOf(worlds.answers[index]!.cluster);
      for (const known of group.joins) {
        const join = replaced.get(known) ?? known;
        cluster.joins.push(join);
        if (join.settledAt === null || isHeld(join)) cluster.open = true;
      }
    });
    problem.classes.forEach((uses, index) => {
      if (uses.counted > 0) clusterOf(worlds.clusterOfClass[index]!).classes.push(uses);
    });
    const isOpen = (group: number): boolean => clusterOf(worlds.answers[group]!.cluster).open;
    spreadOpen(problem, isOpen, (group) => {
      clusterOf(worlds.answers[group]!.cluster).open = true;
    });
    problem.groups.forEach((group, index) => {
      if (isOpen(index)) for (const at of group.classes) inReach.add(problem.classes[at]!);
    });
    for (const { joins, classes, open } of clusters.values()) {
      if (!open && joins.length > 0) parked.push(clusterFrom(joins, classes));
    }
  }
  park(draft, parked, inReach);
}

/** Whoever may have used up an invite that an open join may have used stays with it. */
function spreadOpen(
  problem: Problem,
  isOpen: (group: number) => boolean,
  open: (group: number) => void,
): void {
  const doubtful = problem.classes.map((uses) => uses.ifUsedUp > 0 && uses.counted === 0);
  if (!doubtful.includes(true)) return;
  const shared = new Set<number>();
  for (let before = -1; before !== shared.size; ) {
    before = shared.size;
    problem.groups.forEach((group, index) => {
      const doubts = group.classes.filter((at) => doubtful[at]);
      if (isOpen(index)) for (const at of doubts) shared.add(at);
      else if (doubts.some((at) => shared.has(at))) open(index);
    });
    for (const [index, group] of problem.groups.entries()) {
      if (isOpen(index)) for (const at of group.classes) if (doubtful[at]) shared.add(at);
    }
  }
}

/** Frozen without a list after it: it may hold a use that a later list will show. */
function isHeld(join: WindowJoin): boolean {
  return join.frozen && join.coveredAt === null;
}

function clusterFrom(joins: readonly WindowJoin[], classes: readonly UseClass[]): ParkedCluster {
  let until = 0;
  for (const join of joins) until = Math.max(until, join.joinedAt);
  for (const uses of classes) until = Math.max(until, uses.until);
  return { joins, classes, until };
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
  const stored = new Set(classes);
  const kept = clusters.map((cluster) => ({
    ...cluster,
    classes: cluster.classes.filter((uses) => stored.has(uses)),
  }));
  const unclaimed = lone.map((uses) => clusterFrom([], [uses]));
  const ended = endedCodes(clusters);
  patch(draft, {
    joins: joins.filter((join) => !away.has(join)),
    classes: classes.filter((uses) => !away.has(uses)),
    parked: [...parked, ...kept, ...unclaimed],
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

/** An event came for a time that was closed: all that was parked takes part again. */
export function unpark(draft: Draft): void {
  const { parked, joins, classes, tombstones } = draft.rest;
  patch(draft, {
    parked: [],
    tombstones: tombstones.map((tombstone) => ({ ...tombstone, parked: false })),
    joins: [...parked.flatMap((cluster) => cluster.joins), ...joins],
    classes: [...parked.flatMap((cluster) => cluster.classes), ...classes],
  });
}

/** Lets go of what no late event can reach any more. */
export function dropOld(draft: Draft): void {
  const old = draft.at - REOPEN_MS;
  const { parked, joins, forgottenUntil } = draft.rest;
  if (parked.some((cluster) => cluster.until < old)) {
    patch(draft, { parked: parked.filter((cluster) => cluster.until >= old) });
  }
  const held = joins.filter((join) => isHeld(join) && join.joinedAt < old);
  if (held.length > 0) {
    const reach = held.reduce(
      (latest, join) => Math.max(latest, join.joinedAt),
      forgottenUntil ?? 0,
    );
    const gone = new Set(held);
    patch(draft, { joins: joins.filter((join) => !gone.has(join)), forgottenUntil: reach });
  }
  dropOldEntries(draft, old);
}

function dropOldEntries(draft: Draft, old: number): void {
  const { tombstones, bots, adders, targets, joins, fresh, deadChannels } = draft.rest;
  const reach = joins.reduce((first, join) => Math.min(first, join.joinedAt), old);
  const kept = tombstones.filter(
    ({ goneBy, silence }) => goneBy + CLOCK_ERROR_MS >= reach || silence === 'listening',
  );
  if (kept.length < tombstones.length) {
    const codes = new Set(kept.map((tombstone) => tombstone.code));
    patch(draft, {
      tombstones: kept,
      traits: draft.rest.traits.filter(({ code }) => codes.has(code) || draft.invites.has(code)),
    });
  }
  if (deadChannels.some((channel) => channel.at < old)) {
    patch(draft, { deadChannels: deadChannels.filter((channel) => channel.at >= old) });
  }
  if (bots.some((bot) => bot.seenAt < old)) {
    patch(draft, { bots: bots.filter((bot) => bot.seenAt >= old) });
  }
  if (adders.some((adder) => adder.at < old)) {
    patch(draft, { adders: adders.filter((adder) => adder.at >= old) });
  }
  if (targets.some((known) => draft.at - known.at > TARGETS_KEPT_MS)) {
    patch(draft, { targets: targets.filter((known) => draft.at - known.at <= TARGETS_KEPT_MS) });
  }
  if (fresh.some((entry) => draft.at - entry.createdAt > FRESH_MS)) {
    patch(draft, { fresh: fresh.filter((entry) => draft.at - entry.createdAt <= FRESH_MS) });
  }
}

const TARGETS_KEPT_MS = 24 * 60 * 60_000;

/** When something in the window may be let go, or null if it is empty. */
export function windowEndsAt(draft: Draft): number | null {
  const { joins, classes, tombstones, parked, bots } = draft.rest;
  let latest = 0;
  for (const cluster of parked) latest = Math.max(latest, cluster.until);
  for (const join of joins) latest = Math.max(latest, join.joinedAt);
  for (const uses of classes) latest = Math.max(latest, uses.until);
  for (const tombstone of tombstones) latest = Math.max(latest, tombstone.goneBy);
  for (const bot of bots) latest = Math.max(latest, bot.seenAt);
  return latest === 0 ? null : latest + CLOCK_ERROR_MS + REOPEN_MS + 1;
}
