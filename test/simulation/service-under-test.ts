import type { GuildStep, SearchMode, TrackerReport, UserId } from 'wherefrom';
import type { StepFollower } from '../../packages/service/src/gateway/resume-rows.ts';
import { buildHouse, type House } from '../../packages/service/src/house.ts';
import { createLog } from '../../packages/service/src/startup-log.ts';
import type { Database } from '../../packages/service/src/storage/database.ts';
import type { Discord, Wanted } from './discord.ts';
import { type Disk, FragileDatabase } from './fragile-database.ts';
import type { Listener } from './session.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { type RestSide, SimulatedRest } from './simulated-rest.ts';

const SHARD = 0;
const CARE_MS = 5_000;
/** From the start of a process to its connection. */
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
 * One process of the service: the real house on simulated ground. What `app.ts` does around it
 * (connect, start, stop) is done here in simulated time.
 */
export class ServiceUnderTest implements Listener {
  readonly clock: SimulatedClock;
  readonly house: House;
  readonly #parts: ServiceParts;
  readonly #rest: SimulatedRest;
  readonly #database: FragileDatabase & Database;
  /** Where the library would go on by itself. */
  #wanted: Wanted | null = null;
  #connected = false;
  #stopping = false;
  #dead = false;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
    const { discord, side, disk } = parts;
    this.clock = new SimulatedClock({
      queue: discord.queue,
      errorMs: () => discord.weather.clockErrorMs,
      onDoubt: () => this.house.dispatch.clockDoubted(),
    });
    this.#rest = new SimulatedRest(discord, this.clock, side);
    let step: GuildStep | null = null;
    this.#database = FragileDatabase.over(parts.database, {
      disk,
      killed: () => this.#die(),
      committed: (acknowledged) => {
        if (step !== null) parts.written(step, acknowledged);
        step = null;
      },
    });
    const watched = (follower: StepFollower): StepFollower => ({
      write: (written) => {
        step = written;
        follower.write(written);
      },
      finished: (written) => follower.finished(written),
    });
    this.house = buildHouse({
      clock: this.clock,
      rest: this.#rest,
      database: this.#database,
      connection: 'simulation',
      memberSearch: parts.memberSearch,
      log: createLog({ logLevel: 'error', logFormat: 'json' }, () => '', { write: parts.logged }),
      committed: () => {},
      reported: parts.reported,
      follow: watched,
    });
    const sessions = this.house.restore(discord.world.bot.id as UserId);
    for (const { sessionId, sequence } of sessions) this.#wanted = { sessionId, sequence };
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** Requests whose answer is under way. */
  get openRequests(): number {
    return this.#rest.open;
  }

  /** Connects, be it for the first time. */
  connect(): void {
    this.#parts.discord.queue.after(CONNECT_MS, () => {
      if (!this.#dead && !this.#stopping) this.#parts.discord.connect(this, this.#wanted);
    });
  }

  take(event: { readonly t: string; readonly s: number; readonly d: unknown }): void {
    if (this.#dead || this.#stopping) return;
    // The library notes an event before it hands it over.
    this.#wanted = { sessionId: sessionOf(event) ?? this.#wanted!.sessionId, sequence: event.s };
    this.house.dispatch.take(event, SHARD);
    if (event.t === 'READY' || event.t === 'RESUMED') this.#ready();
  }

  heard(): void {
    if (!this.#dead) this.house.dispatch.heard(SHARD);
  }

  lost(): void {
    if (!this.#dead) this.house.dispatch.lost(SHARD);
  }

  /** SIGKILL: whatever was under way stays as it is. */
  kill(): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#rest.close();
    this.clock.close();
    this.#database.close();
  }

  /** SIGTERM, as `stop` of app.ts: open requests and unsent lines get five seconds each. */
  async stop(drainMs = 5_000): Promise<void> {
    const { tracker, joinLog, care, backfill } = this.house;
    this.#stopping = true;
    // The library tells of every connection that closes, be it by our own wish.
    this.lost();
    backfill?.stop();
    const waited = new Promise<void>((resolve) => {
      this.clock.schedule(this.clock.now() + drainMs, resolve);
    });
    await Promise.race([tracker.drain(), waited]);
    await tracker.stop();
    await joinLog.drain(drainMs);
    if (this.#dead) return;
    care.markAlive(tracker.health().failingGuilds === 0);
    care.flushResumePoint();
    this.kill();
  }

  #ready(): void {
    if (this.#connected || this.#dead) return;
    this.#connected = true;
    this.house.joinLog.start();
    this.house.backfill?.start();
    this.#tick();
  }

  #die(): void {
    this.kill();
    this.#parts.killed();
  }

  #tick(): void {
    this.#parts.discord.queue.after(CARE_MS, () => {
      if (this.#dead || this.#stopping) return;
      this.house.care.markAlive(false);
      this.house.care.flushResumePoint();
      this.#tick();
    });
  }
}

function sessionOf({ t, d }: { readonly t: string; readonly d: unknown }): string | null {
  return t === 'READY' ? (d as { readonly session_id: string }).session_id : null;
}
