import type { RoleId, UserId } from '../engine/ids.ts';

const DAY_MS = 86_400_000;

/** One sign that a join was not worth counting. What one sign says, others may disagree with. */
export type FakeSign =
  /** The account was younger than this when it joined. */
  | { readonly kind: 'young-account'; readonly underMs: number }
  /** The member came by an invite of their own. */
  | { readonly kind: 'own-link' }
  /** The member had been here before, at most `withinMs` since they last came (null: ever). */
  | {
      readonly kind: 'returning';
      readonly through: 'anybody' | 'same-inviter' | 'other-inviter';
      readonly withinMs: number | null;
    }
  /** The member was gone again sooner than this. */
  | { readonly kind: 'quick-leave'; readonly underMs: number }
  | { readonly kind: 'no-avatar' }
  | { readonly kind: 'quarantined-name' }
  /** The member has not passed the screening. */
  | { readonly kind: 'pending' };

/** The sign that a join is fake by. */
export type FakeReason = FakeSign['kind'];

/** What a member must have done to count as qualified; all of it. */
export interface Qualification {
  /** Milliseconds of uninterrupted membership; 0 asks for none. */
  readonly stayedMs: number;
  readonly roleId: RoleId | null;
  readonly passedScreening: boolean;
  readonly wrote: boolean;
}

/** How a guild counts. Changing it changes the counts of the whole history, and no fact. */
export interface CountingRule {
  /** Whether `likely` answers are credited; `certain` and `reported` ones always are. */
  readonly creditsLikely: boolean;
  /** A join is fake if any, or only if all, of these signs hold. Without signs none is. */
  readonly fake: { readonly match: 'any' | 'all'; readonly signs: readonly FakeSign[] };
  /** A leave takes the credit back if it comes within this time; null: whenever it comes. */
  readonly leftWithinMs: number | null;
  readonly qualified: Qualification;
  /** Inviters whose joins are kept, and credited to nobody. */
  readonly blocked: readonly UserId[];
}

/** What holds until a guild says otherwise: the classic counters, and a week's stay to qualify. */
export const DEFAULT_COUNTING_RULE: CountingRule = {
  creditsLikely: true,
  fake: {
    match: 'any',
    signs: [
      { kind: 'young-account', underMs: 3 * DAY_MS },
      { kind: 'own-link' },
      { kind: 'returning', through: 'same-inviter', withinMs: null },
    ],
  },
  leftWithinMs: null,
  qualified: { stayedMs: 7 * DAY_MS, roleId: null, passedScreening: false, wrote: false },
  blocked: [],
};
