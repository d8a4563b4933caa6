import type { GuildId, GuildStep, Receipt } from 'wherefrom';
import { Flights } from './flights.ts';
import type {
  DirectoryRow,
  ResumeRows,
  StepFollower,
  StoredGuild,
  StoredSession,
} from './resume-rows.ts';

export interface ResumePointPorts {
  readonly rows: ResumeRows;
  /** What is to be stored of a guild now; null for one that is gone. */
  readonly describe: (guildId: GuildId) => DirectoryRow | null;
  /** Members of a guild after that event of its shard's session. */
  readonly membersAt: (guildId: GuildId, sequence: number) => number | null;
  readonly now: () => number;
}

/** What one transaction makes final. */
interface Written {
  readonly guildId: GuildId | null;
  /** Receipts of the step's own observations. */
  readonly own: readonly Receipt[];
  /** Guilds whose directory row is in it, with the events that it reflects. */
  readonly rows: ReadonlyMap<GuildId, readonly Receipt[]>;
}

/**
 * Where a restart goes on: the event before the lowest one of each shard's session that is not yet
 * taken in for good. It is stored in the transaction of the step that moves it. An event is taken
 * in when all its observations are stored, and what it changed in the directory too.
 *
 * The gateway library notes an event before it hands it over, so what it would resume from after a
 * crash is too late.
 */
export class ResumePoint implements StepFollower {
  readonly #ports: ResumePointPorts;
  readonly #flights = new Flights();
  readonly #sessions = new Map<number, string>();
  /** Guilds whose stored directory row is out of date, and the events that made it so. */
  readonly #dirty = new Map<GuildId, Receipt[]>();
  /** Of these, the ones with no observation under way: any transaction may write their rows. */
  readonly #loose = new Set<GuildId>();
  /** Observations of a guild that are not stored yet. */
  readonly #pending = new Map<GuildId, number>();
  /** By guild: events up to this one were taken in by an earlier process. */
  readonly #taken = new Map<GuildId, { readonly shardId: number; readonly sequence: number }>();
  #current: Receipt | null = null;
  #written: Written | null = null;

  constructor(ports: ResumePointPorts) {
    this.#ports = ports;
  }

  /** The event that is being taken in at the moment. */
  get current(): Receipt | null {
    return this.#current;
  }

  /** Takes an event in. All that `work` holds or touches must be stored before the event counts. */
  during(shardId: number, sequence: number | null, work: () => void): void {
    if (sequence === null) return work();
    const receipt = this.#flights.begin(shardId, sequence);
    this.#current = receipt;
    try {
      work();
    } finally {
      this.#current = null;
      this.#flights.release(receipt);
    }
  }

  /** An observation will follow from the current event; null if there is none. */
  hold(guildId: GuildId): Receipt | null {
    const receipt = this.#current;
    if (receipt === null) return null;
    this.#flights.hold(receipt);
    this.#pending.set(guildId, (this.#pending.get(guildId) ?? 0) + 1);
    this.#loose.delete(guildId);
    return receipt;
  }

  /** What was held will not be observed after all. */
  drop(guildId: GuildId, receipt: Receipt | null): void {
    if (receipt === null) return;
    this.#settle(guildId, 1);
    this.#flights.release(receipt);
  }

