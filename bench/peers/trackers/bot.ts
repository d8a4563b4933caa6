import { Client, Events, GatewayIntentBits, type GuildMember } from 'discord.js';
import type { Report, Said } from '../answer.ts';
import type { SetUp } from '../contestants.ts';

/** What a tracker is started with. */
export interface Start {
  readonly setUp: SetUp;
  readonly apiUrl: string;
  readonly token: string;
  readonly report: (report: Report) => void;
}

/** Hands on what a tracker said of a member. */
export type Tell = (member: GuildMember, said: Said) => void;

/**
 * Discord.js tries a 5xx again at once and three times. So many tries outlast two seconds of
 * failures, which is the most that this setting can do for a tracker.
 */
const PATIENT_RETRIES = 60;

/**
 * A bot on discord.js with a tracker in it, logged in. The three intents are what all of them need;
 * one README asks for fewer and would hear of no member. `best` outlives errors of its own and is
 * patient with those of Discord.
 */
export async function startBot(
  { setUp, apiUrl, token, report }: Start,
  install: (client: Client, tell: Tell) => void,
): Promise<void> {
  const isBest = setUp === 'best';
  const client = new Client({
    intents: [
      GatewayIntentBits.Guilds,
      GatewayIntentBits.GuildMembers,
      GatewayIntentBits.GuildInvites,
    ],
    rest: { api: apiUrl, ...(isBest ? { retries: PATIENT_RETRIES } : {}) },
  });
  const caught = (error: unknown): void =>
    report({ kind: 'caught', text: error instanceof Error ? error.message : String(error) });
  if (isBest) {
    client.on(Events.Error, caught);
    process.on('unhandledRejection', caught);
    process.on('uncaughtException', caught);
  }
  install(client, ({ id, guild, joinedTimestamp }, said) =>
    report({
      kind: 'answer',
      guildId: guild.id,
      userId: id,
      joinedAtMs: joinedTimestamp ?? 0,
      atMs: Date.now(),
      said,
      settled: true,
    }),
  );
  client.once(Events.ClientReady, () => report({ kind: 'ready' }));
  await client.login(token);
}
