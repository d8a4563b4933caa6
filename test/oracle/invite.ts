import { CLOCK_ERROR_MS } from '../../packages/core/src/engine/constants.ts';
import type { ChannelId, InviteCode, RoleId } from '../../packages/core/src/engine/ids.ts';
import type { InviteReading } from '../../packages/core/src/engine/observation.ts';
import { earliest, type Frame, isGapped, type UseClass } from './use-class.ts';

/** How an invite ended, as far as the journal tells. */
export interface Ending {
  /** The first moment we knew that it was gone. */
  readonly learnedAt: number;
  /** It was gone at each of these moments. */
  readonly bounds: number[];
  revoked: { readonly at: number; readonly uses: number | null } | null;
  channelDeleted: boolean;
  /** Another invite stands under its code. */
  replaced: boolean;
}

/** All we know of one invite, identified by its code and `created_at`. */
export interface Invite {
  readonly id: string;
  readonly code: InviteCode;
  /** As Discord told it. */
  createdAt: number | null;
  /** `createdAt`, or the earliest moment that its INVITE_CREATE can tell of. */
  bornAt: number | null;
  channelId: ChannelId | null;
  maxUses: number;
  expiresAt: number | null;
  roleIds: readonly RoleId[];
  listed: boolean;
  /** The highest count that Discord reported; null if none can be compared with. */
  baseline: number | null;
  /** Request time of the last list in which it was readable; -Infinity if there was no list. */
  readAt: number;
  /** What is settled about it. */
  readonly classes: UseClass[];
  /** Stands while the count cannot be read. */
  pending: UseClass | null;
  /** Complete lists in a row that showed a lower count. */
  fall: { readonly firstAt: number; readonly lists: number } | null;
  ending: Ending | null;
}

export function newInvite(
  reading: InviteReading,
  start: {
    readonly baseline: number | null;
    readonly readAt: number;
    readonly bornAt: number | null;
  },
): Invite {
  return {
    id: `${reading.code}@${reading.createdAt}`,
    code: reading.code,
    createdAt: reading.createdAt,
    bornAt: start.bornAt,
    channelId: reading.channelId,
    maxUses: reading.maxUses,
    expiresAt: reading.expiresAt,
    roleIds: reading.roleIds,
    listed: false,
    baseline: start.baseline,
    readAt: start.readAt,
    classes: [],
    pending: null,
    fall: null,
    ending: null,
  };
}

/** A later list may tell more than the first word of an invite did. */
export function refresh(invite: Invite, reading: InviteReading): void {
  invite.createdAt = reading.createdAt ?? invite.createdAt;
  invite.bornAt = reading.createdAt ?? invite.bornAt;
  invite.channelId = reading.channelId;
  invite.maxUses = reading.maxUses;
  invite.expiresAt = reading.expiresAt;
  invite.roleIds = reading.roleIds;
}

export function sameInvite(invite: Invite, reading: InviteReading): boolean {
  if (invite.code !== reading.code) return false;
  // A `created_at` that Discord left out contradicts nothing.
  if (invite.createdAt === null || reading.createdAt === null) return true;
  return invite.createdAt === reading.createdAt;
}

/** What its limit leaves above the baseline. */
export function roomLeft(invite: Invite): number {
  if (invite.maxUses === 0) return Infinity;
  return Math.max(0, invite.maxUses - (invite.baseline ?? 0));
}

/** The step since it was last readable: where gaps count. */
export function stepOf(invite: Invite, answeredAt: number): { from: number; to: number } {
  const from = invite.readAt === -Infinity ? (invite.bornAt ?? -Infinity) : invite.readAt;
  return { from, to: answeredAt };
}

export function usesSince(
  frame: Frame,
  invite: Invite,
  uses: Pick<UseClass, 'counted' | 'limit' | 'until' | 'answeredAt'>,
  since: 'last-list' | 'birth' = 'last-list',
): UseClass {
  const born = invite.bornAt === null ? -Infinity : invite.bornAt - CLOCK_ERROR_MS;
  const from = since === 'birth' ? born : Math.max(earliest(frame, invite.readAt), born);
  return {
    ...uses,
    origin: `invite:${invite.code}`,
    from,
    gapped: isGapped(frame, { from, until: uses.until }, stepOf(invite, uses.answeredAt)),
    roleIds: invite.roleIds,
  };
}
