import type { VanishReason } from './attribution.ts';
import { AUDIT_SILENCE_MS, CLOCK_ERROR_MS, COUNT_LAG_MS } from './constants.ts';
import type { ChannelId, InviteCode, RoleId, UserId } from './ids.ts';

/** A human join that may still be answered, or reopened by a late event. */
export interface WindowJoin {
  readonly userId: UserId;
  readonly joinedAt: number;
  readonly seenAt: number;
  readonly roleIds: readonly RoleId[];
  /** Left again; the join stays, only a later add is then no repeat. */
  readonly left: boolean;
  /** Lists requested after the event that were answered, and when one was that lag cannot explain. */
  readonly lists: number;
  readonly coveredAt: number | null;
  /** When such a list was also complete: only then the lack of a use is worth something. */
  readonly provenAt: number | null;
  /** The same for the vanity counter. */
  readonly vanityReadings: number;
  readonly vanityCoveredAt: number | null;
  /** Some admitted world leaves it without a counted use: a later look may tell more. */
  readonly unmatched: boolean;
  /** When it may settle if nothing more is learned; null while something must still be learned. */
  readonly settleAt: number | null;
  readonly settledAt: number | null;
  /** Its event came after an answer that it may change had settled. */
  readonly late: boolean;
  /** Found in the member list after a gap. */
  readonly whileAway: boolean;
  /** Discord's own record names its origin: nothing inferred replaces that. */
  readonly reported: boolean;
  /** Answered `unknown` for good; still takes part, as it may hold a use. */
  readonly frozen: boolean;
  /** Joined a guild with manual approval: the uses of ordinary codes say nothing about it. */
  readonly approved: boolean;
  /** Signature of the last recorded answer, to record changes only. */
  readonly recorded: string | null;
}

export function isOpen(join: WindowJoin): boolean {
  return join.settledAt === null && !join.frozen;
}

/** What happened until then is missing in nothing that is asked for after this moment. */
export function shownBy(until: number): number {
  return until + COUNT_LAG_MS + CLOCK_ERROR_MS;
}

/** No list asked for after this moment can lag behind the join. */
export function lagOver({ joinedAt }: Pick<WindowJoin, 'joinedAt'>): number {
  return shownBy(joinedAt);
}

/** Settled joins and the uses they share: out of the way unless a late event reaches `until`. */
export interface ParkedCluster {
  readonly joins: readonly WindowJoin[];
  readonly classes: readonly UseClass[];
  readonly until: number;
  /** A use found later may move its joins: one is without a use, or a gap casts doubt on theirs. */
  readonly movable: boolean;
  /** A gap casts doubt on what its joins used. */
  readonly doubted: boolean;
}

/** Uses of one code between two readings, with the joins that may take them (by join time). */
export interface UseClass {
  readonly source: UseSource;
  /** Earliest and latest join time that may take one, both inclusive. */
  readonly from: number;
  readonly until: number;
  /** `from` if uses showed at once (H = 0). */
  readonly fromWithoutLag: number;
  /** Exact number of uses; 0 makes this a class of possible uses. */
  readonly counted: number;
  /** The most possible uses there can have been; null is no limit. */
  readonly limit: number | null;
  /** What `counted` becomes if the vanished invite was used up; 0 where that is not in question. */
  readonly ifUsedUp: number;
  /** The readings that bound the step. */
  readonly stepFrom: number;
  readonly answeredAt: number;
  readonly fromUses: number;
  readonly toUses: number;
  readonly vanished: VanishReason | 'pending' | null;
  /** More is still to be learned of these uses: a verdict, or a count that could not be read. */
  readonly awaits: boolean;
}

/** The reading that explains such a use, or the last moment that one can have been made. */
export function explainedAt({ answeredAt, until, vanished }: UseClass): number {
  if (vanished === null) return answeredAt;
  // It is the silence of the audit log that explains it.
  const heardAt = vanished === 'used-up' ? answeredAt + AUDIT_SILENCE_MS : answeredAt;
  // The audit log may tell of an end later than a list first lacked the invite.
  return Math.max(heardAt, until - CLOCK_ERROR_MS);
}

export type UseSource =
  | { readonly kind: 'invite'; readonly code: InviteCode; readonly inviterId: UserId | null }
  | { readonly kind: 'vanity'; readonly code: InviteCode }
  /** Before the first list: whatever happened then cannot be told. */
  | { readonly kind: 'no-baseline' };

/** An invite that ended, kept while a join may still have used it. Raw facts; see `whyEnded`. */
export interface Tombstone {
  readonly code: InviteCode;
  readonly inviterId: UserId | null;
  readonly channelId: ChannelId | null;
  /** The highest count read; null if none ever was. */
  readonly uses: number | null;
  readonly maxUses: number;
  readonly createdAt: number | null;
  readonly expiresAt: number | null;
  /** Request time of the last list in which it was readable; null if it never was in one. */
  readonly readAt: number | null;
  /** It was gone at this moment, at the latest. */
  readonly goneBy: number;
  /** When we learned of it; the silence of the audit log is measured from here. */
  readonly learnedAt: number;
  /** Told by the audit log: when it was deleted, and its final count. */
  readonly revoked: { readonly at: number; readonly uses: number | null } | null;
  readonly channelDeleted: boolean;
  /** Another invite stands under its code. */
  readonly replaced: boolean;
  /** Whether the audit log was silent about it for long enough, with nothing missed. */
  readonly silence: 'listening' | 'kept' | 'broken';
  /** When it had been silent for long enough; null before that. */
  readonly heardUntil: number | null;
  /** False while only its end is known: INVITE_CREATE or a list may still tell the rest. */
  readonly known: boolean;
  /** Its uses were taken by joins that have settled. */
  readonly parked: boolean;
}

/** A count below the baseline, until it is believed or disproved. */
export interface Fall {
  readonly code: InviteCode;
  readonly since: number;
  readonly lists: number;
}

export const BEGINNING = 0;
export const END_OF_TIME = 8_640_000_000_000_000;
