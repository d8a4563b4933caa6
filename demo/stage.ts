import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulator, startEmulator } from '@wherefrom/emulator';
import { createLog, readConfig, type Service, startService } from '@wherefrom/service';
import type { GuildId, GuildStep, Observation } from 'wherefrom';

/** The emulator and the real service, connected over sockets, with SQLite in a temporary folder. */
export interface Stage extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly folder: string;
  /** Everything the service observed, by guild, across restarts. */
  readonly journals: ReadonlyMap<GuildId, readonly Observation[]>;
  /** Resolves when the service is connected and every guild has its first list. */
  start(): Promise<void>;
  service(): Service;
  /** Stops the bot as a deployment would and starts it again on the same files. */
  restart(): Promise<void>;
}

export async function openStage(
  seed: number,
  committed: (step: GuildStep) => void,
): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'wherefrom-demo-'));
  const emulator = await startEmulator({ seed });
  const journals = new Map<GuildId, Observation[]>();
  let running: Service | null = null;

  const keep = (step: GuildStep): void => {
    const journal = journals.get(step.guildId) ?? [];
    journal.push(...step.observations);
    journals.set(step.guildId, journal);
    committed(step);
  };
  const start = async (): Promise<void> => {
    const config = readConfig({
      DISCORD_TOKEN: emulator.token,
      DISCORD_API_URL: emulator.apiUrl,
      DATA_DIR: folder,
      LOG_LEVEL: 'warn',
    });
    const log = createLog(config, () => emulator.token);
    running = await startService(config, { log, committed: keep });
    await running.ready;
  };
  return {
    emulator,
    folder,
    journals,
    start,
    service: () => running!,
    restart: async () => {
      await running?.stop();
      await start();
    },
    [Symbol.asyncDispose]: async () => {
      await running?.stop();
      await emulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
