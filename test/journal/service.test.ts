import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type Emulator, startEmulator } from '../../packages/emulator/src/index.ts';
import {
  createLog,
  readConfig,
  type Service,
  startService,
} from '../../packages/service/src/index.ts';
import { replayed } from './recording.ts';
import { runCommand } from './run-command.ts';

const TIMEOUT = { timeout: 120_000 };
const LIST = /GET \/guilds\/:guild\/invites$/;

async function start(discord: Emulator, folder: string, journal: 'on' | 'off'): Promise<Service> {
  const config = readConfig({
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    DATA_DIR: folder,
    JOURNAL: journal,
  });
  return await startService(config, { log: createLog(config, () => '', { write: () => {} }) });
}

function lists(discord: Emulator): number {
  return discord.requests.filter(({ route }) => LIST.test(route)).length;
}

/** The list that closes the gap of the start is read: joins from now on are clear. */
async function watching(service: Service, discord: Emulator): Promise<void> {
  await service.ready;
  await discord.waitFor(() => lists(discord) > 0);
  await service.tracker.drain();
}

describe('the journal of the running service', () => {
  it(
    'is exported while it runs, and replays to the same answers across a restart',
    TIMEOUT,
    async (t) => {
      const folder = mkdtempSync(join(tmpdir(), 'wherefrom-recording-'));
      t.after(() => rmSync(folder, { recursive: true }));
      await using discord = await startEmulator({ deterministic: true });
      const { guildId, channelIds } = discord.act({
        kind: 'createGuild',
        name: 'Town',
        invites: [{ code: 'zebra' }, { code: 'apple' }],
      });
      const log = () => discord.messages(channelIds['join-logs'] ?? '').length;
      const join_ = async (code: string): Promise<string> => {
        const before = log();
        const { userId } = discord.act({ kind: 'join', guildId, via: { kind: 'invite', code } });
        await discord.waitFor(() => log() > before);
        return userId;
      };
      const exported = async (name: string, ...flags: string[]): Promise<string> => {
        const out = join(folder, name);
        const args = ['export', '--guild', guildId, '--out', out, ...flags];
        const { exit, complaints } = await runCommand('journal', args, {
          env: { DATA_DIR: folder },
        });
        assert.equal(exit, 0, complaints);
        return readFileSync(out, 'utf8');
      };

      await using first = await start(discord, folder, 'on');
      await watching(first, discord);
      const users = [await join_('zebra'), await join_('apple')];
      await first.tracker.drain();
      const running = await exported('running.jsonl', '--pseudonyms');
      const { exit, out, complaints } = replayed(running);
      assert.equal(exit, 0, `${complaints}${out}`);
      assert.match(out, /user \d+ joined with `code2` by user 1 · 1 use so far · certain/);
      for (const secret of [...users, guildId, 'zebra', 'apple']) {
        assert.ok(!running.includes(`"${secret}"`), secret);
      }
      await first.stop();

      await using second = await start(discord, folder, 'on');
      await second.ready;
      await discord.settled();
      await join_('zebra');
      await second.stop();
      const whole = replayed(await exported('whole.jsonl'));
      assert.equal(whole.exit, 0, whole.out);
      assert.match(whole.out, /the bot was started again, with the state as it was stored/);
      assert.match(whole.out, /3 joins answered: /);

      await using third = await start(discord, folder, 'off');
      await third.ready;
      await discord.settled();
      await join_('zebra');
      await third.stop();
      const kept = replayed(await exported('kept.jsonl'));
      assert.deepEqual({ ...kept, exit: 0 }, { ...whole, exit: 0 });
      assert.deepEqual(discord.errors, []);
    },
  );
});
