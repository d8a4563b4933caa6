import { createRequire } from 'node:module';
import type { Client, GuildMember, Invite } from 'discord.js';
import { byInvite, UNKNOWN, VANITY } from '../answer.ts';
import { type Start, startBot } from './bot.ts';

interface Package {
  init(client: Client, options: Options): Tracker;
}

interface Options {
  readonly fetchGuilds: boolean;
  readonly fetchVanity: boolean;
  /** The package reads it nowhere; its README sets it. */
  readonly fetchAuditLogs: boolean;
}

interface Tracker {
  on(event: 'guildMemberAdd', listener: Listener): void;
}

type Listener = (
  member: GuildMember,
  type: 'normal' | 'vanity' | 'unknown' | 'permissions',
  invite: Invite | null,
) => void;

/** Every option of the README is on in both set-ups: there is no better one. */
export async function runAndroz2091(start: Start): Promise<void> {
  const { init } = createRequire(import.meta.url)('@androz2091/discord-invites-tracker') as Package;
  await startBot(start, (client, tell) => {
    const tracker = init(client, { fetchGuilds: true, fetchVanity: true, fetchAuditLogs: true });
    tracker.on('guildMemberAdd', (member, type, invite) => {
      if (type === 'vanity') tell(member, VANITY);
      else if (type === 'normal' && invite !== null) tell(member, byInvite(invite.code));
      else tell(member, UNKNOWN);
    });
  });
}
