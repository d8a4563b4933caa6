import type { Attribution, GapCause, Origin } from './attribution.ts';
import type { ChannelId, InviteCode, RoleId, UserId } from './ids.ts';

/**
 * One thing we learned of a guild. `at` is when it reached us. Every time is in milliseconds since
 * 1970 on Discord's clock: the shell adds the known offset to its own clock before it observes.
 */
export type Observation =
  | JoinObserved
  | LeaveObserved
  | InvitesRead
  | VanityRead
  | LookupFailed
  | TargetsRead
  | MembersRead
  | MembersSearched
  | SearchFailed
  | InviteCreated
  | InviteDeleted
  | InviteRevoked
  | ChannelDeleted
  | BotAdded
  | AccessChanged
  | GuildChanged
  | GapFound
  | SessionChanged
  | MemberSeen
  | ClockDoubted
  | TimePassed;

/** GUILD_MEMBER_ADD. */
export interface JoinObserved {
  readonly kind: 'join';
  readonly at: number;
  readonly userId: UserId;
  /** Null for voice guests, who are no members. */
  readonly joinedAt: number | null;
  readonly bot: boolean;
  /** Member flag IS_GUEST. */
  readonly guest: boolean;
  readonly roleIds: readonly RoleId[];
  /** True while a resumed session replays what it missed: then the delay proves nothing. */
  readonly replayed: boolean;
  /** What the store knew of this user before the event; filled in by the tracker. */
  readonly member: KnownMember | null;
}

/** What earlier steps stored of a user: the last join, and whether they are still there. */
export interface KnownMember {
  readonly joinedAt: number;
  readonly present: boolean;
}

/** GUILD_MEMBER_REMOVE: a leave, kick, ban or prune. */
export interface LeaveObserved {
  readonly kind: 'leave';
  readonly at: number;
  readonly userId: UserId;
}

/** One entry of the invite list or of INVITE_CREATE, with what the engine needs of it. */
export interface InviteReading {
  readonly code: InviteCode;
  /** Null for widget invites and where Discord leaves it out. Never guessed. */
  readonly inviterId: UserId | null;
  readonly channelId: ChannelId | null;
  /** Null if Discord left it out; a missing count is not 0. */
  readonly uses: number | null;
  /** 0 means no limit. */
  readonly maxUses: number;
  readonly createdAt: number | null;
  /** Null means never. */
  readonly expiresAt: number | null;
  /** Roles granted on acceptance. */
  readonly roleIds: readonly RoleId[];
  /** Only listed users may accept it. */
  readonly targeted: boolean;
  /** Skips the join request queue of a guild with manual approval. */
  readonly bypass: boolean;
}

/** The answer of the invite list. `at` is when the answer was complete. */
export interface InvitesRead {
  readonly kind: 'invites';
  readonly at: number;
  readonly requestedAt: number;
  readonly invites: readonly InviteReading[];
  /** False if an entry was null or unreadable: then a missing code proves nothing. */
  readonly complete: boolean;
}

/** The answer of the vanity counter. */
export interface VanityRead {
  readonly kind: 'vanity';
  readonly at: number;
  readonly requestedAt: number;
  readonly code: InviteCode | null;
  readonly uses: number | null;
}

/** A request got no answer that could be used. Nothing moves a baseline. */
export interface LookupFailed {
  readonly kind: 'lookup-failed';
  readonly at: number;
  readonly what: 'invites' | 'vanity' | 'members';
  /** `refused` is a 403; `over-budget`: the shell could not send it in time. */
  readonly failure: 'refused' | 'unavailable' | 'over-budget';
}

/** A completed reading of the list of users who may accept a targeted invite. */
export interface TargetsRead {
  readonly kind: 'targets';
  readonly at: number;
  readonly requestedAt: number;
  readonly code: InviteCode;
  /** Null if the list could not be read or its job had not completed: proves nothing. */
  readonly userIds: readonly UserId[] | null;
}

/**
 * One page of the member list, read because members may have joined in a gap. The shell leaves out
 * who cannot matter: only members whose `joined_at` lies within what was asked for are listed.
 */
export interface MembersRead {
  readonly kind: 'members';
  readonly at: number;
  readonly requestedAt: number;
  /** What was asked for: joins from `since` to `until`, on the page after this user id. */
  readonly since: number;
  readonly until: number;
  readonly after: UserId | null;
  readonly members: readonly ListedMember[];
  /** The user id that the next page begins after; null: this was the last page. */
  readonly next: UserId | null;
}

