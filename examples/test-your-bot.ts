/**
 * A bot under test, on the emulator: no token, no network, and the truth to compare with.
 *
 *   node --test examples/test-your-bot.ts
 *
 * The bot below is the usual forty lines: it keeps the counts, compares them when somebody joins,
 * and believes the first code that rose. Put your own in its place.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Emulator, startEmulator } from '@wherefrom/emulator';
import { Client, Events, type Guild } from 'discord.js';

/** Your bot: logs in at this address with this token, and ends when it is told to. */
async function startBot({ apiUrl, token }: Emulator): Promise<AsyncDisposable> {
  const intents = ['Guilds', 'GuildMembers', 'GuildInvites'] as const;
  const client = new Client({ intents, rest: { api: apiUrl } });
  const before = new Map<string, number>();
  const read = async (guild: Guild): Promise<string | undefined> => {
    const invites = [...(await guild.invites.fetch()).values()];
    const risen = invites.find(({ code, uses }) => (uses ?? 0) > (before.get(code) ?? 0));
    for (const { code, uses } of invites) before.set(code, uses ?? 0);
    return risen?.code;
  };
  client.on(Events.GuildMemberAdd, async ({ id, guild }) => {
    const code = await read(guild);
    const channel = guild.channels.cache.find(({ name }) => name === 'join-logs');
    if (channel?.isSendable()) await channel.send(`${id} came by ${code ?? 'an unknown way'}`);
  });
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(token);
  await ready;
  for (const guild of client.guilds.cache.values()) await read(guild);
  return { [Symbol.asyncDispose]: () => client.destroy() };
}

/** A Discord with one guild, the bot in it, and whether its log tells the truth. */
async function stage() {
  const discord = await startEmulator({ deterministic: true });
  const { guildId, channelIds } = discord.act({
    kind: 'createGuild',
    invites: [{ code: 'docs', uses: 5 }, { code: 'forum' }, { code: 'gift', maxUses: 1 }],
  });
  const bot = await startBot(discord);
  const join = async (code: string): Promise<void> => {
    discord.act({ kind: 'join', guildId, via: { kind: 'invite', code } });
    await discord.settled();
  };
  const said = () => discord.messages(channelIds['join-logs']!).map(({ body }) => body.content);
  const truth = () =>
    discord
      .truth()
      .map(({ userId, origin }) => `${userId} came by ${'code' in origin ? origin.code : 'none'}`);
  const dispose = async (): Promise<void> => {
    await bot[Symbol.asyncDispose]();
    await discord.close();
  };
  return { discord, join, said, truth, [Symbol.asyncDispose]: dispose };
}

test('joins one after another are told as they were', async () => {
  await using scene = await stage();
  await scene.join('forum');
  await scene.join('docs');
  assert.deepEqual(scene.said(), scene.truth());
  assert.deepEqual(scene.discord.errors, [], 'nothing was asked that Discord would refuse');
});

test('an invite for one use is beyond this bot: the code is gone when it looks', async () => {
  await using scene = await stage();
  await scene.join('gift');
  assert.match(scene.said()[0] ?? '', /unknown way/);
  assert.match(scene.truth()[0] ?? '', /gift/);
});
