import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Client as CoreClient, GatewayDispatchEvents } from '@discordjs/core';
import { REST } from '@discordjs/rest';
import { CompressionMethod, WebSocketManager } from '@discordjs/ws';
import { Client, Events } from 'discord.js';
import { type Emulator, startEmulator } from './emulator.ts';
import { TRACKER_INTENTS } from './testing.ts';

const BY_A = { kind: 'invite', code: 'A' } as const;

/** A bot as the service builds it: zlib, core, no waiting between identifies. */
async function connectCore(emulator: Emulator, shardCount = 1) {
  const rest = new REST({ api: emulator.apiUrl }).setToken(emulator.token);
  const gateway = new WebSocketManager({
    token: emulator.token,
    intents: TRACKER_INTENTS,
    rest,
    shardCount,
    compression: CompressionMethod.ZlibNative,
    buildIdentifyThrottler: () => ({ waitForIdentify: async () => {} }),
  });
  const core = new CoreClient({ rest, gateway });
  const heard: string[] = [];
  core.on(GatewayDispatchEvents.GuildCreate, ({ data: guild }) => heard.push(`guild ${guild.id}`));
  core.on(GatewayDispatchEvents.GuildMemberAdd, ({ data: member }) =>
    heard.push(`add ${member.user.id}`),
  );
  core.on(GatewayDispatchEvents.Resumed, () => heard.push('resumed'));
  await gateway.connect();
  await emulator.settled();
  const dispose = async (): Promise<void> => {
    await gateway.destroy();
    rest.clearHandlerSweeper();
    rest.clearHashSweeper();
  };
  return { api: core.api, heard, [Symbol.asyncDispose]: dispose };
}

function usesOf(invites: readonly { code: string }[]): unknown[] {
  return invites.map((invite) => [invite.code, 'uses' in invite ? invite.uses : null]);
}

describe('@discordjs/core with native zlib', () => {
  test('sees guilds, a join and the invite list', async () => {
    await using emulator = await startEmulator();
    const { guildId } = emulator.act({ kind: 'createGuild', invites: [{ code: 'A', uses: 5 }] });
    await using bot = await connectCore(emulator);
    assert.equal(emulator.connections[0]?.compressed, true);
    const { userId } = emulator.act({ kind: 'join', guildId, via: BY_A });
    await emulator.settled();
    assert.deepEqual(bot.heard, [`guild ${guildId}`, `add ${userId}`]);
    assert.deepEqual(usesOf(await bot.api.guilds.getInvites(guildId)), [['A', 6]]);
    assert.deepEqual(emulator.errors, []);
  });

  test('resumes after a disconnect and gets what it missed', async () => {
    await using emulator = await startEmulator();
    const { guildId } = emulator.act({ kind: 'createGuild', invites: [{ code: 'A' }] });
    await using bot = await connectCore(emulator);
    emulator.disconnect();
    const { userId } = emulator.act({ kind: 'join', guildId, via: BY_A });
    await emulator.waitFor(() => emulator.gateway.resumes === 1);
    await emulator.settled();
    assert.deepEqual(bot.heard, [`guild ${guildId}`, `add ${userId}`, 'resumed']);
  });

  test('identifies anew when its session is gone, and has missed the join', async () => {
    await using emulator = await startEmulator();
    const { guildId } = emulator.act({ kind: 'createGuild', invites: [{ code: 'A' }] });
    await using bot = await connectCore(emulator);
    emulator.disconnect({ resumable: false });
    emulator.act({ kind: 'join', guildId, via: BY_A });
    await emulator.waitFor(() => emulator.gateway.identifies === 2);
    await emulator.settled();
    assert.deepEqual(bot.heard, [`guild ${guildId}`, `guild ${guildId}`]);
    assert.equal(emulator.situations().gap, 1);
    assert.equal(emulator.situations().surplus, 1);
  });

  test('runs several shards', async () => {
    await using emulator = await startEmulator();
    const guildIds = Array.from({ length: 8 }, () => emulator.act({ kind: 'createGuild' }).guildId);
    await using bot = await connectCore(emulator, 4);
    assert.equal(emulator.connections.length, 4);
    assert.deepEqual(bot.heard.toSorted(), guildIds.map((id) => `guild ${id}`).toSorted());
  });

  test('obeys the message limit: six messages, one pause, no lost message', async () => {
    const messages = { limit: 5, windowMs: 300 };
    await using emulator = await startEmulator({ latencyMs: [0, 0], limits: { messages } });
    const { channelIds } = emulator.act({ kind: 'createGuild' });
    const channelId = channelIds['join-logs']!;
    await using bot = await connectCore(emulator);
    // The client reads the limit from the headers, so only the fault makes it meet a 429.
    emulator.faults.set({ kind: 'rateLimit', route: 'POST', retryAfterMs: 20, times: 1 });
    const texts = ['1', '2', '3', '4', '5', '6'];
    await Promise.all(
      texts.map((content) => bot.api.channels.createMessage(channelId, { content })),
    );
    assert.deepEqual(
      emulator.messages(channelId).map(({ body }) => body.content),
      texts,
    );
    const posts = emulator.requests.filter(({ method }) => method === 'POST');
    assert.deepEqual(posts.filter(({ status }) => status === 429).length, 1);
    const arrivals = posts.map(({ arrivedAtMs }) => arrivedAtMs);
    assert.ok(arrivals.at(-1)! - arrivals[0]! >= 250, 'the sixth waited for the window');
  });

  test('announces 2,500 guilds in a few seconds', async () => {
    await using emulator = await startEmulator({ deterministic: true });
    const channels = Array.from({ length: 50 }, (_, index) => `channel-${index}`);
    for (let left = 2500; left > 0; left -= 1) emulator.act({ kind: 'createGuild', channels });
    const startedAtMs = performance.now();
    await using bot = await connectCore(emulator);
    assert.equal(bot.heard.length, 2500);
    assert.ok(performance.now() - startedAtMs < 15_000);
  });
});

describe('discord.js 14', () => {
  test('sees the guild, a join, the list, the vanity count, and writes', async () => {
    await using emulator = await startEmulator();
    const { guildId, channelIds } = emulator.act({
      kind: 'createGuild',
      vanity: { code: 'fancy', uses: 3 },
      invites: [{ code: 'A', uses: 5 }],
    });
    const client = new Client({ intents: TRACKER_INTENTS, rest: { api: emulator.apiUrl } });
    try {
      const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
      const added = new Promise<string>((resolve) =>
        client.once(Events.GuildMemberAdd, ({ id }) => resolve(id)),
      );
      await client.login(emulator.token);
      await ready;
      const { userId } = emulator.act({ kind: 'join', guildId, via: BY_A });
      assert.equal(await added, userId);
      const guild = client.guilds.cache.get(guildId)!;
      assert.deepEqual(
        (await guild.invites.fetch()).map(({ code, uses }) => [code, uses]),
        [['A', 6]],
      );
      assert.deepEqual(await guild.fetchVanityData(), { code: 'fancy', uses: 3 });
      const channel = await client.channels.fetch(channelIds['join-logs']!);
      assert.ok(channel?.isSendable());
      const message = await channel.send('hello');
      await message.edit('hello again');
      assert.equal(emulator.messages(channel.id)[0]?.body.content, 'hello again');
      assert.deepEqual(emulator.errors, []);
    } finally {
      await client.destroy();
    }
  });
});
