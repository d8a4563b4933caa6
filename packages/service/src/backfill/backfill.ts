import type { Clock, GuildId, GuildStep, MemberPageWanted } from 'wherefrom';
import type { RecordPage } from '../rest/rest-member-search.ts';
import type { BackfillJob, BackfillStore } from './backfill-store.ts';
import { BackfillTelling } from './backfill-telling.ts';
import { meaningOf, type PageMeaning, slicesOf } from './page-meaning.ts';
import { Turns } from './turns.ts';

export interface BackfillLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface BackfillPorts {
  readonly clock: Clock;
  readonly store: BackfillStore;
  readonly records: { page(guildId: GuildId, wanted: MemberPageWanted): Promise<RecordPage> };
  /** Takes a slot for a page, of those that all readers of members share; ms since 1970. */
  readonly slot: () => number;
  /** Guilds that are known to be here. */
  readonly guilds: () => Iterable<GuildId>;
  /** The bot is there and has Manage Server, as far as its roles tell. */
  readonly mayManage: (guildId: GuildId) => boolean;
  readonly log: BackfillLog;
}

/** Why a job that has not ended gets no page at the moment. */
export type BackfillPause = 'not-indexed' | 'unavailable' | 'withdrawn';

/** A job, and what it waits for; null while it goes on. */
export interface BackfillProgress extends BackfillJob {
  readonly waitsFor: BackfillPause | null;
}

/** The most that Discord gives at once. */
const PAGE = 1_000;
/** Members written at once: some milliseconds, in which no join is heard. */
const SLICE = 100;
const SHORTEST_PAUSE_MS = 5_000;
const STORE_PAUSE_MS = 30_000;

/**
 * Names the sources of members who joined before the bot, by Discord's own record: one job per
 * guild, begun once by itself. Jobs take turns page by page, at the pace that member lists have. A
 * job goes on after a restart where its last page was stored.
 */
export class Backfill {
  readonly #ports: BackfillPorts;
  readonly #turns: Turns;
  readonly #telling: BackfillTelling;
  /** Guilds that have a job. */
  readonly #known = new Set<GuildId>();
  readonly #pauses = new Map<GuildId, BackfillPause>();
  #withdrawnUntil = Number.NEGATIVE_INFINITY;
  #state: 'new' | 'running' | 'stopped' = 'new';

