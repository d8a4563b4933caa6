import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Emulator, type EmulatorOptions, startEmulator, type Via } from '@wherefrom/emulator';
import { createLog, readConfig, type Service, startService } from '@wherefrom/service';
import type { Attribution, GuildId, GuildStep, SearchMode } from 'wherefrom';
import { openTown, type Town, type TownSpec } from './town.ts';

const SEARCH = 'POST /guilds/:guild/members-search';
const LIST = 'GET /guilds/:guild/invites';
const LOOK_MS = 20;
const PATIENCE_MS = 60_000;

/** An emulator, the real service with member search on, and what the service answers. */
export class Stage implements AsyncDisposable {
  readonly emulator: Emulator;
  readonly folder: string;
  readonly towns: Town[] = [];
  /** The latest answer of each member, by guild and user. */
  readonly answers = new Map<string, Attribution>();
  log = '';
  #service: Service | null = null;

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

  town(name: string, spec: TownSpec = {}): Town {
    const town = openTown(this, name, spec);
    this.towns.push(town);
    return town;
  }

  /** Connected, and every town has its first list. */
  async start(mode: SearchMode = 'ambiguous'): Promise<Service> {
    const { token, apiUrl } = this.emulator;
    const config = readConfig({
      DISCORD_TOKEN: token,
      DISCORD_API_URL: apiUrl,
      DATA_DIR: this.folder,
      MEMBER_SEARCH: mode,
    });
    const write = (line: string): void => {
      this.log += line;
    };
    const log = createLog(config, () => token, { write });
    this.#service = await startService(config, { log, committed: (step) => this.#keep(step) });
    await this.#service.ready;
    await this.until('every town has its first list', () =>
      this.towns.every(({ guildId }) => this.requests(LIST, guildId) > 0),
    );
    await this.#service.tracker.drain();
    return this.#service;
  }

  #keep({ guildId, records }: GuildStep): void {
    for (const answer of records) this.answers.set(`${guildId}/${answer.userId}`, answer);
  }

  answer(guildId: GuildId, userId: string): Attribution | null {
    return this.answers.get(`${guildId}/${userId}`) ?? null;
  }

  /** How often a route was answered, in one guild or in all. */
  requests(route: string, guildId: string | null = null): number {
    return this.emulator.requests.filter(
      (each) =>
        each.route === route &&
        each.status !== null &&
        (guildId === null || each.guildId === guildId),
    ).length;
  }

  searches(guildId: string | null = null): number {
    return this.requests(SEARCH, guildId);
  }

  /** Resolves once it holds. */
  async until(what: string, holds: () => boolean, timeoutMs = PATIENCE_MS): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!holds()) {
      if (performance.now() > deadline) {
        throw new Error(`not after ${timeoutMs} ms: ${what}\n${this.log}`);
      }
      await sleep(LOOK_MS);
    }
  }

  /** So much time goes by, for what must not happen in it. */
  async passed(ms: number): Promise<void> {
    await sleep(ms);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#service?.stop();
    await this.emulator.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

export async function openStage(
  options: EmulatorOptions = { deterministic: true },
): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'wherefrom-search-'));
  return new Stage(await startEmulator(options), folder);
}

/** No delays but those of the index, which a deterministic emulator would take away too. */
export function lagging(searchLagMs: number): EmulatorOptions {
  const none = [0, 0] as const;
  return {
    latencyMs: none,
    eventDelayMs: none,
    readAt: 'arrival',
    searchLagMs: [searchLagMs, searchLagMs],
  };
}

export const by = (code: string): Via => ({ kind: 'invite', code });
