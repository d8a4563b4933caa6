import { setTimeout as sleep } from 'node:timers/promises';
import type { Tracker } from 'wherefrom';
import type { DiscordClock } from './clock/discord-clock.ts';
import { learnOffset } from './clock/learn-offset.ts';
import type { Dispatch } from './gateway/dispatch.ts';
import type { ResumePoint } from './gateway/resume-point.ts';
import type { DiscordRest } from './rest/discord-rest.ts';
import { agreementOf, agreementText } from './search-agreement.ts';
import type { Log } from './startup-log.ts';
import { progressText } from './startup-progress.ts';
import type { SqliteStore } from './storage/sqlite-store.ts';

const TICK_MS = 5_000;
const CLOCK_TICKS = 120;
const AGREEMENT_TICKS = 720;
/** What was heard this long ago is stored by now, unless storing fails. */
const COMMITTED_AFTER_MS = 10_000;

export interface CarePorts {
  readonly clock: DiscordClock;
  readonly rest: DiscordRest;
  readonly tracker: Tracker;
  readonly store: Pick<SqliteStore, 'alive' | 'journal'>;
  readonly dispatch: Pick<Dispatch, 'heardUntil'>;
  readonly resume: Pick<ResumePoint, 'flush'>;
  readonly log: Log;
}

/** What has to be done every few seconds: noting that we are alive, progress, the clock. */
export class Care {
  readonly #ports: CarePorts;
  #lists = { wanted: 0, read: 0 };
  #checked = 0;
  #timer: NodeJS.Timeout | null = null;
  #ticks = 0;

  constructor(ports: CarePorts) {
    this.#ports = ports;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS);
    void this.#learnOffset();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /**
   * Stores until when nothing is missing, so that a restart can name its gap. `committed` says that
   * all that was heard is stored; otherwise the last seconds are left out.
   */
  markAlive(committed: boolean): void {
    const { clock, dispatch, store, tracker, log } = this.#ports;
    if (!committed && tracker.health().failingGuilds > 0) return;
    const latest = committed ? Number.POSITIVE_INFINITY : clock.now() - COMMITTED_AFTER_MS;
    try {
      for (const { shardId, at } of dispatch.heardUntil()) {
        store.alive.markAlive(Math.min(at, latest), shardId);
      }
    } catch (cause) {
      log.error({ cause }, 'it could not be stored that we are alive');
    }
  }

  /** Stores how far events are taken in that led to no step. */
  flushResumePoint(): void {
    try {
      this.#ports.resume.flush();
    } catch (cause) {
      this.#ports.log.error({ cause }, 'the resume point could not be stored');
    }
  }

  #tick(): void {
    this.#ticks += 1;
    this.markAlive(false);
    this.flushResumePoint();
    this.#forgetJournal();
    this.#tellProgress();
    if (this.#ticks % CLOCK_TICKS === 0) void this.#learnOffset();
    if (this.#ticks % AGREEMENT_TICKS === 0) this.#tellAgreement();
  }

  /** Once an hour, if any join could be checked meanwhile. */
  #tellAgreement(): void {
    const agreement = agreementOf(this.#ports.tracker.health().notes);
    if (agreement.checked === this.#checked) return;
    this.#checked = agreement.checked;
    this.#ports.log.info(`Discord's own record, since the start: ${agreementText(agreement)}`);
  }

  #forgetJournal(): void {
    const { clock, store, log } = this.#ports;
    try {
      store.journal.forget(clock.now());
    } catch (cause) {
      log.error({ cause }, 'old entries of the journal could not be dropped');
    }
  }

  #tellProgress(): void {
    const lists = this.#ports.tracker.health().firstLists;
    const text = progressText(this.#lists, lists);
    this.#lists = lists;
    if (text !== null) this.#ports.log.info(text);
  }

  async #learnOffset(): Promise<void> {
    const { clock, rest, log } = this.#ports;
    if (clock.state().known) return;
    const known = await learnOffset(
      clock,
      () => rest.request({ method: 'GET', path: '/users/@me' }),
      (delayMs) => sleep(delayMs),
    );
    log.debug({ ...clock.state() }, known ? 'the clock is set' : 'the clock could not be set');
  }
}
