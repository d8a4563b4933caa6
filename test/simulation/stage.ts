import { ActionError, createPrng, type Guild, type RangeMs } from '@wherefrom/emulator';
import type { SearchMode } from 'wherefrom';
import { SAME_JOIN_MS } from '../../packages/core/src/engine/constants.ts';
import { type Database, openDatabase } from '../../packages/service/src/storage/database.ts';
import type { SqliteStore } from '../../packages/service/src/storage/sqlite-store.ts';
import { type ChanceOf, chanceOf, mixed } from './chance.ts';
import { Discord } from './discord.ts';
import { EventQueue, settled } from './event-queue.ts';
import type { Disk } from './fragile-database.ts';
import { perform } from './perform.ts';
import { Recorder } from './recorder.ts';
import type { Entry, Mishap, Script } from './script.ts';
import { ServiceUnderTest } from './service-under-test.ts';
import type { RestSide } from './simulated-rest.ts';
import { START } from './start.ts';
import type { Weather } from './weather.ts';

/** After the last entry: long enough for every look, retry, wait and give-up. */
const QUIET_MS = 25 * 60_000;

/** What a stage needs of a world. */
export interface StageWorld {
  readonly seed: number;
  readonly script: Script;
  readonly weather: Weather;
  readonly search: SearchPlan;
}

/** When the bot asks for Discord's own record, and how late that is. */
export interface SearchPlan {
  readonly mode: SearchMode;
  readonly lagMs: RangeMs;
  readonly coldMs: number;
}

/** How long a process is away, and whether its session waits for the next one. */
interface Ending {
  readonly downMs: number;
  readonly resumable: boolean;
}

/** One world: Discord, a database, and the processes of the service, one after another. */
export class Stage {
  readonly queue = new EventQueue(START);
  readonly discord: Discord;
  readonly chance: ChanceOf;
  readonly disk: Disk;
  readonly side: RestSide = { views: new Map(), refusing: new Set(), requests: 0 };
  /** Ids of the guilds of the script, in its order. */
  readonly guildIds: string[] = [];
  readonly script: Script;
  readonly recorder: Recorder;
  #database: Database | null = null;
  readonly #search: SearchMode;
  #service: ServiceUnderTest | null = null;
  #stopping = false;
  #failure: unknown = null;

  constructor({ seed, script, weather, search }: StageWorld) {
    this.script = script;
    this.#search = search.mode;
    this.chance = chanceOf(seed);
    this.disk = { failing: 0, fatal: null, prng: createPrng(mixed(seed, 'disk')) };
    this.discord = new Discord(this.queue, this.chance, weather, { seed, search });
    this.recorder = new Recorder(this.discord.world.truth);
  }

  /** Of the process that runs now. */
  get store(): SqliteStore {
    return this.#service!.house.store;
  }

  get service(): ServiceUnderTest | null {
    return this.#service;
  }

  guild(index: number): Guild {
    return this.discord.world.guilds.get(this.guildIds[index]!)!;
  }

  /** Two joins so close to each other are one by definition (rule 6). */
  cameLately(guildId: string, userId: string): boolean {
    const { recorder, queue } = this;
    const since = queue.now - SAME_JOIN_MS;
    return recorder.joinsOf(guildId, userId).some(({ joinedAtMs }) => joinedAtMs > since);
  }

  /** Lets everything happen, and then time pass until nothing can happen any more. */
  async play(): Promise<void> {
    this.#database = await openDatabase(':memory:');
    for (const userId of this.script.inviters) this.discord.act({ kind: 'createUser', userId });
    for (const spec of this.script.guilds) {
      const { guildId } = this.discord.act({ kind: 'createGuild', ...spec });
      this.guildIds.push(guildId);
    }
    for (const entry of this.script.entries)
      this.queue.at(START + entry.atMs, () => this.#do(entry));
    const lastMs = this.script.entries.at(-1)?.atMs ?? 0;
    this.queue.at(START + lastMs + 1, () => this.#calm());
    this.#begin();
    await this.#until(START + lastMs + QUIET_MS);
  }

  close(): void {
    this.#service?.kill();
    this.#database?.sqlite.close();
  }

  async #until(endMs: number): Promise<void> {
    for (;;) {
      const next = this.queue.next();
      if (next === null || next > endMs) break;
      this.queue.step();
      await settled();
      if (this.#failure !== null) throw this.#failure;
    }
    this.queue.standAt(endMs);
  }

  #do(entry: Entry): void {
    if (entry.guild === null) return this.#befall(entry.mishap);
    try {
      perform(this, this.guild(entry.guild), entry.deed);
    } catch (error) {
      if (!(error instanceof ActionError)) this.#failure = error;
    }
  }

  /** The troubles end: everything must come to rest. */
  #calm(): void {
    this.discord.calm();
    this.disk.failing = 0;
    this.disk.fatal = null;
    this.side.refusing.clear();
  }

  #begin(): void {
    const service: ServiceUnderTest = new ServiceUnderTest({
      discord: this.discord,
      database: this.#database!,
      disk: this.disk,
      side: this.side,
      memberSearch: this.#search,
      written: (step, acknowledged) => this.recorder.written(step, acknowledged),
      reported: (report) => this.recorder.reports.push(report),
      logged: (line) => this.recorder.lines.push(line),
      killed: () => this.#ended(service, this.#fatal),
    });
    this.#service = service;
    this.#stopping = false;
    this.recorder.started();
    service.connect();
  }

  /** What follows when the process is killed at a write. */
  #fatal: Ending = { downMs: 1_000, resumable: true };

  #ended(service: ServiceUnderTest, { downMs, resumable }: Ending): void {
    if (service !== this.#service) return;
    this.discord.session?.cut();
    if (!resumable) this.discord.session?.end();
    this.queue.after(downMs, () => this.#begin());
  }

  #befall(mishap: Mishap): void {
    const service = this.#service;
    if (service === null || service.dead || this.#stopping) return;
    switch (mishap.kind) {
      case 'break':
        return this.#break(service, mishap);
      case 'restart':
        return this.#restart(service, mishap);
      case 'store-fails':
        this.disk.failing = mishap.share;
        this.queue.after(mishap.forMs, () => {
          this.disk.failing = 0;
        });
    }
  }

  #break(service: ServiceUnderTest, mishap: Mishap & { readonly kind: 'break' }): void {
    const { session } = this.discord;
    if (session?.flowing !== true) return;
    const { silentMs, downMs, resumable } = mishap;
    session.cut();
    if (!resumable) session.end();
    this.queue.after(silentMs, () => {
      service.lost();
      this.queue.after(downMs, () => {
        if (this.discord.session === session) service.connect();
      });
    });
  }

  #restart(service: ServiceUnderTest, mishap: Mishap & { readonly kind: 'restart' }): void {
    const { how } = mishap;
    if (how === 'kill-before' || how === 'kill-after') {
      this.#fatal = mishap;
      this.disk.fatal = how === 'kill-before' ? 'before' : 'after';
      return;
    }
    if (how === 'kill') {
      service.kill();
      return this.#ended(service, mishap);
    }
    this.#stopping = true;
    this.discord.session?.cut();
    service.stop().then(
      () => this.#ended(service, mishap),
      (cause: unknown) => {
        this.#failure = cause;
      },
    );
  }
}
