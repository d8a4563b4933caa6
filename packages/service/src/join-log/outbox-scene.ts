import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Attribution, ChannelId, GuildId, GuildStep } from 'wherefrom';
import {
  attributionOf,
  CHANNEL,
  GUILD,
  joinStep,
  LOGGING,
  NOON,
  stepOf,
  userOf,
} from '../storage/examples.ts';
import { openSqliteStore, type SqliteStore } from '../storage/sqlite-store.ts';
import { FakeMessages } from './fake-messages.ts';
import { ManualClock } from './manual-clock.ts';
import { Outbox } from './outbox.ts';
import { RecentRemovals } from './recent-removals.ts';
import type { OutboxReport } from './sender-ports.ts';

export const OTHER_GUILD = '900000000000000002' as GuildId;
export const OTHER_CHANNEL = '910000000000000002' as ChannelId;

/** An outbox over a real store on disk, with Discord and time in the hands of the test. */
export class OutboxScene {
  /** Begins when the step of `joinStep` is committed. */
  readonly clock = new ManualClock(NOON + 300);
  readonly messages = new FakeMessages(this.clock);
  /** Of the process that runs now. */
  reports: OutboxReport[] = [];
  outbox: Outbox;
  store: SqliteStore;
  readonly #folder: string;

  private constructor(folder: string, store: SqliteStore, removals: RecentRemovals) {
    this.#folder = folder;
    this.store = store;
    this.outbox = this.#started(removals);
  }

  static async open(): Promise<OutboxScene> {
    const folder = mkdtempSync(join(tmpdir(), 'wherefrom-'));
    const removals = new RecentRemovals();
    return new OutboxScene(folder, await storeIn(folder, removals), removals);
  }

  close(): void {
    this.store.close();
    rmSync(this.#folder, { recursive: true });
  }

  /** The process dies without tidying up, and a new one starts after the pause, on `opened`. */
  async restart(pauseMs = 0, opened: (store: SqliteStore) => void = () => {}): Promise<void> {
    this.store.close();
    await this.run(pauseMs);
    const removals = new RecentRemovals();
    this.store = await storeIn(this.#folder, removals);
    opened(this.store);
    this.outbox = this.#started(removals);
  }

  async run(ms: number): Promise<void> {
    await this.clock.advanceTo(this.clock.now() + ms);
  }

  async commit(step: GuildStep): Promise<void> {
    await this.store.guildStore.commit(step);
    this.outbox.committed(step);
  }

  revise(changes: Partial<Attribution>): Promise<void> {
    return this.commit(stepOf({ at: this.clock.now(), records: [attributionOf(changes)] }));
  }

  joinNow(number: number, guildId = GUILD): Promise<void> {
    const now = this.clock.now();
    return this.commit(joinStep({ userId: userOf(number), joinedAt: now, seenAt: now }, guildId));
  }

  #started(removals: RecentRemovals): Outbox {
    const reports: OutboxReport[] = [];
    this.reports = reports;
    const outbox = new Outbox({
      clock: this.clock,
      store: this.store.outbox,
      messages: this.messages,
      names: LOGGING.names,
      removals,
      report: (report) => reports.push(report),
    });
    outbox.start();
    return outbox;
  }
}

function storeIn(folder: string, removals: RecentRemovals): Promise<SqliteStore> {
  const channelFor = (guildId: GuildId) => ({
    id: guildId === GUILD ? CHANNEL : OTHER_CHANNEL,
    everyoneReads: false,
  });
  const path = join(folder, 'wherefrom.db');
  return openSqliteStore({ ...LOGGING, path, removals, channels: { channelFor } });
}
