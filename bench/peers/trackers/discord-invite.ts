import { createRequire } from 'node:module';
import type { Client, GuildMember, Invite, User } from 'discord.js';
import { byInvite, UNKNOWN, VANITY } from '../answer.ts';
import { type Start, startBot } from './bot.ts';

type Package = new (client: Client) => object;

/** It speaks through the client, in events that the types of discord.js do not know. */
interface Speaker {
  on(
    event: 'memberJoin',
    listener: (
      member: GuildMember,
      /** The vanity code as text for a join by the vanity link. */
      inviter: User | GuildMember | string | null | undefined,
      invite: Invite | null,
    ) => void,
  ): void;
}

/** It has no options. Its file of members lies in the folder that the process runs in. */
export async function runDiscordInvite(start: Start): Promise<void> {
  const Tracker = createRequire(import.meta.url)('discord-invite') as Package;
  await startBot(start, (client, tell) => {
    new Tracker(client);
    (client as unknown as Speaker).on('memberJoin', (member, inviter, invite) => {
      if (typeof inviter === 'string') tell(member, VANITY);
      else if (invite !== null) tell(member, byInvite(invite.code));
      else tell(member, UNKNOWN);
    });
  });
}
