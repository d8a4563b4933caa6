import {
  AUDIT_SILENCE_MS,
  CLOCK_ERROR_MS,
  COUNT_LAG_MS,
} from '../../packages/core/src/engine/constants.ts';
import { type Ending, type Invite, roomLeft, stepOf, usesSince } from './invite.ts';
import { type Frame, type Interval, touchesGap, type UseClass } from './use-class.ts';

export type Why = 'revoked' | 'channel-deleted' | 'expired' | 'used-up' | 'pending' | 'unexplained';

/** The invite was gone at `bound`, which we learned at `learnedAt`. */
export function end(invite: Invite, learnedAt: number, bound = learnedAt): Ending {
  if (invite.ending === null) {
    invite.ending = {
      learnedAt,
      bounds: [bound],
      revoked: null,
      channelDeleted: false,
      replaced: false,
    };
  } else {
    invite.ending.bounds.push(bound);
  }
  return invite.ending;
}

/** The latest moment at which it may still have lived. */
export function endOf(invite: Invite, ending: Ending): number {
  // The audit log knows it exactly, whatever a list failed to show.
  if (ending.revoked !== null) return ending.revoked.at;
  const known = Math.min(...ending.bounds);
  return hasExpired(invite, ending) ? Math.min(known, invite.expiresAt ?? known) : known;
}

function hasExpired(invite: Invite, ending: Ending): boolean {
  if (invite.expiresAt === null || ending.revoked !== null) return false;
  return invite.expiresAt <= Math.min(...ending.bounds) + CLOCK_ERROR_MS;
}

export function whyEnded(frame: Frame, invite: Invite, ending: Ending): Why {
  if (ending.revoked !== null) return 'revoked';
  if (ending.channelDeleted) return 'channel-deleted';
  if (hasExpired(invite, ending)) return 'expired';
  const byLimit =
    invite.maxUses > 0 &&
    invite.baseline !== null &&
    !ending.replaced &&
    !isDeaf(frame, invite, ending) &&
    !mayHaveLostChannel(frame, invite, ending) &&
    !touchesGap(frame, silence(frame, invite, ending));
  if (!byLimit) return 'unexplained';
  // An entry that comes just in time must still be heard.
  return frame.lastAt > verdictAt(frame, ending.learnedAt) ? 'used-up' : 'pending';
}

/** When nothing of another reason may have been missed. */
function silence(frame: Frame, invite: Invite, ending: Ending): Interval {
  if (!frame.rules.gapsReach) return stepOf(invite, ending.learnedAt);
  return wholeSilence(frame, invite, ending);
}

function wholeSilence(frame: Frame, invite: Invite, { learnedAt }: Ending): Interval {
  const step = stepOf(invite, learnedAt);
  // A list may still show an invite whose end was told in a gap before, but none before its birth.
  const from = Math.max(step.from, invite.bornAt ?? -Infinity) - COUNT_LAG_MS - CLOCK_ERROR_MS;
  return { from, to: verdictAt(frame, learnedAt) };
}

/** The log that was silent could not be heard for some of the time. */
function isDeaf(frame: Frame, invite: Invite, ending: Ending): boolean {
  const { from, to } = wholeSilence(frame, invite, ending);
  return frame.deaf.some((deaf) => deaf.from <= to && deaf.to >= from);
}

/** The log tells nothing of invites that go with their channel. */
function mayHaveLostChannel(frame: Frame, invite: Invite, ending: Ending): boolean {
  if (invite.channelId !== null) return false;
  const { from, to } = wholeSilence(frame, invite, ending);
  return frame.channelEnds.some((at) => from <= at && at <= to);
}

/** When the audit log has been silent for long enough, in a session that was not lost meanwhile. */
function verdictAt(frame: Frame, learnedAt: number): number {
  let due = learnedAt + AUDIT_SILENCE_MS;
  for (const { from, to } of frame.lost) {
    if (from <= due && to > learnedAt) due = Math.max(due, to + AUDIT_SILENCE_MS);
  }
  return due;
}

/** It vanished, its limit is known, and whether that was why is open. */
export function mayBeUsedUp(frame: Frame, invite: Invite): boolean {
  if (invite.ending === null || invite.maxUses === 0 || invite.baseline === null) return false;
  const why = whyEnded(frame, invite, invite.ending);
  return why === 'pending' || why === 'unexplained';
}

/** The uses between its last reading and its end. */
export function lastUses(frame: Frame, invite: Invite, ending: Ending): UseClass {
  const neverListed = !invite.listed && invite.bornAt !== null;
  const uses = {
    ...finalCount(frame, invite, ending),
    until: endOf(invite, ending) + CLOCK_ERROR_MS,
    answeredAt: ending.learnedAt,
  };
  return usesSince(frame, invite, uses, neverListed ? 'birth' : 'last-list');
}

function finalCount(
  frame: Frame,
  invite: Invite,
  ending: Ending,
): Pick<UseClass, 'counted' | 'limit'> {
  const final = ending.revoked?.uses ?? null;
  if (final !== null) {
    const limit = Math.max(0, final - (invite.baseline ?? 0));
    return { counted: invite.baseline !== null, limit };
  }
  const why = whyEnded(frame, invite, ending);
  const assumed = frame.usedUp === invite.id && mayBeUsedUp(frame, invite);
  return { counted: why === 'used-up' || assumed, limit: roomLeft(invite) };
}
