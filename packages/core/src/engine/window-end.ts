import {
  CLOCK_ERROR_MS,
  COMPONENT_AGE_MS,
  COMPONENT_JOINS,
  COUNT_LAG_MS,
  FRESH_MS,
  REOPEN_MS,
} from './constants.ts';
import { type Draft, note, patch } from './draft.ts';
import { lastCompleteList } from './records.ts';
import { isVanityKnown } from './vanity.ts';
import type { ParkedCluster, WindowJoin } from './window.ts';
import type { Problem, Worlds } from './worlds.ts';

/**
 * A component that stays open too long, or grows too large, is closed: the joins that no later
 * list can reach keep their candidates and leave. These are they; none if it is not yet time.
 */
export function leavingJoins(
  draft: Draft,
  { groups }: Problem,
  { answers }: Worlds,
): ReadonlySet<WindowJoin> {
  const joins = groups.flatMap((group) => group.joins);
  const open = joins.filter((join) => join.settledAt === null && !join.frozen);
  if (open.length === 0) return new Set();
  // A sweep and a lost session end by themselves; the joins of the window wait for it.
  const waits = draft.rest.sweep !== null || draft.rest.session.lost;
  const ageMs = waits ? Number.POSITIVE_INFINITY : COMPONENT_AGE_MS;
  const due = draft.at - openSince(draft, open) > ageMs || joins.length >= COMPONENT_JOINS;
  if (!due) return new Set();
  const reached = (draft.rest.listedAt ?? 0) - COUNT_LAG_MS - CLOCK_ERROR_MS;
  const isReached = (join: WindowJoin): boolean =>
    join.lists > 0 && join.joinedAt < reached && isVanityKnown(draft, join);
  // Who is explained asks for no list, and need not wait for one.
  const leaving = groups.map((group, index) =>
    answers[index]!.unmatched ? group.joins.filter(isReached) : group.joins,
  );
  return new Set(leaving.flat());
}

/** The oldest has waited since then; who was found after a gap has only begun to be looked for. */
function openSince({ at }: Draft, open: readonly WindowJoin[]): number {
  let oldest = at;
  let found = 0;
  for (const { seenAt, whileAway } of open) {
    oldest = Math.min(oldest, seenAt);
    if (whileAway) found = Math.max(found, seenAt);
  }
  return Math.max(oldest, found);
}

/** Uses that those who left may have taken are only possible ones for those who stay. */
export function forgetJoins(draft: Draft, leaving: ReadonlySet<WindowJoin>): void {
  if (leaving.size === 0) return;
  note(draft, { kind: 'closed', joins: leaving.size, at: draft.at });
  let reach = draft.rest.forgottenUntil ?? 0;
  for (const join of leaving) reach = Math.max(reach, join.joinedAt);
  patch(draft, {
    joins: draft.rest.joins.filter((join) => !leaving.has(join)),
    forgottenUntil: reach,
  });
}

/**
 * A use that would move its joins may still come to light: no list, or no vanity reading, has been
 * asked for since it must show. In a quiet guild that may take days.
 */
function isAwaited(draft: Draft, { movable, until }: ParkedCluster): boolean {
  if (!movable) return false;
  const shownBy = until + COUNT_LAG_MS + CLOCK_ERROR_MS;
  const { vanity, vanityRefusedAt } = draft.rest;
  const asks = vanity.code !== null && vanityRefusedAt === null;
  const listed = (lastCompleteList(draft) ?? 0) > shownBy;
  return !listed || (asks && (vanity.readAt ?? 0) <= shownBy);
}

/** Lets go of what no late event can reach any more. */
export function dropOld(draft: Draft): void {
  const old = draft.at - REOPEN_MS;
  const { parked } = draft.rest;
  const kept = parked.filter((cluster) => cluster.until >= old || isAwaited(draft, cluster));
  if (kept.length < parked.length) {
    patch(draft, { parked: kept });
  }
  forgetHeld(draft, old);
  dropOldEntries(draft, old);
}

/** Their use may be any that is left. While the session is lost nothing can be read to find it. */
function forgetHeld(draft: Draft, old: number): void {
  if (draft.rest.session.lost) return;
  const held = draft.rest.joins.filter(
    (join) => (join.frozen || join.reported) && join.joinedAt < old,
  );
  forgetJoins(draft, new Set(held));
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
  const old = draft.at - REOPEN_MS;
  // One that is old and still here waits for a reading, not for time.
  for (const { until } of parked) if (until >= old) latest = Math.max(latest, until);
  for (const join of joins) latest = Math.max(latest, join.joinedAt);
  for (const uses of classes) latest = Math.max(latest, uses.until);
  for (const tombstone of tombstones) latest = Math.max(latest, tombstone.goneBy);
  for (const bot of bots) latest = Math.max(latest, bot.seenAt);
  return latest === 0 ? null : latest + CLOCK_ERROR_MS + REOPEN_MS + 1;
}
