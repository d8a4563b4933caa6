import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startEmulator } from '@wherefrom/emulator';
import { startService } from './app.ts';
import { readConfig } from './config.ts';
import { createLog } from './startup-log.ts';

async function start(apiUrl: string, token: string) {
  const lines: string[] = [];
  const config = readConfig({
    DISCORD_TOKEN: token,
    DISCORD_API_URL: apiUrl,
    DATABASE_URL: 'sqlite::memory:',
    LOG_LEVEL: 'debug',
  });
  const log = createLog(config, () => token, { write: (line) => void lines.push(line) });
  return { service: await startService(config, { log }), lines };
}

test('a join by an invite gives a line in join-logs', async () => {
  await using discord = await startEmulator({ deterministic: true });
  const guild = discord.act({ kind: 'createGuild', name: 'Town', invites: [{ code: 'abc' }] });
  const { service, lines } = await start(discord.apiUrl, discord.token);
  await service.ready;
  await discord.settled();
  const { userId } = discord.act({
    kind: 'join',
    guildId: guild.guildId,
    via: { kind: 'invite', code: 'abc' },
    username: 'ada',
  });
  const channelId = guild.channelIds['join-logs'] ?? '';
  await discord.waitFor(() => discord.messages(channelId).length > 0);
  const [message] = discord.messages(channelId);
  assert.match(message?.content ?? '', new RegExp(`<@${userId}>.*abc`));
  assert.match(lines.join(''), /connected as wherefrom/);
  assert.match(lines.join(''), /permissions=52400/);
  assert.doesNotMatch(lines.join(''), new RegExp(discord.token));
  await service.stop();
  assert.deepEqual(discord.errors, []);
});
