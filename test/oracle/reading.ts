import {
  CLOCK_ERROR_MS,
  FALL_LISTS,
  FALL_SPAN_MS,
} from '../../packages/core/src/engine/constants.ts';
import type { InvitesRead } from '../../packages/core/src/engine/observation.ts';
import { type Invite, roomLeft, usesSince } from './invite.ts';
import type { Frame } from './use-class.ts';

/** A list showed this invite with this count, which speaks of joins not later than `until`. */
export function readCount(
  frame: Frame,
  invite: Invite,
  list: InvitesRead,
  uses: number | null,
  until = list.at + CLOCK_ERROR_MS,
): void {
  if (uses === null) {
    cannotRead(frame, invite, list);
  } else if (invite.baseline === null) {
    readFirstCount(frame, invite, list, uses, until);
  } else if (uses < invite.baseline) {
    readStaleCount(frame, invite, list, uses);
  } else {
    readRise(frame, invite, list, uses - invite.baseline, until);
  }
}

function readRise(
  frame: Frame,
  invite: Invite,
  list: InvitesRead,
  limit: number,
  until: number,
): void {
  if (limit > 0) {
    invite.classes.push(
      usesSince(frame, invite, { counted: true, limit, until, answeredAt: list.at }),
    );
  }
  moveBaseline(invite, list, (invite.baseline ?? 0) + limit);
}

/** Without a baseline each of the uses may be older than the previous list. */
function readFirstCount(
  frame: Frame,
  invite: Invite,
  list: InvitesRead,
  uses: number,
  until: number,
): void {
  if (uses > 0) {
    invite.classes.push(
      usesSince(frame, invite, { counted: false, limit: uses, until, answeredAt: list.at }),
    );
  }
  moveBaseline(invite, list, uses);
}

function moveBaseline(invite: Invite, list: InvitesRead, uses: number): void {
  invite.baseline = uses;
  invite.readAt = list.requestedAt;
  invite.pending = null;
  invite.fall = null;
}

/** A lower count is old until enough complete lists in a row insist on it. */
function readStaleCount(frame: Frame, invite: Invite, list: InvitesRead, uses: number): void {
  cannotRead(frame, invite, list);
  if (!list.complete) return;
  const firstAt = invite.fall?.firstAt ?? list.at;
  const lists = (invite.fall?.lists ?? 0) + 1;
  invite.fall = { firstAt, lists };
  if (lists < FALL_LISTS || list.at - firstAt < FALL_SPAN_MS) return;
  // What happened while it could not be read stays possible for ever.
  if (invite.pending !== null) invite.classes.push(invite.pending);
  moveBaseline(invite, list, uses);
}

/** The list says nothing of this invite's count: it may have been used up to its limit. */
export function cannotRead(frame: Frame, invite: Invite, list: InvitesRead): void {
  invite.pending = usesSince(frame, invite, {
    counted: false,
    limit: roomLeft(invite),
    until: list.at + CLOCK_ERROR_MS,
    answeredAt: list.at,
  });
}
