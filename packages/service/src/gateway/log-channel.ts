import {
  type ChannelReading,
  channelPermissions,
  guildPermissions,
  type MemberStanding,
  PERMISSION,
  type UserId,
} from 'wherefrom';
import type { LogChannel } from '../ports.ts';
import type { RoleMasks } from './role-masks.ts';

/** The name of the channel that is the log while nothing else is configured. */
const LOG_NAME = 'join-logs';
const TEXT = 0;
const WRITE = PERMISSION.viewChannel | PERMISSION.sendMessages;

/** True for a channel that would be the log; only such channels are remembered. */
export function isLogCandidate(channel: ChannelReading): boolean {
  return channel.type === TEXT && channel.name === LOG_NAME && !channel.obfuscated;
}

/** The oldest candidate that the bot may view and write in. */
export function chooseLogChannel(
  candidates: readonly ChannelReading[],
  me: MemberStanding,
  roles: RoleMasks,
): LogChannel | null {
  const permissionsOf = roles.permissionsOf.bind(roles);
  const mine = guildPermissions(me, permissionsOf);
  const channel = candidates.find(
    ({ overwrites }) => (channelPermissions(mine, me, overwrites) & WRITE) === WRITE,
  );
  if (channel === undefined) return null;
  const anybody: MemberStanding = { ...me, userId: NOBODY, roleIds: [] };
  const all = guildPermissions(anybody, permissionsOf);
  const seen = channelPermissions(all, anybody, channel.overwrites) & PERMISSION.viewChannel;
  return { id: channel.id, everyoneReads: seen !== 0n };
}

const NOBODY = '0' as UserId;

/** Whether the bot may look up in a channel what was said before. */
export function mayReadHistory(
  channel: ChannelReading,
  me: MemberStanding,
  roles: RoleMasks,
): boolean {
  const mine = guildPermissions(me, roles.permissionsOf.bind(roles));
  return (channelPermissions(mine, me, channel.overwrites) & PERMISSION.readMessageHistory) !== 0n;
}

/** Older channels first: ids grow with time. */
export function byAge(a: ChannelReading, b: ChannelReading): number {
  return a.id.length - b.id.length || (a.id < b.id ? -1 : 1);
}
