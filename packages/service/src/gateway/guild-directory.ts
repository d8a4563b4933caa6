import {
  accessOf,
  type ChannelEvent,
  type ChannelId,
  type ChannelReading,
  type GuildArrival,
  type GuildId,
  type GuildReading,
  guildPermissions,
  type InviteCode,
  type MemberStanding,
  type RoleEvent,
  type RoleId,
  type SearchMode,
  type UserId,
} from 'wherefrom';
import type { LogChannel, LogChannels } from '../ports.ts';
import { directoryFromText, directoryText } from './directory-text.ts';
import { byAge, chooseLogChannel, isLogCandidate, mayReadHistory } from './log-channel.ts';
import { RoleMasks } from './role-masks.ts';

/** What the bot may read in a guild, and when it asks Discord's own record. */
export interface Access {
  readonly counts: boolean;
  readonly auditLog: boolean;
  readonly search: SearchMode;
}

/** What the engine asks of the guild itself. */
export type Traits = Pick<GuildReading, 'vanityCode' | 'manualApproval'>;

/** What we must know of a guild between its events; small, because there may be thousands. */
interface GuildEntry {
  readonly shardId: number;
  /** By `member_count`, and the comings and goings since; null if Discord left it out. */
  members: number | null;
  /** The latest comings and goings: those after the last one asked for in `membersAt`. */
  counted: Counted[];
  /** When the bot was added, by Discord's record; null where it does not say. */
  readonly addedAt: number | null;
  name: string;
  ownerId: UserId | null;
  vanityCode: InviteCode | null;
  manualApproval: boolean;
  myRoleIds: readonly RoleId[];
  roles: RoleMasks;
  /** Channels that carry the log's name; of the others nothing is kept. */
  candidates: readonly ChannelReading[];
}

/** Somebody came or went, by an event with this place in the session. */
interface Counted {
  readonly sequence: number;
  readonly change: 1 | -1;
}

/** What the gateway told of the guilds that the bot is in. */
export class GuildDirectory implements LogChannels {
  readonly #guilds = new Map<GuildId, GuildEntry>();
  readonly #search: SearchMode;
  #myId: UserId | null = null;

  constructor(search: SearchMode = 'off') {
    this.#search = search;
  }

  get myId(): UserId | null {
    return this.#myId;
  }

  get size(): number {
    return this.#guilds.size;
  }

  become(myId: UserId): void {
    this.#myId = myId;
  }

  has(guildId: GuildId): boolean {
    return this.#guilds.has(guildId);
  }

  nameOf(guildId: GuildId): string | null {
    return this.#guilds.get(guildId)?.name ?? null;
  }

  guildIds(): IterableIterator<GuildId> {
    return this.#guilds.keys();
  }

  ofShard(shardId: number): readonly GuildId[] {
    return [...this.#guilds].flatMap(([guildId, entry]) =>
      entry.shardId === shardId ? guildId : [],
    );
  }

