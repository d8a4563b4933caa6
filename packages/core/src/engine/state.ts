import type { BasicAssumption, GapCause } from './attribution.ts';
import type { ChannelId, InviteCode, RoleId, UserId } from './ids.ts';
import type { SearchMode } from './observation.ts';
import type { Fall, ParkedCluster, Tombstone, UseClass, WindowJoin } from './window.ts';

/**
 * All that the engine knows of one guild: plain records, never changed in place.
 * The store keeps `invites` as rows and the rest as one JSON text (see `restToJson`).
 */
export interface GuildState {
  readonly invites: ReadonlyMap<InviteCode, InviteRecord>;
  readonly rest: GuildRest;
}

/**
 * What is kept per living invite, as small as it can be: six fields, ids shared between records,
 * times in whole seconds so that they stay small integers (created rounded down, expiry up).
 */
export interface InviteRecord {
  /** The highest count that Discord reported, the baseline; null if it never told one. */
  readonly uses: number | null;
  /** 0 means no limit. */
  readonly maxUses: number;
  readonly inviterId: UserId | null;
  readonly channelId: ChannelId | null;
  /** 0 if unknown. */
  readonly createdAtS: number;
  /** 0 means never. */
  readonly expiresAtS: number;
}

/** Everything but the living invites: small in a quiet guild, the open joins in a busy one. */
export interface GuildRest {
  readonly access: AccessState;
  /** When the list was refused or came without counts; null while it can be read. */
  readonly refusedAt: number | null;
  readonly vanityRefusedAt: number | null;
  readonly manualApproval: boolean;
  /** Request time of the last list that was read; null before the first baseline. */
  readonly listedAt: number | null;
  /** When its answer was complete. */
  readonly listAnsweredAt: number | null;
  /** The lists of the last minutes, newest last; the newest complete one is kept in any case. */
  readonly lists: readonly ListSeen[];
  /** Since when joins are observed here at all; null before the first. */
  readonly trackedSince: number | null;
  /** Codes whose last readable reading is older than the last list. */
  readonly unread: readonly UnreadCode[];
  /** Exact creation times of codes made lately; a record keeps whole seconds only. */
  readonly fresh: readonly { readonly code: InviteCode; readonly createdAt: number }[];
  readonly deadChannels: readonly { readonly channelId: ChannelId; readonly at: number }[];
  readonly traits: readonly InviteTraits[];
  readonly vanity: VanityState;
  readonly lookup: LookupState;
  readonly joins: readonly WindowJoin[];
  readonly bots: readonly BotSeen[];
  readonly adders: readonly AdderSeen[];
  readonly classes: readonly UseClass[];
  readonly parked: readonly ParkedCluster[];
  readonly tombstones: readonly Tombstone[];
  readonly falls: readonly Fall[];
  readonly gaps: readonly Gap[];
  /** What the gaps since the last sweep span; null if nobody has to be looked for. */
  readonly unswept: Span | null;
  /** The member list is being read for joins within gaps. */
  readonly sweep: Sweep | null;
  readonly search: SearchState;
  readonly targets: readonly TargetReading[];
  /** Latest join time among joins that left the window without an explanation. */
  readonly forgottenUntil: number | null;
  /** The same among those who were let go while a gap cast doubt on what they used. */
  readonly doubtedUntil: number | null;
  /** In guilds with manual approval: codes whose count rose, for later approvals. */
  readonly usedCodes: readonly InviteCode[];
  readonly session: { readonly lost: boolean; readonly resumedAt: number | null };
  readonly refuted: readonly { readonly assumption: BasicAssumption; readonly at: number }[];
  readonly wants: Wants;
  readonly wakeAt: number | null;
}

/** What the bot may read and ask. */
export interface AccessState {
  readonly counts: boolean;
  readonly auditLog: boolean;
  /** Since when the audit log is heard, if it is; null if it always was. */
  readonly auditLogSince: number | null;
  readonly search: SearchMode;
}

/** An interval, both ends included. */
export interface Span {
  readonly since: number;
  readonly until: number;
}

/** Reads the member list page by page; what it found is answered together at its end. */
export interface Sweep extends Span {
  readonly startedAt: number;
  /** When the last page came, or the start: for giving up. */
  readonly progressAt: number;
  /** The next page begins after this user. */
  readonly after: UserId | null;
  /** A page is asked for. */
  readonly open: boolean;
  readonly failures: number;
  readonly failedAt: number | null;
  readonly found: readonly FoundJoin[];
}

/** A human who joined within the span. */
export interface FoundJoin {
  readonly userId: UserId;
  readonly joinedAt: number;
  readonly seenAt: number;
  readonly roleIds: readonly RoleId[];
  /** Left again before the sweep ended. */
  readonly left: boolean;
}