/** A member as the member list shows them. */
export interface ListedMember {
  readonly userId: UserId;
  readonly joinedAt: number;
  readonly bot: boolean;
  readonly roleIds: readonly RoleId[];
  /** What the store knew of this user before; filled in by the tracker. */
  readonly member: KnownMember | null;
}

/** Discord's own record of some members (member search). */
export interface MembersSearched {
  readonly kind: 'searched';
  readonly at: number;
  readonly requestedAt: number;
  /** Whose record was asked for. One without a hit is not indexed yet; that proves nothing. */
  readonly asked: readonly UserId[];
  readonly hits: readonly SearchHit[];
  /** The latest answer for each member of a hit; filled in by the tracker. */
  readonly known: readonly Attribution[];
}

/** What Discord recorded of one membership. */
export interface SearchHit {
  readonly userId: UserId;
  /** Of the membership that the record is about: it may be an earlier one. */
  readonly joinedAt: number;
  /** Null where the record names no source (type 0 without a code): no report. */
  readonly origin: Origin | null;
}

/** Member search gave nothing to work with. */
export interface SearchFailed {
  readonly kind: 'search-failed';
  readonly at: number;
  /**
   * `refused`: 403, until permissions change. `withdrawn`: the endpoint is not to be used by this
   * bot for now. `not-indexed`: 202. `unavailable`: no usable answer.
   */
  readonly failure: 'refused' | 'withdrawn' | 'not-indexed' | 'unavailable';
  /** Not before this moment again; null where nothing was said. */
  readonly retryAt: number | null;
}

/** When member search is asked: never, for joins that the counters leave open, for every join. */
export type SearchMode = 'off' | 'ambiguous' | 'always';

/** INVITE_CREATE, or audit log entry 40. `invite.uses` is ignored: baseline 0 by rule 8. */
export interface InviteCreated {
  readonly kind: 'invite-created';
  readonly at: number;
  readonly invite: InviteReading;
}

/** INVITE_DELETE: says that it ended, not why. */
export interface InviteDeleted {
  readonly kind: 'invite-deleted';
  readonly at: number;
  readonly code: InviteCode;
  readonly channelId: ChannelId | null;
}

/** Audit log entry 42: a person or a bot deleted the invite. */
export interface InviteRevoked {
  readonly kind: 'invite-revoked';
  readonly at: number;
  readonly code: InviteCode;
  /** From the id of the entry. */
  readonly revokedAt: number;
  /** The final count, if the entry carries it. */
  readonly uses: number | null;
}

export interface ChannelDeleted {
  readonly kind: 'channel-deleted';
  readonly at: number;
  readonly channelId: ChannelId;
}

/** Audit log entry 28 (BOT_ADD). */
export interface BotAdded {
  readonly kind: 'bot-added';
  readonly at: number;
  readonly botId: UserId;
  readonly adderId: UserId | null;
}

/** What the bot may read, computed from its roles. */
export interface AccessChanged {
  readonly kind: 'access';
  readonly at: number;
  /** Manage Server: the list carries counts. */
  readonly counts: boolean;
  /** View Audit Log, and the intent that delivers its entries. */
  readonly auditLog: boolean;
  /** `off` if it is left out. */
  readonly search?: SearchMode;
}

export interface GuildChanged {
  readonly kind: 'guild';
  readonly at: number;
  readonly vanityCode: InviteCode | null;
  /** MEMBER_VERIFICATION_MANUAL_APPROVAL: members join by approval, A4 and A5 do not hold. */
  readonly manualApproval: boolean;
}

/** An interval in which events may have been missed. Observed when it has ended. */
export interface GapFound {
  readonly kind: 'gap';
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly cause: GapCause;
  /** `member_count` is not what it would be if nobody had come or gone in between. */
  readonly turnover?: boolean;
  /** It ended within what a resumed session replays: more is to come before `resumed`. */
  readonly replaying?: boolean;
}

/**
 * `lost`: the connection broke and may resume, events are held back. `resumed`: all that was held
 * back has been observed. A session that cannot resume is followed by a gap instead.
 */
export interface SessionChanged {
  readonly kind: 'session';
  readonly at: number;
  readonly state: 'lost' | 'resumed';
}

/** Another event told when this member joined (GUILD_MEMBER_UPDATE). Checks A1. */
export interface MemberSeen {
  readonly kind: 'member-seen';
  readonly at: number;
  readonly userId: UserId;
  readonly joinedAt: number;
  readonly member: KnownMember | null;
}

/** The offset between the clocks cannot be kept within e. Refutes A6. */
export interface ClockDoubted {
  readonly kind: 'clock-doubted';
  readonly at: number;
}

/** The wake that the engine asked for. */
export interface TimePassed {
  readonly kind: 'time';
  readonly at: number;
}
