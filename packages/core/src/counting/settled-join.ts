import type { Candidate, Certainty, JoinGroup, Origin } from '../engine/attribution.ts';
import type { RoleId, UserId } from '../engine/ids.ts';

/**
 * What is stored about one settled join, without a judgement: a rule decides what it is worth, and
 * may be changed at any time. A fact that nobody looked up is null, which neither condemns nor
 * qualifies anybody. Times are milliseconds since 1970.
 */
export interface SettledJoin {
  readonly userId: UserId;
  /** With the user, the key of the join. */
  readonly joinedAt: number;
  readonly certainty: Certainty;
  /** Null only where the certainty is `ambiguous`. */
  readonly origin: Origin | null;
  readonly candidates: readonly Candidate[];
  /** What is known of those who cannot be told apart from this one. */
  readonly group: JoinGroup | null;
  /** From the id of the user. */
  readonly accountCreatedAt: number;
  /** When this membership ended; null while the member is here. */
  readonly leftAt: number | null;
  readonly hasAvatar: boolean | null;
  /** AutoMod holds the name back (member flag 7). */
  readonly hasQuarantinedName: boolean | null;
  /** Membership screening not passed yet. */
  readonly isPending: boolean | null;
  /** Roles held now, or last held before leaving; null if they are not kept. */
  readonly roleIds: readonly RoleId[] | null;
  /** Null if nothing was written, or the guild has not switched this fact on. */
  readonly firstMessageAt: number | null;
}
