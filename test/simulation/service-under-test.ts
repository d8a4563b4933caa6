import type { UserId } from 'wherefrom';
import {
  createTracker,
  type GuildStep,
  type Profile,
  type Tracker,
  type TrackerReport,
} from 'wherefrom';
import { Absences } from '../../packages/service/src/gateway/absences.ts';
import { Dispatch } from '../../packages/service/src/gateway/dispatch.ts';
import { GuildDirectory } from '../../packages/service/src/gateway/guild-directory.ts';
import { describeGuild, restore } from '../../packages/service/src/gateway/restore.ts';
import { ResumePoint } from '../../packages/service/src/gateway/resume-point.ts';
import { Outbox } from '../../packages/service/src/join-log/outbox.ts';
import { RecentNames } from '../../packages/service/src/join-log/recent-names.ts';
import { RecentRemovals } from '../../packages/service/src/join-log/recent-removals.ts';
import { RestInviteSource } from '../../packages/service/src/rest/rest-invite-source.ts';
import { RestMemberList } from '../../packages/service/src/rest/rest-member-list.ts';
import { RestMessages } from '../../packages/service/src/rest/rest-messages.ts';
import { Care } from '../../packages/service/src/startup-care.ts';
import { createLog } from '../../packages/service/src/startup-log.ts';
import type { Database } from '../../packages/service/src/storage/database.ts';
import { SqliteResumeRows } from '../../packages/service/src/storage/sqlite-resume-rows.ts';
import {
  createSqliteStore,
  type SqliteStore,
} from '../../packages/service/src/storage/sqlite-store.ts';
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
  /** A step is in the database; `acknowledged` is false where its process is told otherwise. */
  readonly written: (step: GuildStep, acknowledged: boolean) => void;
  readonly reported: (report: TrackerReport) => void;
  readonly logged: (line: string) => void;
  /** It was killed at a write. */
  readonly killed: () => void;
}

/**
 * One process of the service, put together as `app.ts` does it: the real gateway dispatch, resume
 * point, tracker, store, outbox and sources. Only sockets, timers and the wall clock are replaced.
 */
export class ServiceUnderTest implements Listener {
  readonly clock: SimulatedClock;
  readonly tracker: Tracker;
  readonly rest: SimulatedRest;
  readonly joinLog: Outbox;
  readonly store: SqliteStore;
  readonly directory = new GuildDirectory();
  readonly names = new RecentNames();
  readonly removals = new RecentRemovals();
  readonly #parts: ServiceParts;
  readonly #database: FragileDatabase;
  readonly #dispatch: Dispatch;
  readonly #care: Care;
  /** Where the library would go on by itself. */
  #wanted: Wanted | null = null;
  #connected = false;
  #stopping = false;
  #dead = false;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
    const { discord, side } = parts;
    const { directory, names, removals } = this;
    const clock = new SimulatedClock({
      queue: discord.queue,
      errorMs: () => discord.weather.clockErrorMs,
      onDoubt: () => this.#dispatch.clockDoubted(),
    });
    this.clock = clock;
    const log = createLog({ logLevel: 'error', logFormat: 'json' }, () => '', {
      write: parts.logged,
    });
    const seen = ({ userId, displayName }: Profile): void => names.note(userId, displayName);
    const absences = new Absences();
    let step: GuildStep | null = null;
    const database = FragileDatabase.over(parts.database, {
      disk: parts.disk,
      killed: () => this.#die(),
      committed: (acknowledged) => {
        if (step !== null) parts.written(step, acknowledged);
        step = null;
      },
    });
    this.#database = database;
    const rows = new SqliteResumeRows(database, 'simulation');
    const resume = new ResumePoint({
      rows,
      describe: (guildId) => describeGuild(guildId, directory, absences),
      membersOf: (guildId) => directory.membersOf(guildId),
      now: () => clock.now(),
    });
    this.store = createSqliteStore(
      database,
      { channels: directory, names, removals },
      {
        write: (written) => {
          step = written;
          resume.write(written);
        },
        finished: (written) => resume.finished(written),
      },
    );
    const { store } = this;
    this.rest = new SimulatedRest(discord, clock, side);
    const { rest } = this;
    this.joinLog = new Outbox({
      clock,
      store: store.outbox,
      messages: new RestMessages({
        rest,
        myId: () => directory.myId,
        mayReadHistory: (channelId) => directory.mayReadHistory(channelId),
      }),
      names,
      removals,
      report: () => {},
    });
    this.tracker = createTracker({
      clock,
      source: new RestInviteSource({ rest, now: () => clock.now(), seen }),
      members: new RestMemberList({ rest, myId: () => directory.myId, seen }),
      store: store.guildStore,
      committed: (committed) => this.joinLog.committed(committed),
      report: parts.reported,
    });
    const { tracker } = this;
    const lastAlive = (shardId: number): number | null => store.alive.lastAlive(shardId);
    const removed: ConstructorParameters<typeof Dispatch>[0]['removed'] = (removal) =>
      this.joinLog.noteRemoval(removal);
    this.#dispatch = new Dispatch({
      clock,
      tracker,
      directory,
      absences,
      resume,
      seen,
      removed,
      lastAlive,
      log,
    });
    const dispatch = this.#dispatch;
    this.#care = new Care({ clock, rest, tracker, store, dispatch, resume, log });
    const restoring = { rows, resume, directory, absences, dispatch, lastAlive, log };
    const me = discord.world.bot.id as UserId;
    const sessions = restore({ ...restoring, now: () => clock.now() }, me);
    for (const { sessionId, sequence } of sessions) this.#wanted = { sessionId, sequence };
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
    this.#care.markAlive(this.tracker.health().failingGuilds === 0);
    this.#care.flushResumePoint();
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
      this.#care.markAlive(false);
      this.#care.flushResumePoint();
      this.#tick();
    });
  }
}
