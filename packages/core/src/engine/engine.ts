import { conclude, isOpen, lagOver } from './conclude.ts';
import { GIVE_UP_MS } from './constants.ts';
import { type Draft, draftFrom, note, patch, patchLookup, refute } from './draft.ts';
import type { Effect } from './effect.ts';
import { canRead, joinObserved, leaveObserved, memberSeen } from './joins.ts';
import { inviteCreated, invitesRead, listAnswered } from './lists.ts';
import { planLookups } from './lookups.ts';
import type {
  AccessChanged,
  GapFound,
  InvitesRead,
  LookupFailed,
  Observation,
  VanityRead,
} from './observation.ts';
import { botAdded, recordUnknown } from './simple-answers.ts';
import type { GuildState } from './state.ts';
import { targetsRead } from './targets.ts';
import {
  channelDeleted,
  doubtPending,
  inviteDeleted,
  inviteRevoked,
  judgeVanished,
} from './tombstones.ts';
import { guildChanged, vanityRead, vanityUnread } from './vanity.ts';

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
  observe(draft, observation);
  judgeVanished(draft);
  if (draft.learned || somethingDue(draft)) {
    conclude(draft);
    giveUp(draft);
    draft.rescan = true;
  }
  planLookups(draft);
  if (draft.changedCodes.size > 0) {
    draft.effects.push({ kind: 'invites-changed', codes: [...draft.changedCodes] });
  }
  return { state: { invites: draft.invites, rest: draft.rest }, effects: draft.effects };
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
      return refute(draft, 'A6');
    case 'time':
      if (draft.rest.wakeAt !== null && draft.rest.wakeAt <= draft.at)
        patch(draft, { wakeAt: null });
      return;
  }
}

function somethingDue(draft: Draft): boolean {
  const { deadlineAt } = draft.rest.wants;
  return deadlineAt !== null && deadlineAt <= draft.at;
}

/** A list without any count is a list we may not read: the permission is lost (Q2). */
function listRead(draft: Draft, list: InvitesRead): void {
  listAnswered(draft);
  const uncounted = list.invites.length > 0 && list.invites.every(({ uses }) => uses === null);
  if (uncounted) return refused(draft);
  if (draft.rest.refusedAt !== null) note(draft, { kind: 'permission-back', at: draft.at });
  invitesRead(draft, list);
  const joins = draft.rest.joins.map((join) => {
    if (list.requestedAt < join.seenAt) return join;
    const covered = join.coveredAt === null && list.requestedAt > lagOver(join);
    return { ...join, lists: join.lists + 1, coveredAt: covered ? list.at : join.coveredAt };
  });
  patch(draft, { joins });
}

function counterRead(draft: Draft, reading: VanityRead): void {
  vanityRead(draft, reading);
  if (draft.rest.vanity.unread) return;
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
    const vanityFailures = lookup.vanityFailures + 1;
    patchLookup(draft, { vanityOpen: false, vanityFailures, vanityFailedAt: at });
    if (failure === 'refused') patch(draft, { vanityRefusedAt: at });
    return vanityUnread(draft);
  }
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
  patchLookup(draft, { refresh: true });
  recordUnknown(draft, draft.rest.joins.filter(isOpen), 'no-permission', { frozen: true });
}

function accessChanged(draft: Draft, { counts, auditLog }: AccessChanged): void {
  const could = canRead(draft);
  patch(draft, { access: { counts, auditLog } });
  if (counts) {
    patch(draft, { refusedAt: null, vanityRefusedAt: null });
    const { vanity } = draft.rest;
    const vanityRefresh = vanity.code !== null && vanity.readAt === null;
    if (!could) patchLookup(draft, { refresh: true, vanityRefresh, failures: 0, failedAt: null });
  } else {
    recordUnknown(draft, draft.rest.joins.filter(isOpen), 'no-permission', { frozen: true });
  }
  if (could !== counts) {
    note(draft, { kind: counts ? 'permission-back' : 'permission-lost', at: draft.at });
  }
}

const GAPS_KEPT = 16;

function gapFound(draft: Draft, { from, to, cause }: GapFound): void {
  const gap = { from, to, cause };
  const { gaps, listedAt, trackedSince, vanity } = draft.rest;
  patch(draft, {
    gaps: [...gaps, gap].slice(-GAPS_KEPT),
    session: { lost: false, resumedAt: null },
    trackedSince: trackedSince ?? to,
  });
  doubtPending(draft, gap);
  // A restart must not fetch every guild; a guild that was away is read once it is back.
  const refresh = listedAt === null || cause === 'outage' || cause === 'removed';
  const vanityRefresh = vanity.code !== null && (vanity.readAt === null || refresh);
  if (refresh) patchLookup(draft, { refresh, vanityRefresh });
  draft.learned = true;
}

function sessionChanged(draft: Draft, state: 'lost' | 'resumed'): void {
  const { session } = draft.rest;
  if (state === 'lost') patch(draft, { session: { lost: true, resumedAt: session.resumedAt } });
  else if (session.lost) patch(draft, { session: { lost: false, resumedAt: draft.at } });
  draft.learned = true;
}

/** After ten minutes of trying the answer is that there is none. */
function giveUp(draft: Draft): void {
  const late = draft.rest.joins.filter(
    (join) => isOpen(join) && join.lists === 0 && draft.at - join.seenAt > GIVE_UP_MS,
  );
  if (late.length === 0) return;
  const reason = draft.rest.lookup.overBudget ? 'over-budget' : 'lookup-failed';
  recordUnknown(draft, late, reason, { frozen: true });
}
