import { ActionError, type ActionOf, type Results } from './action.ts';
import { AUDIT, writeAudit } from './audit-log.ts';
import { emit, emitAudit, INTENTS, type Turn } from './dispatch.ts';
import { guildOf } from './find.ts';
import { addChannel, botOverwrites } from './guild-actions.ts';
import { endInvite } from './invites.ts';
import { channelPayload } from './payloads.ts';
import type { Channel, Guild } from './world.ts';

/** Creates a channel: CHANNEL_CREATE. */
export function createChannel(
  turn: Turn,
  action: ActionOf<'createChannel'>,
): Results['createChannel'] {
  const guild = guildOf(turn.world, action.guildId);
  const channel = addChannel(turn, guild, action);
  emit(turn, guild, 'CHANNEL_CREATE', INTENTS.GUILDS, channelPayload(channel));
  return { channelId: channel.id };
}

/** Renames a channel or changes what the bot may do in it: CHANNEL_UPDATE. */
export function updateChannel(
  turn: Turn,
  action: ActionOf<'updateChannel'>,
): Results['updateChannel'] {
  const guild = guildOf(turn.world, action.guildId);
  const channel = channelOf(guild, action.channelId);
  if (action.name !== undefined) channel.name = action.name;
  if (action.denyBot !== undefined || action.allowBot !== undefined) {
    channel.overwrites = botOverwrites(turn, action);
  }
  emit(turn, guild, 'CHANNEL_UPDATE', INTENTS.GUILDS, channelPayload(channel));
  return {};
}

/** Deletes a channel. Its invites vanish without INVITE_DELETE; the audit log has entry 12. */
export function deleteChannel(
  turn: Turn,
  action: ActionOf<'deleteChannel'>,
): Results['deleteChannel'] {
  const guild = guildOf(turn.world, action.guildId);
  const channel = channelOf(guild, action.channelId);
  for (const invite of guild.invites.values()) {
    if (invite.channelId === channel.id) endInvite(turn, guild, invite, 'channelDeleted');
  }
  guild.channels.delete(channel.id);
  turn.world.channels.delete(channel.id);
  emit(turn, guild, 'CHANNEL_DELETE', INTENTS.GUILDS, channelPayload(channel));
  const entry = writeAudit(turn.world, guild, turn.atMs, {
    userId: action.byId ?? guild.ownerId,
    targetId: channel.id,
    action: AUDIT.channelDelete,
    changes: [{ key: 'name', old_value: channel.name }],
  });
  emitAudit(turn, guild, entry);
  return {};
}

function channelOf(guild: Guild, channelId: string): Channel {
  const channel = guild.channels.get(channelId);
  if (channel === undefined) throw new ActionError(`unknown channel ${channelId}`);
  return channel;
}