/** Joins whose record is to be asked for, and how well records agreed with the counters. */
export interface SearchState {
  readonly open: boolean;
  readonly askedAt: number | null;
  /** Refused (403): nothing is asked until a permission changes. */
  readonly refusedAt: number | null;
  readonly pausedUntil: number | null;
  readonly targets: readonly SearchTarget[];
  /** Joins that were certain before their record came, and those of them that agreed. */
  readonly checked: number;
  readonly agreed: number;
}

export interface SearchTarget {
  readonly userId: UserId;
  readonly joinedAt: number;
  readonly seenAt: number;
  /** How often it was asked for. */
  readonly attempts: number;
  readonly dueAt: number;
}

/** What the joins of the window want, so that one more join need not look at all the others. */
export interface Wants {
  readonly listAt: number | null;
  readonly vanityAt: number | null;
  /** When an answer may settle, change or be let go with no new observation. */
  readonly deadlineAt: number | null;
}

export interface ListSeen {
  readonly requestedAt: number;
  readonly at: number;
  readonly complete: boolean;
}

/** A code that is alive but was not readable in the last list. */
export interface UnreadCode {
  readonly code: InviteCode;
  /** Request time of the last list in which it was readable; null if none showed it yet. */
  readonly readAt: number | null;
  /** Answer time of the last list that ought to have shown it; null if none. */
  readonly missedAt: number | null;
  /** A list showed it, be it without a count: then its absence from another is an end. */
  readonly shown: boolean;
}

/** The rare traits of an invite, kept apart so that a plain one costs nothing. */
export interface InviteTraits {
  readonly code: InviteCode;
  readonly roleIds: readonly RoleId[];
  readonly targeted: boolean;
  readonly bypass: boolean;
}

export interface VanityState {
  readonly code: InviteCode | null;
  /** The last reading of this code, or null before the first. */
  readonly uses: number | null;
  readonly readAt: number | null;
  /** When it could not be read, if that was after the last reading. */
  readonly unreadAt: number | null;
  /** When the guild was told to have this code; null before the first word of it. */
  readonly toldAt: number | null;
}

/** The plan of requests: at most one list and one vanity reading are open at a time. */
export interface LookupState {
  readonly listOpen: boolean;
  readonly vanityOpen: boolean;
  /** When the newest list was asked for. */
  readonly askedAt: number | null;
  readonly vanityAskedAt: number | null;
  /**
   * A fresh list is wanted whatever the joins need (start, gap, permission back), asked for no
   * earlier than this; null if none is.
   */
  readonly refreshAt: number | null;
  readonly vanityRefreshAt: number | null;
  readonly failingSince: number | null;
  readonly failures: number;
  readonly failedAt: number | null;
  readonly overBudget: boolean;
  readonly vanityFailures: number;
  readonly vanityFailedAt: number | null;
  readonly targetsAsked: readonly InviteCode[];
}

export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly cause: GapCause;
}

export interface BotSeen {
  readonly userId: UserId;
  readonly joinedAt: number;
  readonly seenAt: number;
  readonly whileAway: boolean;
}

export interface AdderSeen {
  readonly botId: UserId;
  readonly adderId: UserId | null;
  readonly at: number;
}

export interface TargetReading {
  readonly code: InviteCode;
  readonly requestedAt: number;
  readonly at: number;
  readonly userIds: readonly UserId[];
}

/** A guild of which nothing is known yet. */
export function emptyState(): GuildState {
  return { invites: new Map(), rest: emptyRest };
}

export const emptyRest: GuildRest = {
  access: { counts: true, auditLog: true, auditLogSince: null, search: 'off' },
  refusedAt: null,
  vanityRefusedAt: null,
  manualApproval: false,
  listedAt: null,
  listAnsweredAt: null,
  lists: [],
  trackedSince: null,
  unread: [],
  fresh: [],
  deadChannels: [],
  traits: [],
  vanity: { code: null, uses: null, readAt: null, unreadAt: null, toldAt: null },
  lookup: {
    listOpen: false,
    vanityOpen: false,
    askedAt: null,
    vanityAskedAt: null,
    refreshAt: null,
    vanityRefreshAt: null,
    failingSince: null,
    failures: 0,
    failedAt: null,
    overBudget: false,
    vanityFailures: 0,
    vanityFailedAt: null,
    targetsAsked: [],
  },
  joins: [],
  bots: [],
  adders: [],
  classes: [],
  parked: [],
  tombstones: [],
  falls: [],
  gaps: [],
  unswept: null,
  sweep: null,
  search: {
    open: false,
    askedAt: null,
    refusedAt: null,
    pausedUntil: null,
    targets: [],
    checked: 0,
    agreed: 0,
  },
  targets: [],
  forgottenUntil: null,
  doubtedUntil: null,
  usedCodes: [],
  session: { lost: false, resumedAt: null },
  refuted: [],
  wants: { listAt: null, vanityAt: null, deadlineAt: null },
  wakeAt: null,
};
