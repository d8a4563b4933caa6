import {
  channelPermissions,
  GUILD_MEMBERS_FLAGS,
  guildPermissions,
  PERMISSIONS,
  type PermissionName,
} from '../world/permissions.ts';
import type { Channel, Guild, World } from '../world/world.ts';
import { fail, type Reply } from './reply.ts';
import type { RestRequest } from './route.ts';

/** Either what was asked for, or the reply that refuses it. */
export type Access<T> = { readonly refused: Reply } | T;

/** The guild of the path, if the bot is in it and Discord can reach it. */
export function reachGuild(request: RestRequest): Access<{ readonly guild: Guild }> {
  const guild = request.world.guilds.get(request.params.guild ?? '');
  if (guild === undefined) return { refused: fail('unknownGuild') };
  if (!guild.botPresent) return { refused: fail('missingAccess') };
  if (guild.unavailable) return { refused: UNAVAILABLE };
  return { guild };
}

/** The channel of the path, if the bot can see it. */
export function reachChannel(
  request: RestRequest,
): Access<{ readonly guild: Guild; readonly channel: Channel }> {
  const channelId = request.params.channel ?? '';
  const guild = request.world.guilds.get(request.world.channels.get(channelId) ?? '');
  const channel = guild?.channels.get(channelId);
  if (guild === undefined || channel === undefined) return { refused: fail('unknownChannel') };
  if (!guild.botPresent) return { refused: fail('missingAccess') };
  if (guild.unavailable) return { refused: UNAVAILABLE };
  if (!may(request.world, guild, 'VIEW_CHANNEL', channel))
    return { refused: fail('missingAccess') };
  return { guild, channel };
}

/** Whether the bot has a permission, in one channel or in the guild. */
export function may(world: World, guild: Guild, name: PermissionName, channel?: Channel): boolean {
  const bits =
    channel === undefined
      ? guildPermissions(guild, world.bot.id)
      : channelPermissions(guild, channel, world.bot.id);
  return (bits & PERMISSIONS[name]) !== 0n;
}

/** Whether the application has the privileged intent that member lists need. */
export function seesMembers(world: World): boolean {
  return (world.applicationFlags & GUILD_MEMBERS_FLAGS) !== 0;
}

const UNAVAILABLE: Reply = { status: 503, body: { message: 'Service Unavailable', code: 0 } };
