import type { PermissionName } from './permissions.ts';
import type { Snowflake } from './snowflake.ts';
import type { Origin } from './world.ts';

/**
 * The way a join comes in. `path` of `none` is free text; Discord keeps discovery (the default),
 * oauth, hub, integration and lobby apart. `byId` is the bot or integration that added the member.
 */
export type Via =
  | { readonly kind: 'invite'; readonly code: string }
  | { readonly kind: 'vanity' }
  | { readonly kind: 'none'; readonly path?: string; readonly byId?: Snowflake }
  | { readonly kind: 'bot'; readonly adderId?: Snowflake };

/** A channel to create. A missing type is text (0). Overwrites name permissions. */
export type ChannelSpec = {
  readonly id?: Snowflake;
  readonly name: string;
  readonly type?: number;
  /** What the bot is denied in this channel. */
  readonly denyBot?: readonly PermissionName[];
  /** What the bot is allowed in this channel beyond its role. */
  readonly allowBot?: readonly PermissionName[];
};

/** A role to create. */
export type RoleSpec = {
  readonly id?: Snowflake;
  readonly name: string;
  readonly permissions?: readonly PermissionName[];
};

/** Gives every n-th filler a source in Discord's own record, for a backfill to find. */
export type FillerSource = {
  readonly every: number;
  /** The number of the first. Default 0. */
  readonly from?: number;
  /** `join_source_type`. Default 5, an invite. */
  readonly type?: number;
  /** Default null. */
  readonly code?: string | null;
  /** Default null. */
  readonly inviterId?: Snowflake | null;
};

/** A guild to create. Everything is optional. */
export type GuildSpec = {
  readonly guildId?: Snowflake;
  readonly name?: string;
  readonly ownerId?: Snowflake;
  /** Names or specs; the default is one text channel `join-logs`. */
  readonly channels?: readonly (string | ChannelSpec)[];
  readonly roles?: readonly RoleSpec[];
  /** What the bot's role grants; @everyone grants nothing here, so this is exact. */
  readonly botPermissions?: readonly PermissionName[];
  readonly features?: readonly string[];
  readonly vanity?: { readonly code: string; readonly uses?: number };
  /** Members that exist by formula: cheap, listed, countable. */
  readonly fillers?: number;
  /** Which fillers have a stored source. The first that fits counts; the others have none. */
  readonly fillerSources?: readonly FillerSource[];
  /** Invites to start with; `createInvite` has the fields. */
  readonly invites?: readonly InviteSpec[];
  /** False creates the guild without the bot; `addBot` lets it in. */
  readonly withBot?: boolean;
  /** True creates it in an outage; `restore` ends that. */
  readonly unavailable?: boolean;
};

/** An invite to create. */
export type InviteSpec = {
  readonly code?: string;
  /** Defaults to the guild's first channel. */
  readonly channelId?: Snowflake;
  /** Defaults to the guild's owner; null makes one without an inviter, such as the widget's. */
  readonly inviterId?: Snowflake | null;
  /** Uses already counted. */
  readonly uses?: number;
  /** 0, the default, is unlimited. */
  readonly maxUses?: number;
  /** Seconds; 0, the default, is never. */
  readonly maxAgeS?: number;
  readonly temporary?: boolean;
  readonly roleIds?: readonly Snowflake[];
  readonly targetUserIds?: readonly Snowflake[];
  /** Unix milliseconds; defaults to the moment of the action. */
  readonly createdAtMs?: number;
};

type InGuild = { readonly guildId: Snowflake };
type OfUser = InGuild & { readonly userId: Snowflake };
type OfCode = InGuild & { readonly code: string };

/** Who joins and how the event looks. */
export type JoinDetails = {
  /** Defaults to a new account. */
  readonly userId?: Snowflake;
  readonly username?: string;
  readonly bot?: boolean;
  /** Membership screening still to be passed. */
  readonly pending?: boolean;
  /** Unix milliseconds; defaults to the moment of the action. */
  readonly joinedAtMs?: number;
  /** Member flags, such as 1 for DID_REJOIN. */
  readonly flags?: number;
};

