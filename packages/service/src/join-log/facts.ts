import type { Attribution, InviteCode, UserId } from 'wherefrom';
import type { Removal } from '../ports.ts';

/** What one line of the join log is made from: plain facts, as they are known now. */
export type LineFacts = JoinFacts | LeaveFacts;

export interface JoinFacts {
  readonly kind: 'join';
  readonly userId: UserId;
  /** As Discord told it, not escaped; null once it was erased. */
  readonly name: string | null;
  /** The user was a member before. */
  readonly returning: boolean;
  readonly attribution: Attribution;
  /** Codes that grant roles or are for listed people, where @everyone reads the channel. */
  readonly concealed: readonly InviteCode[];
}

export interface LeaveFacts {
  readonly kind: 'leave';
  readonly userId: UserId;
  readonly name: string | null;
  /** Milliseconds since 1970. */
  readonly leftAt: number;
  /** Null for a member who came before we watched. */
  readonly joinedAt: number | null;
  /** Null where the audit log does not tell. */
  readonly removal: Removal | null;
  /** How they had come; null if we have no record. */
  readonly attribution: Attribution | null;
  readonly concealed: readonly InviteCode[];
}