  constructor(ports: BackfillPorts) {
    this.#ports = ports;
    this.#turns = new Turns({
      ...ports,
      take: (guildId) => this.#readPage(guildId),
      failed: (_, cause) => this.#failed(cause),
    });
    this.#telling = new BackfillTelling({
      ...ports,
      waiting: () => this.#turns.waiting,
      failed: (cause) => this.#failed(cause),
    });
  }

  /** Goes on with what an earlier process left, and begins where nothing was begun. */
  start(): void {
    if (this.#state !== 'new') return;
    this.#state = 'running';
    this.#attempt(() => {
      for (const { guildId, state } of this.#ports.store.jobs()) {
        this.#known.add(guildId);
        if (state === 'running') this.#turns.add(guildId);
      }
      for (const guildId of this.#ports.guilds()) this.#beginOnce(guildId);
    });
    this.#telling.stirred();
  }

  /** Reads nothing more. The answer to what is under way is not stored: it is asked again. */
  stop(): void {
    this.#state = 'stopped';
    this.#turns.stop();
    this.#telling.stop();
  }

  /** The tracker's `committed`: a guild that is now watched, or may be asked again. */
  committed({ guildId, observations }: GuildStep): void {
    if (this.#state !== 'running') return;
    if (!observations.some(({ kind }) => kind === 'access' || kind === 'gap')) return;
    this.#attempt(() => {
      if (!this.#known.has(guildId)) this.#beginOnce(guildId);
      else if (this.#isRefused(guildId)) this.#goOn(guildId);
    });
  }

  /**
   * Begins the job of a guild, or goes on with one that was refused or got stuck; one that is done
   * stays done. Null while the guild is not watched yet.
   * @throws ServiceError if it cannot be stored
   */
  begin(guildId: GuildId): BackfillProgress | null {
    const { store, clock } = this.#ports;
    const job = store.begin(guildId, clock.now());
    if (job === null) return null;
    this.#known.add(guildId);
    if (job.state !== 'done') this.#goOn(guildId);
    return this.progress(guildId);
  }

  /**
   * Null for a guild without a job.
   * @throws ServiceError if it cannot be read
   */
  progress(guildId: GuildId): BackfillProgress | null {
    const job = this.#ports.store.job(guildId);
    return job === null ? null : { ...job, waitsFor: this.#pauseOf(job) };
  }

  #pauseOf({ guildId, state }: BackfillJob): BackfillPause | null {
    if (state !== 'running') return null;
    if (this.#ports.clock.now() < this.#withdrawnUntil) return 'withdrawn';
    return this.#pauses.get(guildId) ?? null;
  }

  #beginOnce(guildId: GuildId): void {
    const { store, clock, mayManage } = this.#ports;
    if (this.#known.has(guildId) || !mayManage(guildId)) return;
    if (store.begin(guildId, clock.now()) === null) return;
    this.#known.add(guildId);
    this.#turns.add(guildId);
    this.#telling.stirred();
  }

  #isRefused(guildId: GuildId): boolean {
    const { store, mayManage } = this.#ports;
    return mayManage(guildId) && store.job(guildId)?.state === 'refused';
  }

  #goOn(guildId: GuildId): void {
    this.#ports.store.turn(guildId, 'running', null, this.#ports.clock.now());
    this.#turns.add(guildId);
    this.#telling.stirred();
  }

  /** One page of one guild. Answers when it wants its next turn; null: its job has ended. */
  async #readPage(guildId: GuildId): Promise<number | null> {
    const { store, records, mayManage } = this.#ports;
    const job = store.job(guildId);
    if (job?.state !== 'running') return null;
    // A 403 that can be foreseen is not worth one.
    if (!mayManage(guildId)) return this.#end(guildId, 'refused', null);
    const wanted = { since: job.since, until: job.until, limit: PAGE };
    const page = await records.page(guildId, wanted);
    if (this.#state === 'stopped') return null;
    this.#pauses.delete(guildId);
    if (page.kind === 'failed') return this.#pause(guildId, page);
    const meaning = meaningOf(page, wanted);
    if (meaning.kind === 'stuck') return this.#end(guildId, 'stuck', meaning.why);
    return await this.#write(guildId, page, meaning);
  }

  async #write(guildId: GuildId, page: SearchPage, meaning: Progress): Promise<number | null> {
    const { store, clock } = this.#ports;
    const { answeredAt: at, total } = page;
    for (const { members, next } of slicesOf(meaning, SLICE)) {
      store.take({ guildId, at, members, next, total });
      await new Promise<void>((resolve) => clock.schedule(clock.now(), resolve));
      if (this.#state === 'stopped') return null;
    }
    return meaning.next === null ? null : clock.now();
  }

  #pause(guildId: GuildId, { failure, retryAfterMs }: SearchFailed): number | null {
    if (failure === 'refused') return this.#end(guildId, 'refused', null);
    const until = this.#ports.clock.now() + Math.max(retryAfterMs ?? 0, SHORTEST_PAUSE_MS);
    if (failure === 'withdrawn') {
      // Nobody is answered until then: to find that out for each guild would cost a slot each.
      this.#withdrawnUntil = until;
      this.#turns.pauseAll(until);
    } else this.#pauses.set(guildId, failure);
    return until;
  }

  #end(guildId: GuildId, state: 'refused' | 'stuck', why: string | null): null {
    const { store, clock, log } = this.#ports;
    store.turn(guildId, state, why, clock.now());
    if (state === 'stuck') {
      log.warn({ guildId, why }, 'the records of members from before the bot cannot be read on');
    }
    return null;
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (cause) {
      this.#failed(cause);
    }
  }

  #failed(cause: unknown): number {
    this.#ports.log.error({ cause }, 'the records of members from before the bot failed');
    return this.#ports.clock.now() + STORE_PAUSE_MS;
  }
}

type SearchPage = Extract<RecordPage, { readonly kind: 'answered' }>;
type SearchFailed = Extract<RecordPage, { readonly kind: 'failed' }>;
type Progress = Extract<PageMeaning, { readonly kind: 'progress' }>;
