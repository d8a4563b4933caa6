import type { InviteCode, UserId } from './ids.ts';

/** How a member came. The last six are known only from Discord's own record (member search). */
export type Origin =
  | { readonly kind: 'invite'; readonly code: InviteCode; readonly inviterId: UserId | null }
  | { readonly kind: 'vanity'; readonly code: InviteCode }
  | { readonly kind: 'bot'; readonly adderId: UserId | null }
  /** An approved join request. `code` is null where any code may have been used. */
  | { readonly kind: 'application'; readonly code: InviteCode | null }
  /** No counter that Discord shows us moved: Server Discovery, OAuth2, a hub, an integration. */
  | { readonly kind: 'no-invite' }
  | { readonly kind: 'discovery' | 'hub' | 'integration' | 'oauth' | 'lobby' }
  | { readonly kind: 'other'; readonly type: number }
  | { readonly kind: 'unknown'; readonly reason: UnknownReason };

/**
 * Why nothing can be said: the list may not be read, no reading lies before the join, it fell into a
 * gap, ten minutes of requests failed, the budget did not allow one, or (for old members) no record.
 */
export type UnknownReason =
  | 'no-permission'
  | 'no-baseline'
  | 'gap'
  | 'lookup-failed'
  | 'over-budget'
  | 'no-record'
  | 'imported';

/**
 * What an answer is worth. `reported`: Discord's own record names it. `certain`: a promise under
 * the assumptions A1 to A6. `likely`: true once the named assumptions are added. `ambiguous`: one
 * of the candidates. `unknown`: nothing can be said, for the stated reason.
 */
export type Certainty = 'reported' | 'certain' | 'likely' | 'ambiguous' | 'unknown';

/** The assumptions that `certain` leans on; each is checked while running. */
export type BasicAssumption = 'A1' | 'A2' | 'A3' | 'A4' | 'A5' | 'A6';

/** What a `likely` answer leans on. */
export type AssumptionName =
  /** A use shows in the list at once (H = 0). */
  | 'no-lag'
  /** The invite that vanished had reached its limit. */
  | 'used-up'
  /** A use that nobody took does not belong to this member. */
  | 'surplus-is-not-theirs'
  /** Nobody joined unseen during the named gap. */
  | 'nobody-unseen'
  /** The role the member arrived with came from the invite. */
  | 'role-from-invite'
  /** A basic assumption that this guild refuted within the last seven days. */
  | BasicAssumption;

/** One origin that the evidence still allows. */
export interface Candidate {
  readonly origin: Origin;
  /**
   * The part of the counted uses that falls to this origin, from 0 to 1: how the sums divide, not
   * a probability. Null for possible uses and for answers that need no division.
   */
  readonly share: number | null;
  /** Uses that Discord last reported for the code, this join included if it used it. */
  readonly uses: number | null;
}

/** What is known of joins that cannot be told apart: "among these 3: 2 x A, 1 x B". */
export interface JoinGroup {
  /** How many joins share these uses. */
  readonly size: number;
  /** The counted uses among them. Their sum is below `size` where some moved no counter. */
  readonly sums: readonly { readonly origin: Origin; readonly uses: number }[];
}

/** Why an invite is gone: it decides how many uses it may have had after its last reading. */
export type VanishReason = 'used-up' | 'revoked' | 'expired' | 'channel-deleted' | 'unexplained';

/** One observation that supports the conclusion or rules something out. Times: ms since 1970. */
export type Evidence =
  | {
      readonly kind: 'counted';
      readonly code: InviteCode;
      readonly uses: number;
      readonly fromUses: number;
      readonly toUses: number;
      readonly from: number;
      readonly to: number;
    }
  | {
      readonly kind: 'vanished';
      readonly code: InviteCode;
      readonly why: VanishReason;
      readonly at: number;
    }
  | { readonly kind: 'possible'; readonly code: InviteCode; readonly limit: number | null }
  | { readonly kind: 'nothing-counted'; readonly lists: number; readonly vanityReadings: number }
  | { readonly kind: 'unclaimed'; readonly code: InviteCode; readonly uses: number }
  | { readonly kind: 'others'; readonly joins: number }
  | { readonly kind: 'excluded'; readonly code: InviteCode; readonly why: 'target-list' }
  | { readonly kind: 'gap'; readonly from: number; readonly to: number; readonly cause: GapCause }
  | { readonly kind: 'bot'; readonly adderId: UserId | null }
  /** Discord's own record, and what the counters had said before it (null: nothing yet). */
  | {
      readonly kind: 'reported';
      readonly origin: Origin;
      readonly at: number;
      readonly inferred: { readonly certainty: Certainty; readonly origin: Origin | null };
    }
  | { readonly kind: 'failed'; readonly reason: UnknownReason };

/** What made us blind for a while. */
export type GapCause = 'first-start' | 'restart' | 'session-lost' | 'outage' | 'removed' | 'clock';

/** Our conclusion on one join, identified by guild, user and `joined_at`. */
export interface Attribution {
  readonly userId: UserId;
  /** `joined_at` of the first event of this join, ms since 1970. */
  readonly joinedAt: number;
  /** When the event reached us, ms since 1970, on Discord's clock as far as we know it. */
  readonly seenAt: number;
  /** Null only when the certainty is `ambiguous`: then the candidates are the answer. */
  readonly origin: Origin | null;
  readonly certainty: Certainty;
  /** Every origin still possible, in a stable order; one entry when certain; none when unknown. */
  readonly candidates: readonly Candidate[];
  readonly group: JoinGroup | null;
  /** What a `likely` answer leans on; empty otherwise. */
  readonly assumptions: readonly AssumptionName[];
  readonly evidence: readonly Evidence[];
  /**
   * Found in the member list after a gap: the event of this join never reached us. Such an answer
   * is `likely` at most.
   */
  readonly whileAway: boolean;
  /** The promise, credits and roles hold for settled answers only. */
  readonly settled: boolean;
}
