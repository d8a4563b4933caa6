import { createRequire } from 'node:module';
import type { Client, Guild, GuildMember, User } from 'discord.js';
import { byInvite, FAILED, named, type Said, UNKNOWN, VANITY } from '../answer.ts';
import { type Start, startBot } from './bot.ts';

interface Package {
  readonly inviteTracker: new (client: Client) => Tracker;
}

interface Found {
  readonly code: string;
  readonly isVanity?: boolean;
}

interface Tracker {
  on(
    event: 'guildMemberAdd',
    listener: (
      member: GuildMember,
      inviter: User | null,
      invite: Found | null,
      error: unknown,
    ) => void,
  ): void;
  on(event: 'error', listener: (guild: Guild | null, error: unknown) => void): void;
}

/** It has no options; its README listens for its errors, so both set-ups do. */
export async function runDiscordInviter(start: Start): Promise<void> {
  const { inviteTracker } = createRequire(import.meta.url)('discord-inviter') as Package;
  await startBot(start, (client, tell) => {
    const tracker = new inviteTracker(client);
    tracker.on('guildMemberAdd', (member, _inviter, invite, error) =>
      tell(member, saidOf(member, invite, error)),
    );
    // What it says here it has said of the member too.
    tracker.on('error', () => {});
  });
}

// Where it knows nothing it names the owner of the guild as inviter. Only the code is judged.
function saidOf(member: GuildMember, invite: Found | null, error: unknown): Said {
  if (invite === null || error) return FAILED;
  if (invite.isVanity === true) return VANITY;
  if (invite.code !== 'Unknown') return byInvite(invite.code);
  return member.user.bot ? named({ kind: 'bot' }) : UNKNOWN;
}
