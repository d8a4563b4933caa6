import { clockDoubted } from './clock.ts';
import { conclude } from './conclude.ts';
import { CLOCK_ERROR_MS, COUNT_LAG_MS, GIVE_UP_MS, REFUSED_RETRY_MS } from './constants.ts';
import { type Draft, draftFrom, note, patch, patchLookup } from './draft.ts';
import type { Effect } from './effect.ts';
import { canRead, joinObserved, leaveObserved, memberSeen } from './joins.ts';
import { invitesRead, listAnswered } from './lists.ts';
import { planLookups } from './lookups.ts';
import { inviteCreated } from './newcomers.ts';
import type {
  AccessChanged,
  GapFound,
  InvitesRead,
  LookupFailed,
  Observation,
  VanityRead,
} from './observation.ts';
import { unpark } from './parking.ts';
import { gatherTargets, searched, searchFailed } from './search.ts';
import { botAdded, recordUnknown } from './simple-answers.ts';
import type { GuildState } from './state.ts';
import { gapToSweep, sweepIfCounted } from './sweep.ts';
import { breakOffSweep, membersRead, sweepFailed } from './sweep-pages.ts';
import { targetsRead } from './targets.ts';
import {
  auditLogLost,
  channelDeleted,
  doubtSilence,
  inviteDeleted,
  inviteRevoked,
  judgeVanished,
} from './tombstones.ts';
import { guildChanged, isVanityKnown, vanityFailed, vanityRead } from './vanity.ts';
import { isOpen, lagOver, type WindowJoin } from './window.ts';

export { emptyState } from './state.ts';

/**
 * One observation of one guild in, the new state and what to do out. Plain data, no clock, no
 * chance: the same observations give the same answers. Never throws for anything Discord can send.
 *
 * A use of an invite and a join are two facts that Discord does not connect. The engine keeps the
 * joins that are still open and the uses counted between readings, and says of each join what all
 * ways to pair them have in common (attribution.md, section 2).
 */
export function step(
  state: GuildState,
  observation: Observation,
): { readonly state: GuildState; readonly effects: readonly Effect[] } {
  const draft = draftFrom(state, observation.at);
  // What was due before this observation must not be settled with what it tells. In a gap nothing
  // was due: what should have kept it open may have been missed.
  if (observation.kind === 'gap') concludeUntil(draft, observation.from);
  else if (isDue(draft) && !isLoss(observation)) concludeAll(draft);
  observe(draft, observation);
  if (draft.learned) concludeAll(draft);
  gatherTargets(draft);
  planLookups(draft);
  if (draft.changedCodes.size > 0) {
    draft.effects.push({ kind: 'invites-changed', codes: [...draft.changedCodes] });
  }
  return { state: { invites: draft.invites, rest: draft.rest }, effects: draft.effects };
}

function concludeAll(draft: Draft): void {
  judgeVanished(draft);
  conclude(draft);
  giveUp(draft);
  draft.learned = false;
  draft.rescan = true;
  draft.concluded = true;
}

function observe(draft: Draft, observation: Observation): void {
  switch (observation.kind) {
    case 'join':
      return joinObserved(draft, observation);
    case 'leave':
      return leaveObserved(draft, observation);
    case 'invites':
      return listRead(draft, observation);
    case 'vanity':
      return counterRead(draft, observation);
    case 'lookup-failed':
      return lookupFailed(draft, observation);
    case 'targets':
      return targetsRead(draft, observation);
    case 'members':
      return membersRead(draft, observation);
    case 'searched':
      return searched(draft, observation);
    case 'search-failed':
      return searchFailed(draft, observation);
    case 'invite-created':
      return inviteCreated(draft, observation);
    case 'invite-deleted':
      return inviteDeleted(draft, observation);
    case 'invite-revoked':
      return inviteRevoked(draft, observation);
    case 'channel-deleted':
      return channelDeleted(draft, observation);
    case 'bot-added':
      return botAdded(draft, observation);
    case 'access':
      return accessChanged(draft, observation);
    case 'guild':
      return guildChanged(draft, observation);
    case 'gap':
      return gapFound(draft, observation);
    case 'session':
      return sessionChanged(draft, observation.state);
    case 'member-seen':
      return memberSeen(draft, observation);
    case 'clock-doubted':
      breakOffSweep(draft);
      return clockDoubted(draft);
    case 'time':
      // Spent, however early the clock was: what is still to come is asked for again.
      patch(draft, { wakeAt: null });
      return;
  }
}

