import {
  ActionError,
  type ActionOf,
  type ChannelSpec,
  type FillerSource,
  type GuildSpec,
  type Results,
  type RoleSpec,
} from './action.ts';
import { createCounter, setCounter } from './counter.ts';
import { emit, emitMemberUpdate, INTENTS, type Turn } from './dispatch.ts';
import { createUser, guildOf } from './find.ts';
import { placeInvite } from './invite-actions.ts';
import { createMember } from './members.ts';
import { guildCreatePayload, guildPayload, type Payload, rolePayload } from './payloads.ts';
import { permissionBits, TRACKER_PERMISSIONS } from './permissions.ts';
import type { Snowflake } from './snowflake.ts';
import { type FillerShare, SOURCE_TYPE } from './sources.ts';
import { type Channel, type Guild, mint, type Overwrite, type Role } from './world.ts';

const BORN_BEFORE_MS = 30 * 86_400_000;

/** Creates a guild; a connected bot hears of it as of any guild it is added to. */
export function createGuild(turn: Turn, spec: ActionOf<'createGuild'>): Results['createGuild'] {
  const guild = emptyGuild(turn, spec);
  turn.world.guilds.set(guild.id, guild);
  const roleIds: Record<string, Snowflake> = {};
  for (const role of spec.roles ?? []) roleIds[role.name] = addRole(turn, guild, role).id;
  const channelIds: Record<string, Snowflake> = {};
  for (const entry of spec.channels ?? ['join-logs']) {
    const channel = addChannel(turn, guild, typeof entry === 'string' ? { name: entry } : entry);
    channelIds[channel.name] = channel.id;
  }
  const codes = (spec.invites ?? []).map((invite) => placeInvite(turn, guild, invite).code);
  if (spec.withBot !== false) seatBot(turn, guild);
  emit(turn, guild, 'GUILD_CREATE', INTENTS.GUILDS, guildCreatePayload(turn.world, guild));
  return { guildId: guild.id, ownerId: guild.ownerId, channelIds, roleIds, codes };
}

function emptyGuild(turn: Turn, spec: GuildSpec): Guild {
  const { world } = turn;
  // One millisecond apart, so that a row of guilds spreads over the shards.
  const createdAtMs = Math.floor(turn.atMs) - BORN_BEFORE_MS + world.guilds.size;
  const id = spec.guildId ?? mint(world, createdAtMs);
  const botRoleId = mint(world, createdAtMs);
  const bits = permissionBits(spec.botPermissions ?? TRACKER_PERMISSIONS);
  const roles: Role[] = [
    { id, name: '@everyone', permissions: 0n, position: 0, managed: false },
    { id: botRoleId, name: world.bot.username, permissions: bits, position: 100, managed: true },
  ];
  const ownerId =
    spec.ownerId ?? createUser(world, turn.atMs, { username: `owner${world.guilds.size}` }).id;
  const owner = world.users.get(ownerId) ?? createUser(world, turn.atMs, { userId: ownerId });
  const features = new Set(spec.features ?? []);
  if (spec.vanity !== undefined) features.add('VANITY_URL');
  return {
    id,
    createdAtMs,
    name: spec.name ?? `guild ${world.guilds.size + 1}`,
    ownerId,
    features,
    vanity:
      spec.vanity === undefined
        ? null
        : { code: spec.vanity.code, counter: createCounter(spec.vanity.uses ?? 0) },
    channels: new Map(),
    roles: new Map(roles.map((role) => [role.id, role])),
    members: new Map([[ownerId, createMember(owner, createdAtMs)]]),
    fillerCount: spec.fillers ?? 0,
    fillersGone: new Set(),
    fillerShares: (spec.fillerSources ?? []).map(shareOf),
    former: new Map(),
    searchedAtMs: null,
    invites: new Map(),
    ended: [],
    audit: [],
    requests: new Map(),
    botRoleId,
    botPresent: false,
    unavailable: spec.unavailable === true,
  };
}

function shareOf(spec: FillerSource): FillerShare {
  const { every, from = 0, type = SOURCE_TYPE.invite, code = null, inviterId = null } = spec;
  if (!Number.isInteger(every) || every < 1) throw new ActionError(`every ${every}th filler`);
  return { every, from, source: { type, code, inviterId } };
}

function seatBot(turn: Turn, guild: Guild): void {
  const user = turn.world.bot;
  guild.members.set(user.id, createMember(user, turn.atMs, { roleIds: [guild.botRoleId] }));
  guild.botPresent = true;
}

/** Adds a channel without telling anybody. */
export function addChannel(turn: Turn, guild: Guild, spec: ChannelSpec): Channel {
  const channel: Channel = {
    id: spec.id ?? mint(turn.world, turn.atMs),
    guildId: guild.id,
    name: spec.name,
    type: spec.type ?? 0,
    position: guild.channels.size,
    overwrites: botOverwrites(turn, spec),
  };
  guild.channels.set(channel.id, channel);
  turn.world.channels.set(channel.id, guild.id);
  return channel;
}

/** The overwrites that a channel spec asks for; none when it says nothing of the bot. */
export function botOverwrites(turn: Turn, spec: Partial<ChannelSpec>): readonly Overwrite[] {
  if (spec.denyBot === undefined && spec.allowBot === undefined) return [];
  const allow = permissionBits(spec.allowBot ?? []);
  const deny = permissionBits(spec.denyBot ?? []);
  return [{ id: turn.world.bot.id, type: 1, allow, deny }];
}