  /** The current event changed what the directory knows of the guild. */
  touch(guildId: GuildId): void {
    const receipts = this.#dirty.get(guildId) ?? [];
    this.#dirty.set(guildId, receipts);
    if (!this.#pending.has(guildId)) this.#loose.add(guildId);
    if (this.#current === null) return;
    this.#flights.hold(this.#current);
    receipts.push(this.#current);
  }

  /** True if an earlier process stored this guild's part of the current event: it is replayed. */
  isTaken(guildId: GuildId): boolean {
    const taken = this.#taken.get(guildId);
    const { current } = this;
    if (taken === undefined || current === null) return false;
    return taken.shardId === current.shardId && current.sequence <= taken.sequence;
  }

  /** READY: a new session. Nothing of the old one can be replayed any more. */
  began(session: StoredSession, guilds: readonly GuildId[]): void {
    const { shardId, sessionId, sequence } = session;
    this.#flights.restart(shardId, sequence);
    // If this one cannot be stored, its numbers are none of the one before, which still is.
    this.#sessions.delete(shardId);
    for (const [guildId, taken] of this.#taken) {
      if (taken.shardId === shardId) this.#taken.delete(guildId);
    }
    const rows = guilds.flatMap((guildId) => this.#ports.describe(guildId) ?? []);
    this.#ports.rows.begin(session, rows);
    this.#sessions.set(shardId, sessionId);
    for (const { guildId } of rows) this.#clean(guildId);
  }

  /** What an earlier process stored: its sessions may be resumed. */
  restore(sessions: readonly StoredSession[], guilds: readonly StoredGuild[]): void {
    for (const { shardId, sessionId, sequence } of sessions) {
      this.#sessions.set(shardId, sessionId);
      this.#flights.restart(shardId, sequence);
    }
    for (const { guildId, shardId, sequence } of guilds) {
      this.#taken.set(guildId, { shardId, sequence });
    }
  }

  write(step: GuildStep): void {
    const own = step.receipts.filter((receipt) => this.#flights.has(receipt));
    const { guildId } = step;
    const rows = this.#rowsToWrite(guildId, step.receipts.length);
    this.#written = { guildId, own, rows };
    this.#store(this.#written);
  }

  finished(step: GuildStep): void {
    this.#settle(step.guildId, step.receipts.length);
    this.#conclude();
  }

  /** Stores what no step will: called every few seconds, and at the end. */
  flush(): void {
    const rows = this.#rowsToWrite(null, 0);
    if (rows.size === 0 && !this.#flights.moved()) return;
    const written: Written = { guildId: null, own: [], rows };
    this.#ports.rows.together(() => this.#store(written));
    this.#written = written;
    this.#conclude();
  }

  /**
   * Not those with observations that are still to be stored: a row that says the guild has come
   * must not be there before the gap that its coming ended.
   */
  #rowsToWrite(
    guildId: GuildId | null,
    finishing: number,
  ): ReadonlyMap<GuildId, readonly Receipt[]> {
    const writable = new Set(this.#loose);
    if (guildId !== null && (this.#pending.get(guildId) ?? 0) <= finishing) writable.add(guildId);
    const rows = new Map<GuildId, readonly Receipt[]>();
    for (const dirty of writable) {
      const receipts = this.#dirty.get(dirty);
      if (receipts !== undefined) rows.set(dirty, receipts);
    }
    return rows;
  }

  #store({ guildId, own, rows }: Written): void {
    const { describe, membersAt, now, rows: stored } = this.#ports;
    for (const dirty of rows.keys()) {
      const row = describe(dirty);
      if (row === null) stored.remove(dirty);
      else stored.put(row);
    }
    const last = own.at(-1);
    if (guildId !== null && last !== undefined && describe(guildId) !== null) {
      stored.advanceGuild(guildId, last, membersAt(guildId, last.sequence));
    }
    const releasing = [...own, ...[...rows.values()].flat()];
    for (const { shardId, sequence } of this.#flights.pointsAfter(releasing)) {
      const sessionId = this.#sessions.get(shardId);
      if (sessionId !== undefined)
        stored.advanceSession({ shardId, sessionId, sequence, at: now() });
    }
  }

  #conclude(): void {
    const written = this.#written;
    this.#written = null;
    if (written === null) return;
    for (const receipt of written.own) this.#flights.release(receipt);
    for (const [guildId, receipts] of written.rows) {
      for (const receipt of receipts) this.#flights.release(receipt);
      this.#clean(guildId);
    }
    this.#flights.stored();
  }

  #settle(guildId: GuildId, observations: number): void {
    const left = (this.#pending.get(guildId) ?? 0) - observations;
    if (left > 0) {
      this.#pending.set(guildId, left);
      return;
    }
    this.#pending.delete(guildId);
    if (this.#dirty.has(guildId)) this.#loose.add(guildId);
  }

  #clean(guildId: GuildId): void {
    this.#dirty.delete(guildId);
    this.#loose.delete(guildId);
  }
}