/** After a restart nobody knows since when events are held back: what came due since is not due. */
function isLoss(observation: Observation): boolean {
  return observation.kind === 'session' && observation.state === 'lost';
}

function isDue({ at, rest }: Draft): boolean {
  const { deadlineAt } = rest.wants;
  return deadlineAt !== null && deadlineAt <= at;
}

/** What was due before the gap began is concluded as of then. */
function concludeUntil(draft: Draft, at: number): void {
  const before: Draft = { ...draft, at };
  if (at > draft.at || !isDue(before)) return;
  concludeAll(before);
  draft.rest = before.rest;
}

/** A list without any count is a list we may not read: the permission is lost (Q2). */
function listRead(draft: Draft, list: InvitesRead): void {
  // Asked by one clock and answered by another: its times say nothing.
  if (list.requestedAt > list.at) {
    const { at } = list;
    return lookupFailed(draft, {
      kind: 'lookup-failed',
      at,
      what: 'invites',
      failure: 'unavailable',
    });
  }
  listAnswered(draft);
  const { refreshAt } = draft.rest.lookup;
  if (refreshAt !== null && refreshAt <= list.requestedAt) patchLookup(draft, { refreshAt: null });
  const uncounted = list.invites.length > 0 && list.invites.every(({ uses }) => uses === null);
  if (uncounted) return refused(draft);
  if (draft.rest.refusedAt !== null) note(draft, { kind: 'permission-back', at: draft.at });
  invitesRead(draft, list);
  sweepIfCounted(draft);
  const joins = draft.rest.joins.map((join) => {
    if (list.requestedAt < join.seenAt) return join;
    const covered = join.coveredAt === null && list.requestedAt > lagOver(join);
    const proven = join.provenAt === null && list.complete && list.requestedAt > lagOver(join);
    return {
      ...join,
      lists: join.lists + 1,
      coveredAt: covered ? list.at : join.coveredAt,
      provenAt: proven ? list.at : join.provenAt,
    };
  });
  patch(draft, { joins });
}

function counterRead(draft: Draft, reading: VanityRead): void {
  vanityRead(draft, reading);
  sweepIfCounted(draft);
  if (draft.rest.vanity.unreadAt !== null) return;
  const joins = draft.rest.joins.map((join) => {
    if (reading.requestedAt < join.seenAt) return join;
    const covered = join.vanityCoveredAt === null && reading.requestedAt > lagOver(join);
    return {
      ...join,
      vanityReadings: join.vanityReadings + 1,
      vanityCoveredAt: covered ? reading.at : join.vanityCoveredAt,
    };
  });
  patch(draft, { joins });
}

function lookupFailed(draft: Draft, observed: LookupFailed): void {
  const { lookup } = draft.rest;
  const { failure, at } = observed;
  if (observed.what === 'vanity') {
    if (failure === 'refused') patch(draft, { vanityRefusedAt: at });
    return vanityFailed(draft, at);
  }
  if (observed.what === 'members') return sweepFailed(draft, observed);
  if (failure === 'refused') {
    listAnswered(draft);
    return refused(draft);
  }
  patchLookup(draft, {
    listOpen: false,
    failures: lookup.failures + 1,
    failedAt: at,
    failingSince: lookup.failingSince ?? at,
    overBudget: failure === 'over-budget',
  });
  const reason = failure === 'over-budget' ? 'over-budget' : 'lookup-failed';
  const waiting = draft.rest.joins.filter((join) => isOpen(join) && join.recorded === null);
  recordUnknown(draft, waiting, reason, { frozen: false });
}

