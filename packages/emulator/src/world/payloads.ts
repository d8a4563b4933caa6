import { findUser } from './members.ts';
import { timestamp } from './snowflake.ts';
import {
  type Channel,
  type Guild,
  type Invite,
  type Member,
  memberCount,
  type Role,
  type User,
  type World,
} from './world.ts';

/** JSON as it goes over the wire. */
export type Payload = Record<string, unknown>;

const LARGE_FROM = 250;

/** A user object. */
export function userPayload(user: User): Payload {
  return {
    id: user.id,
    username: user.username,
    discriminator: user.bot ? '0001' : '0',
    global_name: user.globalName,
    avatar: null,
    public_flags: 0,
    ...(user.bot ? { bot: true } : {}),
  };
}

/** A member object; `joinedAtMs` may differ from the member's own for repeated events. */
export function memberPayload(member: Member, joinedAtMs = member.joinedAtMs): Payload {
  return {
    user: userPayload(member.user),
    nick: null,
    avatar: null,
    banner: null,
    roles: member.roleIds,
    joined_at: timestamp(joinedAtMs),
    premium_since: null,
    deaf: false,
    mute: false,
    flags: member.flags,
    pending: member.pending,
    communication_disabled_until: null,
  };
}

/** A role object. */
export function rolePayload(role: Role): Payload {
  return {
    id: role.id,
    name: role.name,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    icon: null,
    unicode_emoji: null,
    position: role.position,
    permissions: role.permissions.toString(),
    managed: role.managed,
    mentionable: false,
    flags: 0,
  };
}

/** A channel object. */
export function channelPayload(channel: Channel): Payload {
  return {
    id: channel.id,
    type: channel.type,
    guild_id: channel.guildId,
    name: channel.name,
    position: channel.position,
    parent_id: null,
    topic: null,
    nsfw: false,
    rate_limit_per_user: 0,
    last_message_id: null,
    flags: 0,
    permission_overwrites: channel.overwrites.map((overwrite) => ({
      id: overwrite.id,
      type: overwrite.type,
      allow: overwrite.allow.toString(),
      deny: overwrite.deny.toString(),
    })),
  };
}

/** A guild object without the parts that only GUILD_CREATE has. */
export function guildPayload(guild: Guild): Payload {
  return {
    id: guild.id,
    name: guild.name,
    owner_id: guild.ownerId,
    features: [...guild.features],
    vanity_url_code: guild.vanity?.code ?? null,
    roles: [...guild.roles.values()].map(rolePayload),
    incidents_data: null,
    application_id: null,
    ...GUILD_DEFAULTS,
  };
}

// Fields that clients insist on and no scenario varies.
const GUILD_DEFAULTS: Payload = {
  icon: null,
  splash: null,
  discovery_splash: null,
  banner: null,
  description: null,
  region: 'deprecated',
  afk_channel_id: null,
  afk_timeout: 300,
  widget_enabled: false,
  widget_channel_id: null,
  verification_level: 0,
  default_message_notifications: 0,
  explicit_content_filter: 0,
  emojis: [],
  stickers: [],
  mfa_level: 0,
  system_channel_id: null,
  system_channel_flags: 0,
  rules_channel_id: null,
  public_updates_channel_id: null,
  safety_alerts_channel_id: null,
  max_presences: null,
  max_members: 500_000,
  max_video_channel_users: 25,
  premium_tier: 0,
  premium_subscription_count: 0,
  premium_progress_bar_enabled: false,
  preferred_locale: 'en-US',
  nsfw: false,
  nsfw_level: 0,
};

/** GUILD_CREATE without presences: of the members only the bot itself. */
export function guildCreatePayload(world: World, guild: Guild): Payload {
  const self = guild.members.get(world.bot.id);
  const count = memberCount(guild);
  return {
    ...guildPayload(guild),
    joined_at: timestamp(self?.joinedAtMs ?? guild.createdAtMs),
    large: count > LARGE_FROM,
    unavailable: false,
    member_count: count,
    members: self === undefined ? [] : [memberPayload(self)],
    channels: [...guild.channels.values()].map(channelPayload),
    threads: [],
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}

/** When the invite runs out, or null for never. */
export function expiresAtMs(invite: Invite): number | null {
  return invite.maxAgeS === 0 ? null : invite.createdAtMs + invite.maxAgeS * 1000;
}

/** An invite object as REST sends it; `uses` only where the caller may see the metadata. */
export function invitePayload(
  world: World,
  guild: Guild,
  invite: Invite,
  uses: number | null,
): Payload {
  const expires = expiresAtMs(invite);
  const inviter = invite.inviterId === null ? null : findUser(world, guild, invite.inviterId);
  const channel = guild.channels.get(invite.channelId);
  return {
    type: 0,
    code: invite.code,
    guild_id: guild.id,
    guild: { id: guild.id, name: guild.name, features: [...guild.features], icon: null },
    channel:
      channel === undefined ? null : { id: channel.id, name: channel.name, type: channel.type },
    expires_at: expires === null ? null : timestamp(expires),
    flags: 0,
    ...(inviter === null ? {} : { inviter: userPayload(inviter) }),
    ...rolesOf(guild, invite),
    ...(uses === null ? {} : metadata(invite, uses)),
  };
}

function rolesOf(guild: Guild, invite: Invite): Payload {
  if (invite.roleIds.length === 0) return {};
  const roles = invite.roleIds.flatMap((id) => {
    const role = guild.roles.get(id);
    if (role === undefined) return [];
    const { colors, color, icon, unicode_emoji } = rolePayload(role);
    return [{ id, name: role.name, position: role.position, color, colors, icon, unicode_emoji }];
  });
  return { roles };
}

function metadata(invite: Invite, uses: number): Payload {
  return {
    uses,
    max_uses: invite.maxUses,
    max_age: invite.maxAgeS,
    temporary: invite.temporary,
    created_at: timestamp(invite.createdAtMs),
  };
}

/** INVITE_CREATE; its `uses` is always 0. */
export function inviteCreatePayload(world: World, guild: Guild, invite: Invite): Payload {
  const expires = expiresAtMs(invite);
  const inviter = invite.inviterId === null ? null : findUser(world, guild, invite.inviterId);
  return {
    type: 0,
    guild_id: guild.id,
    channel_id: invite.channelId,
    code: invite.code,
    ...metadata(invite, 0),
    expires_at: expires === null ? null : timestamp(expires),
    ...(inviter === null ? {} : { inviter: userPayload(inviter) }),
    ...(invite.roleIds.length === 0 ? {} : { role_ids: invite.roleIds }),
  };
}
