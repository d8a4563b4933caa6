import {
  createTracker,
  type GuildId,
  type GuildStep,
  type Profile,
  type Tracker,
  type TrackerReport,
} from 'wherefrom';
import { Dispatch } from '../../packages/service/src/gateway/dispatch.ts';
import { GuildDirectory } from '../../packages/service/src/gateway/guild-directory.ts';
import { Outbox } from '../../packages/service/src/join-log/outbox.ts';
import { RecentNames } from '../../packages/service/src/join-log/recent-names.ts';
import { RecentRemovals } from '../../packages/service/src/join-log/recent-removals.ts';
import { RestInviteSource } from '../../packages/service/src/rest/rest-invite-source.ts';
import { RestMessages } from '../../packages/service/src/rest/rest-messages.ts';
import { Care } from '../../packages/service/src/startup-care.ts';
import { createLog } from '../../packages/service/src/startup-log.ts';
import type { LinePorts } from '../../packages/service/src/storage/line-rows.ts';
import type { SqliteStore } from '../../packages/service/src/storage/sqlite-store.ts';
import type { Listener } from './courier.ts';
import type { Discord } from './discord.ts';
import { type Disk, fragileStore } from './fragile-store.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { type RestSide, SimulatedRest } from './simulated-rest.ts';

const SHARD = 0;
const CARE_MS = 5_000;

export interface ServiceParts {
  readonly discord: Discord;
  readonly store: SqliteStore;
  readonly disk: Disk;
  readonly side: RestSide;
  readonly written: (step: GuildStep, acknowledged: boolean) => void;
  readonly reported: (report: TrackerReport) => void;
  readonly logged: (line: string) => void;
}

/**
 * One process of the service, put together as `app.ts` does it: the real gateway dispatch,
 * tracker, store, outbox and sources. Only sockets, timers and the wall clock are replaced.
 */
export class ServiceUnderTest implements Listener {
  readonly clock: SimulatedClock;
  readonly tracker: Tracker;
  readonly rest: SimulatedRest;
  readonly joinLog: Outbox;
  readonly directory = new GuildDirectory();
  readonly names = new RecentNames();
  readonly removals = new RecentRemovals();
  readonly #dispatch: Dispatch;
  readonly #care: Care;
  readonly #closeStore: () => void;
  #dead = false;
  /** It was killed at a write. */
  onKilled: () => void = () => {};

  constructor(parts: ServiceParts) {
    const { discord, side } = parts;
    this.clock = new SimulatedClock({
      queue: discord.queue,
      errorMs: () => discord.weather.clockErrorMs,
      onDoubt: () => this.#dispatch.clockDoubted(),
    });
    const { clock, directory, names, removals } = this;
    const store = fragileStore({
      store: parts.store,
      disk: parts.disk,
      killed: () => this.#die(),
      written: parts.written,
    });
    this.#closeStore = store.close;
    const log = createLog({ logLevel: 'error', logFormat: 'json' }, () => '', {
      write: parts.logged,
    });
    const seen = ({ userId, displayName }: Profile): void => names.note(userId, displayName);
    this.rest = new SimulatedRest(discord, clock, side);
    this.joinLog = new Outbox({
      clock,
      store: store.outbox,
      messages: new RestMessages({
        rest: this.rest,
        myId: () => directory.myId,
        mayReadHistory: (channelId) => directory.mayReadHistory(channelId),
      }),
      names,
      removals,
      report: () => {},
    });
    this.tracker = createTracker({
      clock,
      source: new RestInviteSource({ rest: this.rest, now: () => clock.now(), seen }),
      store: store.guildStore,
      committed: (step) => this.joinLog.committed(step),
      report: parts.reported,
    });
    this.#dispatch = new Dispatch({
      clock,
      tracker: this.tracker,
      directory,
      seen,
      removed: (removal) => this.joinLog.noteRemoval(removal),
      lastAlive: (shardId) => store.alive.lastAlive(shardId),
      log,
    });
    this.#care = new Care({
      clock,
      rest: this.rest,
      tracker: this.tracker,
      store,
      dispatch: this.#dispatch,
      log,
    });
    this.joinLog.start();
    this.#markAlive(discord);
  }

  get dead(): boolean {
    return this.#dead;
  }

  take(event: { readonly t: string; readonly d: unknown }): void {
    if (!this.#dead) this.#dispatch.take(event, SHARD);
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
    this.#closeStore();
  }

  /** SIGTERM, as `stop` of app.ts: open requests and unsent lines get five seconds each. */
  async stop(drainMs = 5_000): Promise<void> {
    const waited = new Promise<void>((resolve) => {
      this.clock.schedule(this.clock.now() + drainMs, resolve);
    });
    await Promise.race([this.tracker.drain(), waited]);
    await this.tracker.stop();
    await this.joinLog.drain(drainMs);
    if (!this.#dead) this.#care.markAlive(this.tracker.health().failingGuilds === 0);
    this.kill();
  }

  linePorts(): LinePorts {
    return {
      channels: { channelFor: (guildId: GuildId) => this.directory.channelFor(guildId) },
      names: this.names,
      removals: this.removals,
    };
  }

  #die(): void {
    this.kill();
    this.onKilled();
  }

  #markAlive(discord: Discord): void {
    discord.queue.after(CARE_MS, () => {
      if (this.#dead) return;
      this.#care.markAlive(false);
      this.#markAlive(discord);
    });
  }
}
