import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulator, startEmulator, type TruthRecord } from '@wherefrom/emulator';
import { createLog, readConfig, type Service, startService } from '@wherefrom/service';
import type { Attribution, GuildStep, Observation } from 'wherefrom';

export const nameOf = (guildId: string, userId: string, joinedAt: number): string =>
  `${guildId}/${userId}/${joinedAt}`;

/** Emulator with drawn delays, real service, and all that the service has concluded so far. */
export class Stage implements AsyncDisposable {
  readonly emulator: Emulator;
  readonly folder: string;
  readonly answers = new Map<string, Attribution>();
  readonly journals = new Map<string, Observation[]>();
  /** Names of joins that nobody could see: made while the bot was away. */
  readonly unseen = new Set<string>();
  logText = '';
  #service: Service | null = null;
  readonly #watchers = new Set<() => void>();

  constructor(emulator: Emulator, folder: string) {
    this.emulator = emulator;
    this.folder = folder;
  }

  get service(): Service {
    if (this.#service === null) throw new Error('the service has not started');
    return this.#service;
  }

  get databasePath(): string {
    return join(this.folder, 'wherefrom.db');
  }

  async start(): Promise<void> {
    const { token, apiUrl } = this.emulator;
    const config = readConfig({
      DISCORD_TOKEN: token,
      DISCORD_API_URL: apiUrl,
      DATA_DIR: this.folder,
      LOG_LEVEL: 'info',
    });
    const write = (line: string): void => {
      this.logText += line;
    };
    const log = createLog(config, () => token, { write });
    this.#service = await startService(config, { log, committed: (step) => this.#keep(step) });
    await this.#service.ready;
  }

  #keep({ guildId, observations, records }: GuildStep): void {
    const journal = this.journals.get(guildId) ?? [];
    journal.push(...observations);
    this.journals.set(guildId, journal);
    for (const answer of records) {
      this.answers.set(nameOf(guildId, answer.userId, answer.joinedAt), answer);
    }
    for (const watcher of this.#watchers) watcher();
  }

  /** Resolves once it holds; asked again after each step that was stored. */
  until(what: string, holds: () => boolean, timeoutMs = 100_000): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = (): void => {
      if (!holds()) return;
      clearTimeout(deadline);
      this.#watchers.delete(look);
      resolve();
    };
    const deadline = setTimeout(() => {
      this.#watchers.delete(look);
      const open = this.unsettled().map(({ guildId, userId, joinedAtMs, origin }) => {
        const answer = this.answers.get(nameOf(guildId, userId, joinedAtMs));
        return `${guildId} ${userId}, ${JSON.stringify(origin)}: ${JSON.stringify(answer)}`;
      });
      const text = [`${what}: not after ${timeoutMs} ms; open:`, ...open, this.logText].join('\n');
      reject(new Error(text));
    }, timeoutMs);
    this.#watchers.add(look);
    look();
    return promise;
  }

  /** Something of that sort was observed in the guild, after the first `from` observations. */
  observed(
    guildId: string,
    holds: (seen: Observation) => boolean,
    from = this.seen(guildId),
  ): Promise<void> {
    const what = `an observation in ${guildId}: ${holds.toString()}`;
    return this.until(what, () => (this.journals.get(guildId) ?? []).slice(from).some(holds));
  }

  /** How many observations the guild has had. */
  seen(guildId: string): number {
    return this.journals.get(guildId)?.length ?? 0;
  }

  /** Every join that could be seen has its settled answer. */
  calm(guildId: string | null = null): Promise<void> {
    return this.until(
      `calm in ${guildId ?? 'all guilds'}`,
      () => this.unsettled(guildId).length === 0,
    );
  }

  unsettled(guildId: string | null = null): TruthRecord[] {
    return this.emulator.truth().filter((truth) => {
      if (guildId !== null && truth.guildId !== guildId) return false;
      const name = nameOf(truth.guildId, truth.userId, truth.joinedAtMs);
      return !this.unseen.has(name) && !this.answers.get(name)?.settled;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#service?.stop();
    await this.emulator.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

export async function openStage(seed: number): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'wherefrom-situations-'));
  const emulator = await startEmulator({
    seed,
    latencyMs: [10, 150],
    eventDelayMs: [0, 400],
    limits: { messages: { limit: 5, windowMs: 2_000 } },
  });
  return new Stage(emulator, folder);
}
