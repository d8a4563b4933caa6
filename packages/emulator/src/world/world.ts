import type { Prng } from '../prng.ts';
import { createPrng } from '../prng.ts';
import type { AuditEntry } from './audit-log.ts';
import type { Counter } from './counter.ts';
import type { Message } from './messages.ts';
import { AT_ONCE, type SearchIndex, type SearchTerms } from './search.ts';
import { composeSnowflake, type Snowflake } from './snowflake.ts';
import type { FillerShare, Source } from './sources.ts';

/** An account, human or bot. */
export type User = {
  readonly id: Snowflake;
  readonly username: string;
  readonly globalName: string | null;
  readonly bot: boolean;
};

/** A permission overwrite of a channel; `type` 0 is a role, 1 a member. */
export type Overwrite = {
  readonly id: Snowflake;
  readonly type: 0 | 1;
  readonly allow: bigint;
  readonly deny: bigint;
};

/** A channel; `type` as Discord numbers it (0 text, 2 voice, 4 category, 5 announcement). */
export type Channel = {
  readonly id: Snowflake;
  readonly guildId: Snowflake;
  name: string;
  readonly type: number;
  readonly position: number;
  overwrites: readonly Overwrite[];
};

/** A role; the one whose id is the guild's id is @everyone. */
export type Role = {
  readonly id: Snowflake;
  name: string;
  permissions: bigint;
  readonly position: number;
  readonly managed: boolean;
};

/** Someone's membership of one guild. */
export type Member = {
  readonly user: User;
  roleIds: readonly Snowflake[];
  readonly joinedAtMs: number;
  pending: boolean;
  flags: number;
  readonly source: Source;
  /** From when on member search knows this membership. */
  readonly indexedAtMs: number;
};

/** Why an invite is no longer there. `vanished` is a scripted disappearance without a cause. */
export type EndReason = 'limit' | 'revoked' | 'expired' | 'channelDeleted' | 'vanished';

/** An invite, living or ended. */
export type Invite = {
  readonly code: string;
  readonly guildId: Snowflake;
  readonly channelId: Snowflake;
  /** Null for an invite without an inviter, such as the widget's. */
  readonly inviterId: Snowflake | null;
  readonly createdAtMs: number;
  /** Seconds, 0 for never. */
  readonly maxAgeS: number;
  /** 0 for unlimited. */
  readonly maxUses: number;
  readonly temporary: boolean;
  readonly roleIds: readonly Snowflake[];
  targetUserIds: readonly Snowflake[] | null;
  readonly counter: Counter;
  ended: { readonly atMs: number; readonly by: EndReason } | null;
};

/** The vanity address of a guild. */
export type Vanity = { readonly code: string; readonly counter: Counter };

/** An application to join that waits for approval. */
type JoinRequest = {
  readonly user: User;
  readonly origin: Origin;
  readonly requestedAtMs: number;
};

/** A guild and everything in it. */
export type Guild = {
  readonly id: Snowflake;
  readonly createdAtMs: number;
  name: string;
  ownerId: Snowflake;
  features: Set<string>;
  vanity: Vanity | null;
  readonly channels: Map<Snowflake, Channel>;
  readonly roles: Map<Snowflake, Role>;
  readonly members: Map<Snowflake, Member>;
  /** Members that exist only by formula, so that a big guild costs nothing. */
  readonly fillerCount: number;
  readonly fillersGone: Set<number>;
  readonly fillerShares: readonly FillerShare[];
  /** The last membership of those who left, as far as member search knew it. */
  readonly former: Map<Snowflake, Member>;
  /** When member search was first asked about this guild. */
  searchedAtMs: number | null;
  readonly invites: Map<string, Invite>;
  /** Recently ended invites, for replicas that have not heard yet. */
  ended: Invite[];
  readonly audit: AuditEntry[];
  readonly requests: Map<Snowflake, JoinRequest>;
  /** The role that carries the bot's permissions. */
  readonly botRoleId: Snowflake;
  botPresent: boolean;
  unavailable: boolean;
};

/** How a member really came in. Only the emulator knows. */
export type Origin =
  | { readonly kind: 'invite'; readonly code: string; readonly inviterId: Snowflake | null }
  | { readonly kind: 'vanity'; readonly code: string }
  | { readonly kind: 'none'; readonly path: string; readonly byId?: Snowflake }
  | { readonly kind: 'bot'; readonly adderId: Snowflake | null };

/** One real join, as it truly happened. */
export type TruthRecord = {
  readonly guildId: Snowflake;
  readonly userId: Snowflake;
  /** As the GUILD_MEMBER_ADD event writes it. */
  readonly joinedAt: string;
  readonly joinedAtMs: number;
  readonly origin: Origin;
  /** When the member left again, if so. */
  leftAtMs: number | null;
};

/** Everything there is. Owned by one emulator and changed only by `apply`. */
export type World = {
  readonly bot: User;
  readonly applicationId: Snowflake;
  applicationFlags: number;
  readonly guilds: Map<Snowflake, Guild>;
  readonly users: Map<Snowflake, User>;
  /** Which guild a living invite belongs to. */
  readonly codes: Map<string, Snowflake>;
  readonly channels: Map<Snowflake, Snowflake>;
  readonly messages: Map<Snowflake, Message[]>;
  readonly truth: TruthRecord[];
  readonly chance: Prng;
  readonly search: SearchIndex;
  minted: number;
};

/** What a world starts from. */
export type WorldOptions = {
  readonly seed: number;
  readonly atMs: number;
  readonly botName: string;
  readonly applicationFlags: number;
  /** What is left out is as in `EmulatorOptions`, but that every join is indexed at once. */
  readonly search?: Partial<SearchTerms>;
};

const YEAR_MS = 31_536_000_000;

/** An empty world with one bot account in it. */
export function createWorld(options: WorldOptions): World {
  const bornMs = options.atMs - YEAR_MS;
  const bot: User = {
    id: composeSnowflake(bornMs, 1),
    username: options.botName,
    globalName: null,
    bot: true,
  };
  return {
    bot,
    applicationId: bot.id,
    applicationFlags: options.applicationFlags,
    guilds: new Map(),
    users: new Map([[bot.id, bot]]),
    codes: new Map(),
    channels: new Map(),
    messages: new Map(),
    truth: [],
    chance: createPrng(options.seed),
    search: { ...AT_ONCE, ...options.search, chance: createPrng(options.seed + 4) },
    minted: 1,
  };
}

/** Mints an id of the given time that no other part of this world has. */
export function mint(world: World, atMs: number): Snowflake {
  world.minted += 1;
  return composeSnowflake(atMs, world.minted);
}

/** How many members the guild counts, fillers included. */
export function memberCount(guild: Guild): number {
  return guild.members.size + guild.fillerCount - guild.fillersGone.size;
}
