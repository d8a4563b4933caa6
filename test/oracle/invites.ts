import {
  CLOCK_ERROR_MS,
  COUNT_LAG_MS,
  EVENT_DELAY_MS,
} from '../../packages/core/src/engine/constants.ts';
import type { ChannelId, InviteCode } from '../../packages/core/src/engine/ids.ts';
import type {
  InviteCreated,
  InviteReading,
  InvitesRead,
  Observation,
} from '../../packages/core/src/engine/observation.ts';
import { type Invite, newInvite, refresh, sameInvite } from './invite.ts';
import { cannotRead, readCount } from './reading.ts';
import { type InviteEnd, isEnd, lastLook } from './strangers.ts';
import type { Frame } from './use-class.ts';
import { end, endOf } from './vanishing.ts';

/** Every invite that the journal tells of, with the uses that its readings prove. */
export function followInvites(frame: Frame, observations: readonly Observation[]): Invite[] {
  const invites: Invite[] = [];
  const past: Past = { lists: [], deadChannels: new Map(), earlyEnds: [] };
  for (const observation of observations) {
    if (observation.kind === 'invites') {
      readList(frame, invites, observation, past);
      past.lists.push(observation);
    } else if (observation.kind === 'invite-created') {
      create(frame, invites, observation, past);
    } else {
      if (observation.kind === 'channel-deleted') {
        const known = past.deadChannels.get(observation.channelId) ?? observation.at;
        past.deadChannels.set(observation.channelId, known);
      }
      endSome(invites, observation, past);
    }
  }
  return invites;
}

/** What came before, in so far as it bears on a new invite. */
interface Past {
  readonly lists: InvitesRead[];
  /** When we first saw them deleted. */
  readonly deadChannels: Map<ChannelId, number>;
  /**
   * Ends of codes that nobody knew yet: INVITE_CREATE may come late (as audit log entry 40 it
   * often does), and a list may show an invite a little longer.
   */
  readonly earlyEnds: InviteEnd[];
}

/** An invite whose end, or whose channel's end, we heard of before. */
function add(invites: Invite[], invite: Invite, { deadChannels, earlyEnds }: Past): void {
  invites.push(invite);
  for (const early of earlyEnds.filter(({ code }) => code === invite.code)) {
    // An end before its birth was that of an older invite under the same code.
    if (early.at + CLOCK_ERROR_MS >= (invite.bornAt ?? -Infinity)) endBy(invite, early);
  }
  const goneAt = invite.channelId === null ? undefined : deadChannels.get(invite.channelId);
  if (goneAt !== undefined) end(invite, goneAt).channelDeleted = true;
}

function endBy(invite: Invite, observation: InviteEnd): void {
  if (observation.kind === 'invite-deleted') {
    end(invite, observation.at);
  } else {
    const { at, revokedAt, uses } = observation;
    end(invite, at, revokedAt).revoked = { at: revokedAt, uses };
  }
}

function readList(frame: Frame, invites: Invite[], list: InvitesRead, past: Past): void {
  for (const reading of list.invites) {
    const known = latest(invites, (invite) => sameInvite(invite, reading));
    if (known !== null) {
      readKnown(frame, known, list, reading);
    } else {
      replaceOlder(invites, reading.code, list.at);
      const invite = newInList(frame, list, past, reading);
      add(invites, invite, past);
      if (past.lists.length > 0) readKnown(frame, invite, list, reading);
    }
  }
  const shown = (invite: Invite) => list.invites.some((reading) => sameInvite(invite, reading));
  for (const invite of invites.filter(living)) if (!shown(invite)) missing(frame, invite, list);
}

function readKnown(frame: Frame, invite: Invite, list: InvitesRead, reading: InviteReading): void {
  const { ending } = invite;
  if (ending !== null) {
    const ended = endOf(invite, ending);
    const never = list.complete && list.requestedAt > ended + COUNT_LAG_MS + CLOCK_ERROR_MS;
    if (!never) {
      // Its answer was under way when the invite ended; a lower count in it is merely old.
      invite.listed = true;
      if (reading.uses !== null && reading.uses >= (invite.baseline ?? 0)) {
        const until = Math.min(list.at, ended) + CLOCK_ERROR_MS;
        readCount(frame, invite, list, reading.uses, until);
      }
      return;
    }
    invite.ending = null;
  }
  refresh(invite, reading);
  invite.listed = true;
  readCount(frame, invite, list, reading.uses);
}

/** The first list sets baselines; in a later one an invite counts from 0 only if it is young. */
function newInList(frame: Frame, list: InvitesRead, past: Past, reading: InviteReading): Invite {
  const bornAt = reading.createdAt;
  if (past.lists.length === 0) {
    const first = newInvite(reading, { baseline: reading.uses, readAt: list.requestedAt, bornAt });
    return { ...first, listed: true };
  }
  const readAt = lastLook(frame, past.lists);
  const fresh = bornAt !== null && bornAt > readAt && readAt !== -Infinity;
  return newInvite(reading, { baseline: fresh ? 0 : null, readAt, bornAt });
}

/** Absence from a list: an end, unless the list proves no absence or is too early to show it. */
function missing(frame: Frame, invite: Invite, list: InvitesRead): void {
  const shownBy = (invite.bornAt ?? -Infinity) + COUNT_LAG_MS + CLOCK_ERROR_MS;
  if (list.complete && (invite.listed || shownBy < list.requestedAt)) end(invite, list.at);
  else cannotRead(frame, invite, list);
}

function create(frame: Frame, invites: Invite[], created: InviteCreated, past: Past): void {
  const { invite: reading, at } = created;
  if (invites.some((invite) => sameInvite(invite, reading))) return;
  replaceOlder(invites, reading.code, at);
  // Without its own word on it, the invite is as old as the event may be late.
  const bornAt = reading.createdAt ?? at - EVENT_DELAY_MS;
  const since = (list: InvitesRead) => frame.rules.lateCreations && list.at >= bornAt;
  const before = past.lists.filter((list) => !since(list));
  const invite = newInvite(reading, { baseline: 0, readAt: lastLook(frame, before), bornAt });
  add(invites, invite, past);
  // Lists that came before this word of it lacked it already.
  for (const list of past.lists.filter(since)) if (living(invite)) missing(frame, invite, list);
}

function endSome(invites: readonly Invite[], observation: Observation, past: Past): void {
  if (isEnd(observation)) {
    const invite = meant(invites, observation.code);
    if (invite === null) past.earlyEnds.push(observation);
    else endBy(invite, observation);
  } else if (observation.kind === 'channel-deleted') {
    const inside = invites.filter((invite) => invite.channelId === observation.channelId);
    for (const invite of inside) end(invite, observation.at).channelDeleted = true;
  }
}

function replaceOlder(invites: readonly Invite[], code: InviteCode, at: number): void {
  const older = latest(invites, (invite) => invite.code === code && living(invite));
  if (older !== null) end(older, at).replaced = true;
}

/** An event names a code only: it means the one that lives, else the one that ended last. */
function meant(invites: readonly Invite[], code: InviteCode): Invite | null {
  const alive = latest(invites, (invite) => invite.code === code && living(invite));
  return alive ?? latest(invites, (invite) => invite.code === code);
}

function living(invite: Invite): boolean {
  return invite.ending === null;
}

function latest(invites: readonly Invite[], wanted: (invite: Invite) => boolean): Invite | null {
  return invites.findLast(wanted) ?? null;
}