  /**
   * GUILD_CREATE. Without our own member in it, the roles known before stay. `members` where more
   * is known than it tells.
   */
  arrive(guild: GuildArrival, shardId: number, members = guild.memberCount): void {
    const before = this.#guilds.get(guild.guildId);
    this.#guilds.set(guild.guildId, {
      shardId,
      members,
      counted: [],
      addedAt: guild.addedAt,
      ...keptOf(guild),
      myRoleIds: guild.myRoleIds ?? before?.myRoleIds ?? [],
      candidates: guild.channels.filter(isLogCandidate).sort(byAge),
    });
  }

  /** GUILD_UPDATE. */
  update(guild: GuildReading): void {
    const entry = this.#guilds.get(guild.guildId);
    if (entry !== undefined) Object.assign(entry, keptOf(guild));
  }

  /** Somebody came or went, by that event of the session if it has a place in one. */
  countMember(guildId: GuildId, change: 1 | -1, sequence: number | null): void {
    const entry = this.#guilds.get(guildId);
    if (entry?.members == null) return;
    entry.members += change;
    if (sequence !== null) entry.counted.push({ sequence, change });
  }

  /**
   * How many there were after that event, though later ones may have been counted. Must be asked in
   * the order of events: what lies before is forgotten.
   */
  membersAt(guildId: GuildId, sequence: number): number | null {
    const entry = this.#guilds.get(guildId);
    if (entry?.members == null) return null;
    entry.counted = entry.counted.filter((counted) => counted.sequence > sequence);
    return entry.counted.reduce((members, { change }) => members - change, entry.members);
  }

  membersOf(guildId: GuildId): number | null {
    return this.#guilds.get(guildId)?.members ?? null;
  }

  /** When the bot was added to the guild, by Discord's record; null where that is not known. */
  addedAt(guildId: GuildId): number | null {
    return this.#guilds.get(guildId)?.addedAt ?? null;
  }

  shardOf(guildId: GuildId): number | null {
    return this.#guilds.get(guildId)?.shardId ?? null;
  }

  /** All that GUILD_CREATE told and later events changed, as text for `restore`; null if not here. */
  describe(guildId: GuildId): string | null {
    const entry = this.#guilds.get(guildId);
    return entry === undefined ? null : directoryText(entry);
  }

  /**
   * What an earlier process stored.
   * @throws SyntaxError if the text is none of ours
   */
  restore(guildId: GuildId, shardId: number, text: string, members: number | null): void {
    this.#guilds.set(guildId, { shardId, members, counted: [], ...directoryFromText(text) });
  }

  remove(guildId: GuildId): void {
    this.#guilds.delete(guildId);
  }

  roleChanged({ guildId, roleId, role }: RoleEvent): void {
    const entry = this.#guilds.get(guildId);
    if (entry === undefined) return;
    if (role !== null) {
      entry.roles.set(role);
      return;
    }
    entry.roles.delete(roleId);
    entry.myRoleIds = entry.myRoleIds.filter((id) => id !== roleId);
  }

  myRolesChanged(guildId: GuildId, roleIds: readonly RoleId[]): void {
    const entry = this.#guilds.get(guildId);
    if (entry !== undefined) entry.myRoleIds = roleIds;
  }

  /** True if anything changed of what is kept. */
  channelChanged({ guildId, channel }: ChannelEvent): boolean {
    const entry = this.#guilds.get(guildId);
    if (entry === undefined) return false;
    if (!isLogCandidate(channel)) return this.channelDeleted(guildId, channel.id);
    const others = entry.candidates.filter(({ id }) => id !== channel.id);
    entry.candidates = [...others, channel].sort(byAge);
    return true;
  }

  /** True if anything changed of what is kept. */
  channelDeleted(guildId: GuildId, channelId: ChannelId): boolean {
    const entry = this.#guilds.get(guildId);
    if (entry === undefined) return false;
    const before = entry.candidates.length;
    entry.candidates = entry.candidates.filter(({ id }) => id !== channelId);
    return entry.candidates.length < before;
  }

  /** Computed from our roles, but for the setting; null for a guild that is not here. */
  accessTo(guildId: GuildId): Access | null {
    const entry = this.#guilds.get(guildId);
    const me = this.#standing(guildId);
    if (entry === undefined || me === null) return null;
    const permissions = guildPermissions(me, (roleId) => entry.roles.permissionsOf(roleId));
    return { ...accessOf(permissions), search: this.#search };
  }

  /** The bot is there and has Manage Server. */
  mayManage(guildId: GuildId): boolean {
    return this.accessTo(guildId)?.counts ?? false;
  }

  /** Null for a guild that is not here. */
  traitsOf(guildId: GuildId): Traits | null {
    const entry = this.#guilds.get(guildId);
    if (entry === undefined) return null;
    return { vanityCode: entry.vanityCode, manualApproval: entry.manualApproval };
  }

  channelFor(guildId: GuildId): LogChannel | null {
    const entry = this.#guilds.get(guildId);
    const me = this.#standing(guildId);
    if (entry === undefined || me === null) return null;
    return chooseLogChannel(entry.candidates, me, entry.roles);
  }

  /** For a channel that may be a log; without the permission its history looks empty. */
  mayReadHistory(channelId: ChannelId): boolean {
    for (const [guildId, { candidates, roles }] of this.#guilds) {
      const channel = candidates.find(({ id }) => id === channelId);
      const me = this.#standing(guildId);
      if (channel !== undefined && me !== null) return mayReadHistory(channel, me, roles);
    }
    return false;
  }

  #standing(guildId: GuildId): MemberStanding | null {
    const entry = this.#guilds.get(guildId);
    if (entry === undefined || this.#myId === null) return null;
    const { ownerId, myRoleIds } = entry;
    return { guildId, userId: this.#myId, roleIds: myRoleIds, ownerId };
  }
}

function keptOf(guild: GuildReading) {
  const { name, ownerId, vanityCode, manualApproval } = guild;
  return { name, ownerId, vanityCode, manualApproval, roles: new RoleMasks(guild.roles) };
}
