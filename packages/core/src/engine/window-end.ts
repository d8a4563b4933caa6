import { forgetJoins } from './closing.ts';
import { CLOCK_ERROR_MS, FRESH_MS, REOPEN_MS } from './constants.ts';
import { type Draft, patch, patchLookup } from './draft.ts';
import { lastCompleteList } from './records.ts';
import { beginSweep, sweptSpan } from './sweep.ts';
import { tombstoneClass } from './tombstones.ts';
import { BEGINNING, END_OF_TIME, type ParkedCluster, shownBy } from './window.ts';

/**
 * A use that would move its joins may still come to light: no list, or no vanity reading, has been
 * asked for since it must show. In a quiet guild that may take days.
 */
function isAwaited(draft: Draft, { movable, until }: ParkedCluster): boolean {
  if (!movable) return false;
  const listed = (lastCompleteList(draft) ?? 0) > shownBy(until);
  return !listed || isVanityAwaited(draft, until);
}

function isVanityAwaited({ rest }: Draft, until: number): boolean {
  const { vanity, vanityRefusedAt } = rest;
  if (vanity.code === null || vanityRefusedAt !== null) return false;
  return (vanity.readAt ?? 0) <= shownBy(until);
}

/**
 * The vanity counter is read once for joins that it may move, and the list for those in doubt: what
 * is read after their lag is none of theirs. Without it the next use could be, and so on for ever;
 * for joins that are explained nobody else asks.
 */
export function askForParked(draft: Draft): void {
  const { lookup, parked } = draft.rest;
  let [moved, doubted] = [0, 0];
  for (const cluster of parked) {
    const { until } = cluster;
    if (cluster.movable && isVanityAwaited(draft, until)) moved = Math.max(moved, until);
    if (cluster.doubted && (lookup.askedAt ?? 0) <= shownBy(until)) {
      doubted = Math.max(doubted, until);
    }
  }
  if (moved > 0 && lookup.vanityRefreshAt === null) {
    patchLookup(draft, { vanityRefreshAt: shownBy(moved) + 1 });
  }
  if (doubted > 0 && lookup.refreshAt === null) {
    patchLookup(draft, { refreshAt: shownBy(doubted) + 1 });
  }
}

/** Lets go of what no late event can reach any more, in a session that is whole. */
export function dropOld(draft: Draft): void {
  const old = draft.at - REOPEN_MS;
  const { parked, tombstones } = draft.rest;
  const isOld = (until: number): boolean => until < old;
  // In most steps nothing is, and looking closer would cost more than all the rest.
  if (
    parked.some(({ until }) => isOld(until)) ||
    tombstones.some(({ goneBy }) => isOld(goneBy + CLOCK_ERROR_MS))
  ) {
    dropUnusable(draft, old);
  }
  // So many ends across a gap are a reason of their own to look for who joined in it.
  if (draft.rest.tombstones.length > MOST_ENDED) beginSweep(draft);
  forgetHeld(draft, old);
  dropOldEntries(draft, old);
}

function dropUnusable(draft: Draft, old: number): void {
  const span = draft.rest.unswept === null ? null : sweptSpan(draft.rest.unswept);
  const reach = Math.min(old, span?.since ?? END_OF_TIME);
  dropParked(draft, ({ joins, until }) => joins.length === 0 || until >= reach);
  // Those who come back, and those who are still to be found, must find all that they may have used.
  const times = joinTimes(draft);
  const isUsable: Usable = (from, until) =>
    until >= old ||
    (span !== null && from <= span.until && until >= span.since) ||
    times.some((time) => from <= time && time <= until);
  dropParked(
    draft,
    ({ joins, classes }) =>
      joins.length > 0 || classes.some(({ from, until }) => isUsable(from, until)),
  );
  dropTombstones(draft, isUsable);
}

/** Ended invites that are kept for a sweep of members which nothing has begun yet. */
const MOST_ENDED = 200;

/** Whether anybody who is here, or may still come, may have joined from the one to the other. */
type Usable = (from: number, until: number) => boolean;

/** Of those who are in the window or may come back into it. */
function joinTimes({ rest }: Draft): number[] {
  return [rest, ...rest.parked].flatMap(({ joins }) => joins.map(({ joinedAt }) => joinedAt));
}

/** Their use may be any that is left. */
function forgetHeld(draft: Draft, old: number): void {
  const held = draft.rest.joins.filter(
    (join) => (join.frozen || join.reported) && join.joinedAt < old,
  );
  forgetJoins(draft, new Set(held));
}

function dropParked(draft: Draft, isKept: (cluster: ParkedCluster) => boolean): void {
  const { parked } = draft.rest;
  const kept = parked.filter((cluster) => isKept(cluster) || isAwaited(draft, cluster));
  if (kept.length === parked.length) return;
  const holds = new Set(kept);
  let doubtedUntil = draft.rest.doubtedUntil ?? 0;
  for (const cluster of parked) {
    if (holds.has(cluster) || !cluster.doubted) continue;
    for (const { joinedAt } of cluster.joins) doubtedUntil = Math.max(doubtedUntil, joinedAt);
  }
  patch(draft, { parked: kept, doubtedUntil: doubtedUntil === 0 ? null : doubtedUntil });
}

function dropTombstones(draft: Draft, isUsable: Usable): void {
  const { tombstones, traits } = draft.rest;
  const kept = tombstones.filter((tombstone) => {
    if (tombstone.silence === 'listening') return true;
    const uses = tombstoneClass({ ...tombstone, parked: false });
    const until = Math.max(tombstone.goneBy + CLOCK_ERROR_MS, uses?.until ?? BEGINNING);
    return isUsable(uses?.from ?? until, until);
  });
  if (kept.length === tombstones.length) return;
  const codes = new Set(kept.map((tombstone) => tombstone.code));
  patch(draft, {
    tombstones: kept,
    traits: traits.filter(({ code }) => codes.has(code) || draft.invites.has(code)),
  });
}

function dropOldEntries(draft: Draft, old: number): void {
  const { bots, adders, targets, fresh, deadChannels } = draft.rest;
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

/**
 * When something in the window may be let go. What is older than that and still here waits for a
 * reading, the end of a gap or a sweep, not for time; null if there is nothing else.
 */
export function windowEndsAt(draft: Draft): number | null {
  const { joins, classes, tombstones, parked, bots } = draft.rest;
  let latest = 0;
  for (const { until } of parked) latest = Math.max(latest, until);
  for (const join of joins) latest = Math.max(latest, join.joinedAt);
  for (const uses of classes) latest = Math.max(latest, uses.until);
  for (const tombstone of tombstones) latest = Math.max(latest, tombstone.goneBy);
  for (const bot of bots) latest = Math.max(latest, bot.seenAt);
  const endsAt = latest + CLOCK_ERROR_MS + REOPEN_MS + 1;
  return endsAt > draft.at ? endsAt : null;
}
