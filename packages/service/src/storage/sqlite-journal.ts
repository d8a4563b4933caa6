import { type Database, reading, transact } from './database.ts';
import { prepare, type Statement } from './statements.ts';

/** Nothing in the journal is older than this, whether it is still written or not. */
export const JOURNAL_KEPT_MS = 7 * 86_400_000;
/** Dropped at once: others wait for the database meanwhile. */
const DROPPED_AT_ONCE = 20;

interface Segment {
  readonly guild: string;
  readonly segment: number;
}

/** The care for what is recorded, with the setting on or off. */
export class SqliteJournal {
  readonly #database: Database;
  readonly #old: Statement<Segment>;
  readonly #drop: Statement<never>;

  constructor(database: Database) {
    this.#database = database;
    this.#old = prepare(
      database.sqlite,
      `select guild, segment from journal where step = 0 and at < :before
       order by at limit ${DROPPED_AT_ONCE}`,
    );
    this.#drop = prepare(
      database.sqlite,
      'delete from journal where guild = :guild and segment = :segment',
    );
  }

  /** Drops a few of the segments that are too old. True if there may be more. */
  forget(now: number): boolean {
    const before = now - JOURNAL_KEPT_MS;
    const old = reading(this.#database, () => this.#old.all({ before }));
    if (old.length === 0) return false;
    transact(this.#database, () => {
      for (const { guild, segment } of old) this.#drop.run({ guild, segment });
    });
    return old.length === DROPPED_AT_ONCE;
  }
}
