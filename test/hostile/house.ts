import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulator, type EmulatorOptions, startEmulator } from '@wherefrom/emulator';
import { createLog, readConfig, type Service, startService } from '@wherefrom/service';
import { type Spoiler, startProxy } from './proxy.ts';

/** A guild whose invite is `code`, and what its join log says. */
export interface Town {
  readonly guildId: string;
  readonly channelId: string;
  readonly code: string;
  /** Somebody joins by the invite; answers who. */
  join(username?: string): string;
  lines(): readonly string[];
  /** The join's line is there and names the invite. */
  told(userId: string): Promise<void>;
}

/** A Discord that can be spoiled, the real service, its log and its files. */
export interface House extends AsyncDisposable {
  readonly discord: Emulator;
  readonly proxy: Spoiler;
  readonly folder: string;
  readonly databasePath: string;
  town(name: string): Town;
  /** Connected, and every guild has its first list. */
  start(): Promise<Service>;
  log(): string;
  /** The log says it, now or later. */
  logged(pattern: RegExp): Promise<void>;
}

export async function openHouse(options: EmulatorOptions = {}): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), 'wherefrom-hostile-'));
  const discord = await startEmulator({ deterministic: true, ...options });
  const proxy = await startProxy(discord.apiUrl);
  const running: Service[] = [];
  const towns: Town[] = [];
  const waiting = new Set<() => void>();
  let text = '';
  const write = (line: string): void => {
    text += line;
    for (const look of waiting) look();
  };
  const logged = async (pattern: RegExp): Promise<void> => {
    while (!pattern.test(text)) {
      await new Promise<void>((resolve) => {
        const look = (): void => {
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
      });
    }
  };
  const start = async (): Promise<Service> => {
    const { token } = discord;
    const env = { DISCORD_TOKEN: token, DISCORD_API_URL: proxy.apiUrl, DATA_DIR: folder };
    const config = readConfig({ ...env, LOG_LEVEL: 'debug' });
    const service = await startService(config, { log: createLog(config, () => token, { write }) });
    running.push(service);
    await service.ready;
    await discord.waitFor(() => towns.every(({ guildId }) => isRead(discord, guildId)));
    await service.tracker.drain();
    return service;
  };
  return {
    discord,
    proxy,
    folder,
    databasePath: join(folder, 'wherefrom.db'),
    town: (name) => {
      const town = openTown(discord, name);
      towns.push(town);
      return town;
    },
    start,
    log: () => text,
    logged,
    [Symbol.asyncDispose]: async () => {
      for (const service of running) await service.stop();
      await proxy[Symbol.asyncDispose]();
      await discord.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const LIST = 'GET /guilds/:guild/invites';

function isRead(discord: Emulator, guildId: string): boolean {
  return discord.requests.some(
    (each) => each.route === LIST && each.guildId === guildId && each.status === 200,
  );
}

function openTown(discord: Emulator, name: string): Town {
  const code = `${name}-code`;
  const { guildId, channelIds } = discord.act({ kind: 'createGuild', name, invites: [{ code }] });
  const channelId = channelIds['join-logs'] ?? '';
  const lines = () => discord.messages(channelId).flatMap(({ body }) => body.content.split('\n'));
  return {
    guildId,
    channelId,
    code,
    lines,
    join: (username) =>
      discord.act({
        kind: 'join',
        guildId,
        via: { kind: 'invite', code },
        ...(username === undefined ? {} : { username }),
      }).userId,
    told: (userId) =>
      discord.waitFor(() =>
        lines().some((line) => line.includes(`<@${userId}>`) && line.includes(`\`${code}\``)),
      ),
  };
}