/** Everything that can happen in the world. */
export type Action =
  | ({ readonly kind: 'createGuild' } & GuildSpec)
  | {
      readonly kind: 'createUser';
      readonly userId?: Snowflake;
      readonly username?: string;
      readonly bot?: boolean;
      readonly createdAtMs?: number;
    }
  // A whole join: the use is counted, a reached limit ends the invite, the event goes out.
  | ({ readonly kind: 'join'; readonly via: Via; readonly addBeforeDelete?: boolean } & InGuild &
      JoinDetails)
  // The parts of a join, for scripted order. `count` sends nothing, not even at the limit.
  | ({ readonly kind: 'count'; readonly times?: number } & OfCode)
  | ({ readonly kind: 'countVanity'; readonly times?: number } & InGuild)
  | ({ readonly kind: 'add'; readonly origin: Origin } & InGuild & JoinDetails)
  | ({ readonly kind: 'repeatAdd'; readonly joinedAtShiftMs?: number } & OfUser)
  | ({ readonly kind: 'leave' } & OfUser)
  | ({ readonly kind: 'kick'; readonly byId?: Snowflake } & OfUser)
  | ({ readonly kind: 'ban'; readonly byId?: Snowflake } & OfUser)
  | ({
      readonly kind: 'updateMember';
      readonly pending?: boolean;
      readonly roleIds?: readonly Snowflake[];
    } & OfUser)
  // Manual approval: the counter rises at the click, the event follows the approval.
  | ({ readonly kind: 'requestJoin'; readonly via: Via } & InGuild & JoinDetails)
  | ({ readonly kind: 'approveJoin'; readonly joinedAtMs?: number } & OfUser)
  | ({ readonly kind: 'createInvite'; readonly announce?: boolean } & InGuild & InviteSpec)
  | ({
      readonly kind: 'deleteInvite';
      readonly byId?: Snowflake;
      readonly announce?: boolean;
    } & OfCode)
  | ({ readonly kind: 'expireInvite' } & OfCode)
  | ({ readonly kind: 'vanishInvite' } & OfCode)
  | ({ readonly kind: 'inviteCreateEvent' } & OfCode)
  | ({ readonly kind: 'inviteDeleteEvent'; readonly channelId?: Snowflake } & OfCode)
  | ({ readonly kind: 'setUses'; readonly uses: number } & OfCode)
  | ({
      readonly kind: 'setVanity';
      readonly vanity: { readonly code: string; readonly uses?: number } | null;
      readonly announce?: boolean;
    } & InGuild)
  | ({ readonly kind: 'setVanityUses'; readonly uses: number } & InGuild)
  | ({ readonly kind: 'pauseInvites'; readonly paused: boolean } & InGuild)
  | ({ readonly kind: 'createChannel' } & InGuild & ChannelSpec)
  | ({ readonly kind: 'updateChannel' } & InGuild &
      Partial<ChannelSpec> & { readonly channelId: Snowflake })
  | ({
      readonly kind: 'deleteChannel';
      readonly channelId: Snowflake;
      readonly byId?: Snowflake;
    } & InGuild)
  | ({ readonly kind: 'createRole' } & InGuild & RoleSpec)
  | ({
      readonly kind: 'setBotPermissions';
      readonly permissions: readonly PermissionName[];
    } & InGuild)
  | ({ readonly kind: 'renameGuild'; readonly name: string } & InGuild)
  | ({ readonly kind: 'outage' } & InGuild)
  | ({ readonly kind: 'restore' } & InGuild)
  | ({ readonly kind: 'removeBot' } & InGuild)
  | ({ readonly kind: 'addBot' } & InGuild)
  | { readonly kind: 'setApplicationFlags'; readonly flags: number }
  // Whatever payload, to every session of the guild's shard (of all shards without a guild).
  | {
      readonly kind: 'rawDispatch';
      readonly event: string;
      readonly payload: unknown;
      readonly guildId?: Snowflake;
    };

/** The name of an action. */
export type ActionKind = Action['kind'];

/** The action with this name. */
export type ActionOf<K extends ActionKind> = Extract<Action, { readonly kind: K }>;

/** What a join leaves behind. */
export type JoinResult = {
  readonly userId: Snowflake;
  /** As the event writes it. */
  readonly joinedAt: string;
  readonly joinedAtMs: number;
};

type Nothing = Record<never, never>;
type Done<K extends ActionKind> = { readonly [kind in K]: Nothing };

/** What each action answers: the ids it made. */
export type Results = {
  readonly createGuild: {
    readonly guildId: Snowflake;
    readonly ownerId: Snowflake;
    /** Channel ids by name. */
    readonly channelIds: Readonly<Record<string, Snowflake>>;
    /** Role ids by name. */
    readonly roleIds: Readonly<Record<string, Snowflake>>;
    /** The codes of the invites given, in their order. */
    readonly codes: readonly string[];
  };
  readonly createUser: { readonly userId: Snowflake };
  readonly join: JoinResult;
  readonly add: JoinResult;
  readonly requestJoin: { readonly userId: Snowflake };
  readonly approveJoin: JoinResult;
  readonly createInvite: { readonly code: string };
  readonly createChannel: { readonly channelId: Snowflake };
  readonly createRole: { readonly roleId: Snowflake };
} & Done<
  | 'count'
  | 'countVanity'
  | 'repeatAdd'
  | 'leave'
  | 'kick'
  | 'ban'
  | 'updateMember'
  | 'deleteInvite'
  | 'expireInvite'
  | 'vanishInvite'
  | 'inviteCreateEvent'
  | 'inviteDeleteEvent'
  | 'setUses'
  | 'setVanity'
  | 'setVanityUses'
  | 'pauseInvites'
  | 'updateChannel'
  | 'deleteChannel'
  | 'setBotPermissions'
  | 'renameGuild'
  | 'outage'
  | 'restore'
  | 'removeBot'
  | 'addBot'
  | 'setApplicationFlags'
  | 'rawDispatch'
>;

/** An action that the world does not allow: an unknown id, a dead invite, a member twice. */
export class ActionError extends Error {
  override readonly name = 'ActionError';
}
