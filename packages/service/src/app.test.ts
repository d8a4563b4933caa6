import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { type Emulator, startEmulator } from '@wherefrom/emulator';
import { type Service, startService } from './app.ts';
import { readConfig } from './config.ts';
import { createLog } from './startup-log.ts';

const TIMEOUT = { timeout: 30_000 };

/** The lines of a log, and a way to wait for one. */
class Lines {
  text = '';
  readonly #waiting: { readonly pattern: RegExp; readonly found: () => void }[] = [];

  write(line: string): void {
    this.text += line;
    for (const { pattern, found } of this.#waiting) if (pattern.test(this.text)) found();
  }

  until(pattern: RegExp): Promise<void> {
    return new Promise((found) => {
      this.#waiting.push({ pattern, found });
      this.write('');
    });
  }
}

type Place = Pick<Emulator, 'apiUrl' | 'token'>;

async function start({ apiUrl, token }: Place, lines = new Lines(), path = ':memory:') {
  const config = readConfig({
    DISCORD_TOKEN: token,
    DISCORD_API_URL: apiUrl,
    DATABASE_URL: `sqlite:${path}`,
    LOG_LEVEL: 'debug',
  });
  const log = createLog(config, () => token, lines);
  return await startService(config, { log });
}

/** Connected, and the list that closes the gap of the start is read: joins from now on are clear. */
async function watching(service: Service, discord: Emulator): Promise<void> {
  const before = lists(discord);
  await service.ready;
  await discord.waitFor(() => lists(discord) > before);
  await service.tracker.drain();
}

function lists(discord: Emulator): number {
  return discord.requests.filter(({ route, status }) => LIST.test(route) && status === 200).length;
}

const LIST = /GET \/guilds\/:guild\/invites$/;

function databaseFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'wherefrom-app-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, 'wherefrom.db');
}

/** A town whose invite is `abc`, and what its join log says. */
function town(discord: Emulator) {
  const guild = discord.act({ kind: 'createGuild', name: 'Town', invites: [{ code: 'abc' }] });
  const { guildId, channelIds } = guild;
  const channelId = channelIds['join-logs'] ?? '';
  const log = () => discord.messages(channelId).map(({ body }) => body.content);
  const join = () =>
    discord.act({ kind: 'join', guildId, via: { kind: 'invite', code: 'abc' } }).userId;
  return { guildId, log, join };
}

// Each has a Discord and a database of its own.
describe('the service', { concurrency: true }, () => {
  test('a join by an invite gives a line in join-logs', TIMEOUT, async () => {
    await using discord = await startEmulator({ deterministic: true });
    const { log, join } = town(discord);
    const lines = new Lines();
    await using service = await start(discord, lines);
    await watching(service, discord);
    const userId = join();
    await discord.waitFor(() => log().length > 0);
    assert.match(log()[0] ?? '', new RegExp(`<@${userId}>.*\`abc\``));
    assert.match(lines.text, /connected as wherefrom/);
    assert.match(lines.text, /permissions=52400/);
    assert.doesNotMatch(lines.text, new RegExp(discord.token));
    await service.stop();
    assert.deepEqual(discord.errors, []);
  });

  test('joins while the connection is down are told after it resumed', TIMEOUT, async () => {
    await using discord = await startEmulator({ deterministic: true });
    const { log, join } = town(discord);
    await using service = await start(discord);
    await watching(service, discord);
    discord.disconnect();
    join();
    await discord.waitFor(() => log().length > 0);
    assert.match(log()[0] ?? '', /`abc`/);
    assert.equal(discord.gateway.resumes, 1);
    assert.deepEqual(discord.errors, []);
  });

  test(
    'a restart goes on with the session: who joins meanwhile is told, and certain',
    TIMEOUT,
    async (t) => {
      const path = databaseFor(t);
      await using discord = await startEmulator({ deterministic: true });
      const place = town(discord);
      await using first = await start(discord, new Lines(), path);
      await watching(first, discord);
      place.join();
      await discord.waitFor(() => place.log().length === 1);
      await first.stop();
      const read = lists(discord);
      const missed = place.join();
      const output = new Lines();
      await using second = await start(discord, output, path);
      await second.ready;
      await discord.waitFor(() => place.log().length === 2);
      assert.match(place.log()[1] ?? '', new RegExp(`<@${missed}> .*\`abc\``));
      assert.doesNotMatch(place.log()[1] ?? '', /likely|away/);
      assert.match(output.text, /goes on with its session/);
      assert.deepEqual([discord.gateway.identifies, discord.gateway.resumes], [1, 1]);
      assert.equal(lists(discord), read + 1);
      assert.deepEqual(discord.errors, []);
    },
  );

  test('nothing is read at a restart while nothing happens', TIMEOUT, async (t) => {
    const path = databaseFor(t);
    await using discord = await startEmulator({ deterministic: true, sessionTtlMs: 1 });
    town(discord);
    await using first = await start(discord, new Lines(), path);
    await watching(first, discord);
    await first.stop();
    const read = lists(discord);
    const output = new Lines();
    await using second = await start(discord, output, path);
    await second.ready;
    await discord.settled();
    assert.equal(lists(discord), read);
    assert.match(output.text, /a guild arrived .*cause=restart/);
    assert.equal(discord.requests.filter(({ route }) => /members/.test(route)).length, 0);
  });

  test(
    'where the session is gone, who joined meanwhile is found, and named as late',
    TIMEOUT,
    async (t) => {
      const path = databaseFor(t);
      await using discord = await startEmulator({ deterministic: true, sessionTtlMs: 1 });
      const place = town(discord);
      await using first = await start(discord, new Lines(), path);
      await watching(first, discord);
      await first.stop();
      const missed = [place.join(), place.join()];
      await using second = await start(discord, new Lines(), path);
      await second.ready;
      await discord.waitFor(() => place.log().join().split('<@').length === 3);
      for (const userId of missed) {
        const line = place
          .log()
          .join('\n')
          .split('\n')
          .find((each) => each.includes(userId));
        assert.match(line ?? place.log().join(), /`abc`.*likely.*while the bot was away/);
      }
      assert.deepEqual(discord.errors, []);
    },
  );

  test('a missing intent is told plainly, and does not end the process', TIMEOUT, async () => {
    await using discord = await startEmulator({ deterministic: true, applicationFlags: 0 });
    const lines = new Lines();
    await using service = await start(discord, lines);
    await lines.until(/Server Members Intent/);
    assert.match(lines.text, /Where to fix it: Developer Portal/);
    assert.doesNotMatch(lines.text, /\n\s+at /);
    await service.stop();
  });

  test('a refused token is told plainly, and is not shown', TIMEOUT, async () => {
    await using discord = await startEmulator({ deterministic: true });
    const lines = new Lines();
    await using service = await start({ apiUrl: discord.apiUrl, token: 'wrong.token' }, lines);
    await lines.until(/refused the bot token/);
    assert.doesNotMatch(lines.text, /wrong\.token/);
    await service.stop();
  });
});
