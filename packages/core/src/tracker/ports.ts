import type { Attribution } from '../engine/attribution.ts';
import type { Note } from '../engine/effect.ts';
import type { GuildId, InviteCode, UserId } from '../engine/ids.ts';
import type {
  InviteReading,
  KnownMember,
  ListedMember,
  Observation,
  SearchHit,
} from '../engine/observation.ts';
import type { GuildState } from '../engine/state.ts';

/** Time as the shell sees it, already on Discord's clock (the known offset added). */
export interface Clock {
  /** Milliseconds since 1970 on Discord's clock. */
  now(): number;
  /** Calls back once, not before `at`; the returned function withdraws it. */
  schedule(at: number, wake: () => void): () => void;
}

/** Where invite counts come from. Resolves always: a failure is an answer, not an exception. */
export interface InviteSource {
  invites(guildId: GuildId): Promise<InvitesAnswer>;
  vanity(guildId: GuildId): Promise<VanityAnswer>;
  /** `userIds` null if the list is not there or its job has not completed. */
  targets(guildId: GuildId, code: InviteCode): Promise<TargetsAnswer>;
}

/** A request that brought no answer to work with. Nothing moves a baseline. */
export interface Refusal {
  readonly kind: 'failed';
  /** `refused`: 403. `unavailable`: no usable answer. `over-budget`: not sent in time. */
  readonly failure: 'refused' | 'unavailable' | 'over-budget';
}

/** Times are on Discord's clock: when the request left, and when its answer was complete. */
export type InvitesAnswer =
  | {
      readonly kind: 'answered';
      readonly requestedAt: number;
      readonly answeredAt: number;
      readonly invites: readonly InviteReading[];
      readonly complete: boolean;
    }
  | Refusal;

/** The vanity counter, or why it could not be read. Null values are an empty answer (Q12). */
export type VanityAnswer =
  | {
      readonly kind: 'answered';
      readonly requestedAt: number;
      readonly answeredAt: number;
      readonly code: InviteCode | null;
      readonly uses: number | null;
    }
  | Refusal;

/** Who may accept a targeted invite; `userIds` null if that could not be read. */
export interface TargetsAnswer {
  readonly requestedAt: number;
  readonly answeredAt: number;
  readonly userIds: readonly UserId[] | null;
}

/** Where the members of a guild are listed, by user id. Resolves always. */
export interface MemberList {
  /** Of the page only those who joined from `since` to `until`: of all others nothing is needed. */
  page(guildId: GuildId, wanted: PageWanted): Promise<MemberPage>;
}

/** A page of a member list. */
export interface PageWanted {
  /** It begins after this user id; null: the first. */
  readonly after: UserId | null;
  readonly since: number;
  readonly until: number;
}

/** What a page of the member list showed, and where the next one begins. */
export type MemberPage =
  | {
      readonly kind: 'answered';
      readonly requestedAt: number;
      readonly answeredAt: number;
      readonly members: readonly Omit<ListedMember, 'member'>[];
      /** Null: this was the last page. */
      readonly next: UserId | null;
    }
  | Refusal;

/**
 * Discord's own record of how members came (member search): undocumented, late, and it may vanish.
 * Resolves always; whether it may be used at all is its own business.
 */
export interface MemberSearch {
  /** At most ten users a call. */
  search(guildId: GuildId, userIds: readonly UserId[]): Promise<SearchAnswer>;
}

/** Hits name members of the guild that was asked; who is missing is not indexed yet. */
export type SearchAnswer =
  | {
      readonly kind: 'answered';
      readonly requestedAt: number;
      readonly answeredAt: number;
      readonly hits: readonly SearchHit[];
    }
  | {
      readonly kind: 'failed';
      /** As in the observation `search-failed`. */
      readonly failure: 'refused' | 'withdrawn' | 'not-indexed' | 'unavailable';
      /** Milliseconds until it is worth asking again; null where nothing was said. */
      readonly retryAfterMs: number | null;
    };

/** Keeps what the engine knows of each guild, and its conclusions. */
export interface GuildStore {
  /** The state after the last committed step, or null for a guild never seen. */
  load(guildId: GuildId): Promise<GuildState | null> | GuildState | null;
  /** What is known of a user in a guild from earlier steps. */
  member(guildId: GuildId, userId: UserId): Promise<KnownMember | null> | KnownMember | null;
  /** The latest answer for a user in a guild, or null. */
  answer(guildId: GuildId, userId: UserId): Promise<Attribution | null> | Attribution | null;
  /**
   * Writes all that one step changed, in one transaction, before the next step of the guild.
   * Writing the same step twice must leave the same result. A rejection keeps the guild's state
   * as it was and is reported through `TrackerPorts.report`; the tracker tries again.
   */
  commit(step: GuildStep): Promise<void> | void;
}

/**
 * The gateway event that an observation came from: its place in the session of a shard. A store
 * that writes it with the step knows after a crash what need not be replayed.
 */
export interface Receipt {
  readonly shardId: number;
  readonly sequence: number;
}

/** What one step of one guild changed. */
export interface GuildStep {
  readonly guildId: GuildId;
  readonly at: number;
  /** What was observed, in order: the journal of this step. It replays to the same answers. */
  readonly observations: readonly Observation[];
  /** Of the events that these observations came from, in order. */
  readonly receipts: readonly Receipt[];
  /** What the engine knew before: the `state` of the guild's last committed step, the very object. */
  readonly before: GuildState;
  readonly state: GuildState;
  /** Codes whose record in `state.invites` changed or is gone. */
  readonly changedCodes: readonly InviteCode[];
  readonly records: readonly Attribution[];
  readonly members: readonly MemberChange[];
  readonly notes: readonly Note[];
}

/** A member who came or went in a step. */
export type MemberChange =
  | {
      readonly kind: 'joined';
      readonly userId: UserId;
      readonly joinedAt: number;
      readonly bot: boolean;
    }
  | { readonly kind: 'left'; readonly userId: UserId; readonly at: number };

/** Health and errors, for people. */
export interface TrackerReport {
  readonly guildId: GuildId;
  readonly kind: 'store-failed' | 'source-threw' | 'listener-threw' | 'step-threw';
  readonly cause: unknown;
}

/** All that the tracker needs from outside: time, Discord's answers, and a place to keep things. */
export interface TrackerPorts {
  readonly clock: Clock;
  readonly source: InviteSource;
  /** Without it, members who joined in a gap are not found. */
  readonly members?: MemberList;
  /** Without it, Discord's own record is not asked. */
  readonly search?: MemberSearch;
  readonly store: GuildStore;
  /** Called after a step was committed: the moment to send lines. */
  readonly committed?: (step: GuildStep) => void;
  readonly report?: (report: TrackerReport) => void;
}