function refused(draft: Draft): void {
  if (draft.rest.refusedAt === null) note(draft, { kind: 'permission-lost', at: draft.at });
  patch(draft, { refusedAt: draft.at });
  // Asked again once a day, and at once when a permission changes.
  patchLookup(draft, { refreshAt: draft.at + REFUSED_RETRY_MS });
  recordUnknown(draft, draft.rest.joins.filter(isOpen), 'no-permission', { frozen: true });
}

function accessChanged(draft: Draft, { counts, auditLog, search = 'off' }: AccessChanged): void {
  const could = canRead(draft);
  const { access } = draft.rest;
  const auditLogSince = auditLog && !access.auditLog ? draft.at : access.auditLogSince;
  if (!auditLog) auditLogLost(draft);
  patch(draft, {
    access: { counts, auditLog, auditLogSince, search },
    search: { ...draft.rest.search, refusedAt: null },
  });
  if (counts) {
    patch(draft, { refusedAt: null, vanityRefusedAt: null });
    const { vanity } = draft.rest;
    const vanityRefreshAt = vanity.code !== null && vanity.readAt === null ? draft.at : null;
    if (!could) {
      patchLookup(draft, { refreshAt: draft.at, vanityRefreshAt, failures: 0, failedAt: null });
    }
  } else {
    recordUnknown(draft, draft.rest.joins.filter(isOpen), 'no-permission', { frozen: true });
  }
  if (could !== counts) {
    note(draft, { kind: counts ? 'permission-back' : 'permission-lost', at: draft.at });
  }
}

const GAPS_KEPT = 16;

function gapFound(draft: Draft, observed: GapFound): void {
  const { from, to, cause, replaying = false } = observed;
  const gap = { from, to, cause };
  const { gaps, listedAt, session, trackedSince, vanity } = draft.rest;
  doubtSilence(draft, gap);
  unpark(draft);
  patch(draft, {
    gaps: [...gaps, gap].slice(-GAPS_KEPT),
    session: { lost: replaying, resumedAt: session.lost ? draft.at : session.resumedAt },
    trackedSince: trackedSince ?? to,
  });
  // A restart must not fetch every guild; a guild that was away is read once it is back.
  const refresh = listedAt === null || cause === 'outage' || cause === 'removed';
  // Not before lag is over: a use from within the gap must not show in a step after it.
  const refreshAt = to + COUNT_LAG_MS + 2 * CLOCK_ERROR_MS + 1;
  if (refresh) patchLookup(draft, { refreshAt });
  const counts = vanity.code !== null && (vanity.readAt === null || refresh);
  if (counts) patchLookup(draft, { vanityRefreshAt: refreshAt });
  gapToSweep(draft, observed);
  draft.learned = true;
}

function sessionChanged(draft: Draft, state: 'lost' | 'resumed'): void {
  const { session } = draft.rest;
  if (state === 'lost') patch(draft, { session: { lost: true, resumedAt: session.resumedAt } });
  else if (session.lost) patch(draft, { session: { lost: false, resumedAt: draft.at } });
  draft.learned = true;
}

/** Whether all that may explain a join was looked at, with or without finding it. */
function isLooked(draft: Draft, join: WindowJoin): boolean {
  return !join.unmatched || (join.provenAt !== null && isVanityKnown(draft, join));
}

/** After ten minutes of trying the answer is that there is none. */
function giveUp(draft: Draft): void {
  const late = draft.rest.joins.filter(
    (join) => isOpen(join) && draft.at - join.seenAt > GIVE_UP_MS && !isLooked(draft, join),
  );
  if (late.length === 0) return;
  const reason = draft.rest.lookup.overBudget ? 'over-budget' : 'lookup-failed';
  recordUnknown(draft, late, reason, { frozen: true });
}
