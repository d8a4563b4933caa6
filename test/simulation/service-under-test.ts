import type { GuildStep, SearchMode, Tracker, TrackerReport, UserId } from 'wherefrom';
import type { Dispatch } from '../../packages/service/src/gateway/dispatch.ts';
import type { StepFollower } from '../../packages/service/src/gateway/resume-rows.ts';
import { buildHouse, type House } from '../../packages/service/src/house.ts';
import type { Outbox } from '../../packages/service/src/join-log/outbox.ts';
import { createLog } from '../../packages/service/src/startup-log.ts';
import type { Database } from '../../packages/service/src/storage/database.ts';
import type { SqliteStore } from '../../packages/service/src/storage/sqlite-store.ts';
import type { Discord, Wanted } from './discord.ts';
import { type Disk, FragileDatabase } from './fragile-database.ts';
import type { Listener } from './session.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { type RestSide, SimulatedRest } from './simulated-rest.ts';

const SHARD = 0;
const CARE_MS = 5_000;
/** From the start of a process to its connection, at least. */
const CONNECT_MS = 150;

export interface ServiceParts {
  readonly discord: Discord;
  readonly database: Database;
  readonly disk: Disk;
  readonly side: RestSide;
  readonly memberSearch: SearchMode;
  /** A step is in the database; `acknowledged` is false where its process is told otherwise. */
  readonly written: (step: GuildStep, acknowledged: boolean) => void;
  readonly reported: (report: TrackerReport) => void;
  readonly logged: (line: string) => void;
  /** It was killed at a write. */
  readonly killed: () => void;
}

/**
 * One process of the service: the house of `house.ts`, as the bot runs it. Only the ground is
 * another: sockets, timers, the wall clock, and a database that can fail.
 */
export class ServiceUnderTest implements Listener {
  readonly clock: SimulatedClock;
  readonly rest: SimulatedRest;
  readonly #parts: ServiceParts;
  readonly #database: FragileDatabase & Database;
  readonly #house: House;
  /** Where the library would go on by itself. */
  #wanted: Wanted | null = null;
  #connected = false;
  #stopping = false;
  #dead = false;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
    const { discord, side, memberSearch, reported } = parts;
    this.clock = new SimulatedClock({
      queue: discord.queue,
      errorMs: () => discord.weather.clockErrorMs,
      onDoubt: () => this.#house.dispatch.clockDoubted(),
    });
    this.rest = new SimulatedRest(discord, this.clock, side);
    const watch = new CommitWatch(parts.written);
    this.#database = FragileDatabase.over(parts.database, {
      disk: parts.disk,
      killed: () => this.#die(),
      committed: (acknowledged) => watch.committed(acknowledged),
    });
    this.#house = buildHouse({
      clock: this.clock,
      rest: this.rest,
      database: this.#database,
      connection: 'simulation',
      memberSearch,
      log: createLog({ logLevel: 'error', logFormat: 'json' }, () => '', { write: parts.logged }),
      committed: () => {},
      reported,
      follow: (follower) => watch.before(follower),
    });
    const sessions = this.#house.restore(discord.world.bot.id as UserId);
    for (const { sessionId, sequence } of sessions) this.#wanted = { sessionId, sequence };
  }

  get tracker(): Tracker {
    return this.#house.tracker;
  }

  get joinLog(): Outbox {
    return this.#house.joinLog;
  }

  get store(): SqliteStore {
    return this.#house.store;
  }

  get #dispatch(): Dispatch {
    return this.#house.dispatch;
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** Connects, be it for the first time. */
  connect(): void {
    this.#parts.discord.queue.after(CONNECT_MS, () => {
      if (!this.#dead && !this.#stopping) this.#parts.discord.connect(this, this.#wanted);
    });
  }

  take(event: { readonly t: string; readonly s: number; readonly d: unknown }): void {
    if (this.#dead || this.#stopping) return;
    const { t, s, d } = event;
    // The library notes an event before it hands it over.
    if (t === 'READY')
      this.#wanted = { sessionId: (d as { session_id: string }).session_id, sequence: s };
    else if (this.#wanted !== null) this.#wanted = { ...this.#wanted, sequence: s };
    this.#dispatch.take(event, SHARD);
    if (t === 'READY' || t === 'RESUMED') this.#ready();
  }

  heard(): void {
    if (!this.#dead) this.#dispatch.heard(SHARD);
  }

  lost(): void {
    if (!this.#dead) this.#dispatch.lost(SHARD);
  }

  /** SIGKILL: whatever was under way stays as it is. */
  kill(): void {
    if (this.#dead) return;
    this.#dead = true;
    this.rest.close();
    this.clock.close();
    this.#database.close();
  }

  /** SIGTERM, as `stop` of app.ts: open requests and unsent lines get five seconds each. */
  async stop(drainMs = 5_000): Promise<void> {
    this.#stopping = true;
    // The library tells of every connection that closes, be it by our own wish.
    this.lost();
    const waited = new Promise<void>((resolve) => {
      this.clock.schedule(this.clock.now() + drainMs, resolve);
    });
    await Promise.race([this.tracker.drain(), waited]);
    await this.tracker.stop();
    await this.joinLog.drain(drainMs);
    if (this.#dead) return;
    this.#house.care.markAlive(this.tracker.health().failingGuilds === 0);
    this.#house.care.flushResumePoint();
    this.kill();
  }

  #ready(): void {
    if (this.#connected || this.#dead) return;
    this.#connected = true;
    this.joinLog.start();
    this.#tick();
  }

  #die(): void {
    this.kill();
    this.#parts.killed();
  }

  #tick(): void {
    this.#parts.discord.queue.after(CARE_MS, () => {
      if (this.#dead || this.#stopping) return;
      this.#house.care.markAlive(false);
      this.#house.care.flushResumePoint();
      this.#tick();
    });
  }
}

/** Tells of each step as its transaction is done. */
class CommitWatch {
  readonly #written: ServiceParts['written'];
  #step: GuildStep | null = null;

  constructor(written: ServiceParts['written']) {
    this.#written = written;
  }

  before(follower: StepFollower): StepFollower {
    return {
      write: (step) => {
        this.#step = step;
        follower.write(step);
      },
      finished: (step) => follower.finished(step),
    };
  }

  committed(acknowledged: boolean): void {
    const step = this.#step;
    this.#step = null;
    if (step !== null) this.#written(step, acknowledged);
  }
}
