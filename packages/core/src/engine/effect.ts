import type { Attribution, BasicAssumption } from './attribution.ts';
import type { InviteCode, UserId } from './ids.ts';

/** What the engine asks of the shell. Answers come back as observations. */
export type Effect =
  /** Request the invite list now (as soon as the rate limits allow). Never two at once. */
  | { readonly kind: 'fetch-invites' }
  | { readonly kind: 'fetch-vanity' }
  | { readonly kind: 'fetch-targets'; readonly code: InviteCode }
  /**
   * Read one page of the member list, after this user id (null: from the beginning), at no more
   * than a tenth of the REST budget. Only members who joined from `since` to `until` matter.
   */
  | {
      readonly kind: 'fetch-members';
      readonly after: UserId | null;
      readonly since: number;
      readonly until: number;
    }
  /** Ask for Discord's own record of these members: at most ten, one call at a time. */
  | { readonly kind: 'search-members'; readonly userIds: readonly UserId[] }
  /** Observe `time` at this moment; replaces the earlier wish; null withdraws it. */
  | { readonly kind: 'wake'; readonly at: number | null }
  /** A new or changed answer. The first one of a join makes its log line. */
  | { readonly kind: 'record'; readonly attribution: Attribution }
  /** The member is now present (with this `joined_at`) or gone. */
  | {
      readonly kind: 'member';
      readonly userId: UserId;
      readonly joinedAt: number;
      readonly present: boolean;
      readonly at: number;
      readonly bot: boolean;
    }
  /** A leave of a member (known to the store or not). */
  | { readonly kind: 'left'; readonly userId: UserId; readonly at: number }
  /** The records of these codes changed: write them, or delete those that are gone. */
  | { readonly kind: 'invites-changed'; readonly codes: readonly InviteCode[] }
  | { readonly kind: 'note'; readonly note: Note };

/** Something Health counts. */
export type Note =
  | { readonly kind: 'refuted'; readonly assumption: BasicAssumption; readonly at: number }
  | { readonly kind: 'reopened'; readonly userId: UserId; readonly at: number }
  | { readonly kind: 'repeat' | 'repair' | 'guest'; readonly userId: UserId; readonly at: number }
  | {
      readonly kind: 'unclaimed';
      readonly code: InviteCode;
      readonly uses: number;
      readonly at: number;
    }
  | { readonly kind: 'count-fell'; readonly code: InviteCode; readonly at: number }
  | { readonly kind: 'permission-lost' | 'permission-back'; readonly at: number }
  /** A component stayed open too long: so many joins keep the candidates that they have. */
  | { readonly kind: 'closed'; readonly joins: number; readonly at: number }
  /** The member list was read after a gap: so many had joined in it. `whole`: to its end. */
  | {
      readonly kind: 'swept';
      readonly found: number;
      readonly whole: boolean;
      readonly at: number;
    }
  /** Discord's record of a join that had been certain agreed, or did not. */
  | {
      readonly kind: 'search-agreed' | 'search-disagreed';
      readonly userId: UserId;
      readonly at: number;
    }
  | { readonly kind: 'search-refused' | 'search-withdrawn'; readonly at: number };
