import { PERMISSIONS, type Prng, TRACKER_PERMISSIONS } from '@wherefrom/emulator';
import type { Town } from './town.ts';

/** What goes wrong in a town begins, or ends if it is under way. Answers what was done. */
export function trouble(town: Town, chance: Prng): string {
  switch (town.kind) {
    case 'locked':
      return isLocked(town) || chance.chance(0.6) ? lock(town) : renewVanity(town);
    case 'moved':
      return isMuted(town) || chance.chance(0.5) ? mute(town) : moveLog(town);
    case 'dark':
      return darken(town);
    case 'guest':
      return visit(town);
    default:
      return 'nothing';
  }
}

/** Whatever is wrong in the town is over. */
export function endTrouble(town: Town): void {
  if (town.kind === 'locked' && isLocked(town)) lock(town);
  if (town.kind === 'moved' && isMuted(town)) mute(town);
  if (town.losses.isOpen('outage', town)) darken(town);
  if (town.losses.isOpen('removed', town)) visit(town);
}

function darken({ emulator, losses, guildId }: Town): string {
  if (losses.isOpen('outage', { guildId })) {
    emulator.act({ kind: 'restore', guildId });
    losses.end('outage', { guildId }, Date.now());
    return 'the outage ended';
  }
  emulator.act({ kind: 'outage', guildId });
  losses.begin('outage', { guildId }, Date.now());
  return 'an outage began';
}

function visit({ emulator, losses, guildId }: Town): string {
  if (losses.isOpen('removed', { guildId })) {
    emulator.act({ kind: 'addBot', guildId });
    losses.end('removed', { guildId }, Date.now());
    return 'the bot was added again';
  }
  emulator.act({ kind: 'removeBot', guildId });
  losses.begin('removed', { guildId }, Date.now());
  return 'the bot was removed';
}

const LESS = TRACKER_PERMISSIONS.filter((name) => name !== 'MANAGE_GUILD');

function isLocked({ emulator, guildId }: Town): boolean {
  const guild = emulator.world.guilds.get(guildId);
  const role = guild?.roles.get(guild.botRoleId);
  return role !== undefined && (role.permissions & PERMISSIONS.MANAGE_GUILD) === 0n;
}

function lock(town: Town): string {
  const { emulator, guildId } = town;
  const locked = isLocked(town);
  const permissions = locked ? TRACKER_PERMISSIONS : LESS;
  emulator.act({ kind: 'setBotPermissions', guildId, permissions });
  return locked ? 'Manage Server came back' : 'Manage Server was lost';
}

function renewVanity(town: Town): string {
  town.renewVanity();
  return 'the vanity code changed';
}

function isMuted({ muted }: Town): boolean {
  return muted.at(-1)?.to === null;
}

function mute(town: Town): string {
  const { emulator, guildId, muted } = town;
  const channelId = town.logs.at(-1)?.channelId ?? '';
  const open = muted.at(-1);
  if (open?.to === null) {
    emulator.act({ kind: 'updateChannel', guildId, channelId, denyBot: [] });
    open.to = Date.now();
    return 'the log can be written again';
  }
  emulator.act({ kind: 'updateChannel', guildId, channelId, denyBot: ['SEND_MESSAGES'] });
  muted.push({ from: Date.now(), to: null });
  return 'the log was closed to the bot';
}

/** The new one first: at no moment is there none. */
function moveLog(town: Town): string {
  const { emulator, guildId, logs } = town;
  const before = logs.at(-1)?.channelId ?? '';
  const { channelId } = emulator.act({ kind: 'createChannel', guildId, name: 'join-logs' });
  const name = `old-logs-${logs.length}`;
  emulator.act({ kind: 'updateChannel', guildId, channelId: before, name });
  logs.push({ atMs: Date.now(), channelId });
  return 'the log moved to another channel';
}
