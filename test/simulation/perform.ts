import type { Guild, Invite, Via } from '@wherefrom/emulator';
import { mixed } from './chance.ts';
import type { Deed } from './script.ts';
import type { Stage } from './stage.ts';

/** Does what the script says, as far as it is possible. Throws ActionError where it is not. */
export function perform(stage: Stage, guild: Guild, deed: Deed): void {
  const { discord, queue } = stage;
  const guildId = guild.id;
  switch (deed.kind) {
    case 'join':
      return join(stage, guild, deed);
    case 'leave':
      if (guild.members.has(deed.userId))
        discord.act({ kind: deed.how, guildId, userId: deed.userId });
      return;
    case 'repeat': {
      const { userId, shiftMs } = deed;
      if (guild.members.has(userId))
        discord.act({ kind: 'repeatAdd', guildId, userId, joinedAtShiftMs: shiftMs });
      return;
    }
    case 'guest':
      return guest(stage, guild, deed.userId);
    case 'update-member':
      if (guild.members.has(deed.userId))
        discord.act({ kind: 'updateMember', guildId, userId: deed.userId });
      return;
    case 'approve':
      if (guild.requests.has(deed.userId))
        discord.act({ kind: 'approveJoin', guildId, userId: deed.userId });
      return;
    case 'create-invite':
      discord.act({ kind: 'createInvite', guildId, ...deed.spec, announce: deed.announce });
      return;
    case 'revoke':
      discord.act({ kind: 'deleteInvite', guildId, code: deed.code, announce: deed.announce });
      return;
    case 'delete-channel':
      discord.act({ kind: 'deleteChannel', guildId, channelId: deed.channelId });
      return;
    case 'vanity': {
      const vanity = deed.code === null ? null : { code: deed.code, uses: deed.uses };
      discord.act({ kind: 'setVanity', guildId, vanity });
      return;
    }
    case 'permissions':
      discord.act({ kind: 'setBotPermissions', guildId, permissions: deed.names });
      return;
    case 'outage':
      if (guild.unavailable) return;
      discord.act({ kind: 'outage', guildId });
      queue.after(deed.forMs, () => discord.act({ kind: 'restore', guildId }));
      return;
    case 'refuse':
      stage.side.refusing.add(guildId);
      queue.after(deed.forMs, () => stage.side.refusing.delete(guildId));
      return;
    default:
      return haunt(stage, guild, deed);
  }
}

type Haunting = Extract<Deed, { readonly kind: 'ghost-count' | 'ghost-join' | 'vanish' }>;

/** What no assumption allows: uses without joins, joins without uses, ends without a reason. */
function haunt({ discord }: Stage, guild: Guild, deed: Haunting): void {
  const userId = deed.kind === 'ghost-join' ? deed.userId : '';
  const invite = chosen(guild, userId, deed.taste);
  if (invite === null) return;
  const guildId = guild.id;
  const { code, inviterId } = invite;
  switch (deed.kind) {
    case 'ghost-count':
      discord.act({ kind: 'count', guildId, code });
      return;
    case 'ghost-join':
      discord.act({ kind: 'add', guildId, userId, origin: { kind: 'invite', code, inviterId } });
      return;
    case 'vanish':
      discord.act({ kind: 'vanishInvite', guildId, code });
  }
}

function join(stage: Stage, guild: Guild, deed: Deed & { readonly kind: 'join' }): void {
  const { userId } = deed;
  if (guild.members.has(userId) || stage.cameLately(guild.id, userId)) return;
  const via = viaOf(guild, deed);
  const action = { guildId: guild.id, userId, via };
  const approval = guild.features.has('MEMBER_VERIFICATION_MANUAL_APPROVAL');
  if (approval && via.kind !== 'bot') {
    if (!guild.requests.has(userId)) stage.discord.act({ kind: 'requestJoin', ...action });
    return;
  }
  const addBeforeDelete = (deed.taste & 1) === 1;
  stage.discord.act({ kind: 'join', ...action, addBeforeDelete });
}

function viaOf(guild: Guild, deed: Deed & { readonly kind: 'join' }): Via {
  const { way, code, userId, taste } = deed;
  if (way === 'bot') return { kind: 'bot' };
  if (way === 'discovery') return { kind: 'none', path: 'discovery' };
  if (way === 'vanity' && guild.vanity !== null) return { kind: 'vanity' };
  const wanted = code === undefined ? undefined : guild.invites.get(code);
  const invite =
    wanted !== undefined && maySee(wanted, userId) ? wanted : chosen(guild, userId, taste);
  if (invite !== null) return { kind: 'invite', code: invite.code };
  return guild.vanity === null ? { kind: 'none', path: 'discovery' } : { kind: 'vanity' };
}

function maySee(invite: Invite, userId: string): boolean {
  return invite.targetUserIds === null || invite.targetUserIds.includes(userId);
}

/** Some invites are more popular than others, and the choice hangs on nothing but the taste. */
function chosen(guild: Guild, userId: string, taste: number): Invite | null {
  let best: Invite | null = null;
  let most = -1;
  for (const invite of guild.invites.values()) {
    if (!maySee(invite, userId)) continue;
    const popularity = 1 + (mixed(7, invite.code) % 6) ** 2;
    const score = (mixed(taste, invite.code) / 2 ** 32) ** (1 / popularity);
    if (score > most) [best, most] = [invite, score];
  }
  return best;
}

/** Someone who was let into one voice channel: an add of somebody who is no member (Q5). */
function guest({ discord }: Stage, guild: Guild, userId: string): void {
  const payload = {
    guild_id: guild.id,
    user: { id: userId, username: 'guest', global_name: null },
    roles: [],
    joined_at: null,
    flags: 1 << 4,
  };
  const event = 'GUILD_MEMBER_ADD';
  discord.raw({ event, guildId: guild.id, intent: 0, payload, subject: { userId } });
}