function addRole(turn: Turn, guild: Guild, spec: RoleSpec): Role {
  const role: Role = {
    id: spec.id ?? mint(turn.world, turn.atMs),
    name: spec.name,
    permissions: permissionBits(spec.permissions ?? []),
    position: guild.roles.size,
    managed: false,
  };
  guild.roles.set(role.id, role);
  return role;
}

/** Creates a role: GUILD_ROLE_CREATE. */
export function createRole(turn: Turn, action: ActionOf<'createRole'>): Results['createRole'] {
  const guild = guildOf(turn.world, action.guildId);
  const role = addRole(turn, guild, action);
  emitRole(turn, guild, 'GUILD_ROLE_CREATE', role);
  return { roleId: role.id };
}

/** Changes what the bot's role grants: GUILD_ROLE_UPDATE, then the bot's own member update. */
export function setBotPermissions(
  turn: Turn,
  action: ActionOf<'setBotPermissions'>,
): Results['setBotPermissions'] {
  const guild = guildOf(turn.world, action.guildId);
  const role = guild.roles.get(guild.botRoleId)!;
  role.permissions = permissionBits(action.permissions);
  emitRole(turn, guild, 'GUILD_ROLE_UPDATE', role);
  const self = guild.members.get(turn.world.bot.id);
  if (self !== undefined) emitMemberUpdate(turn, guild, self);
  return {};
}

function emitRole(turn: Turn, guild: Guild, event: string, role: Role): void {
  emit(turn, guild, event, INTENTS.GUILDS, { guild_id: guild.id, role: rolePayload(role) });
}

/** Sets, changes or takes the vanity code. A new code starts at its own count. */
export function setVanity(turn: Turn, action: ActionOf<'setVanity'>): Results['setVanity'] {
  const guild = guildOf(turn.world, action.guildId);
  if (action.vanity === null) guild.vanity = null;
  else {
    guild.features.add('VANITY_URL');
    guild.vanity = { code: action.vanity.code, counter: createCounter(action.vanity.uses ?? 0) };
  }
  if (action.announce !== false) emitGuildUpdate(turn, guild);
  return {};
}

/** Moves the vanity count without a word, as a repair at Discord would. */
export function setVanityUses(
  turn: Turn,
  action: ActionOf<'setVanityUses'>,
): Results['setVanityUses'] {
  const { vanity } = guildOf(turn.world, action.guildId);
  if (vanity === null) throw new ActionError(`guild ${action.guildId} has no vanity code`);
  setCounter(vanity.counter, action.uses, turn.atMs);
  return {};
}

/** Pauses or reopens invites: the feature INVITES_DISABLED and GUILD_UPDATE. */
export function pauseInvites(
  turn: Turn,
  action: ActionOf<'pauseInvites'>,
): Results['pauseInvites'] {
  const guild = guildOf(turn.world, action.guildId);
  if (action.paused) guild.features.add('INVITES_DISABLED');
  else guild.features.delete('INVITES_DISABLED');
  emitGuildUpdate(turn, guild);
  return {};
}

/** Renames a guild: GUILD_UPDATE. */
export function renameGuild(turn: Turn, action: ActionOf<'renameGuild'>): Results['renameGuild'] {
  const guild = guildOf(turn.world, action.guildId);
  guild.name = action.name;
  emitGuildUpdate(turn, guild);
  return {};
}

function emitGuildUpdate(turn: Turn, guild: Guild): void {
  emit(turn, guild, 'GUILD_UPDATE', INTENTS.GUILDS, guildPayload(guild));
}

/** An outage: GUILD_DELETE with `unavailable`, then silence. */
export function outage(turn: Turn, action: ActionOf<'outage'>): Results['outage'] {
  const guild = guildOf(turn.world, action.guildId);
  emitGone(turn, guild, { id: guild.id, unavailable: true });
  guild.unavailable = true;
  turn.notes.push({ kind: 'gap', guildId: guild.id });
  return {};
}

/** The end of an outage: GUILD_CREATE. */
export function restore(turn: Turn, action: ActionOf<'restore'>): Results['restore'] {
  const guild = guildOf(turn.world, action.guildId);
  guild.unavailable = false;
  emit(turn, guild, 'GUILD_CREATE', INTENTS.GUILDS, guildCreatePayload(turn.world, guild));
  return {};
}

/** The bot is removed: GUILD_DELETE without `unavailable`. */
export function removeBot(turn: Turn, action: ActionOf<'removeBot'>): Results['removeBot'] {
  const guild = guildOf(turn.world, action.guildId);
  emitGone(turn, guild, { id: guild.id });
  guild.members.delete(turn.world.bot.id);
  guild.botPresent = false;
  turn.notes.push({ kind: 'gap', guildId: guild.id });
  return {};
}

/** The bot is added (again): GUILD_CREATE. */
export function addBot(turn: Turn, action: ActionOf<'addBot'>): Results['addBot'] {
  const guild = guildOf(turn.world, action.guildId);
  if (guild.botPresent) throw new ActionError(`the bot is already in ${guild.id}`);
  seatBot(turn, guild);
  emit(turn, guild, 'GUILD_CREATE', INTENTS.GUILDS, guildCreatePayload(turn.world, guild));
  return {};
}

function emitGone(turn: Turn, guild: Guild, payload: Payload): void {
  emit(turn, guild, 'GUILD_DELETE', INTENTS.GUILDS, payload);
}
