import type { DatabaseSync } from 'node:sqlite';
import { type Database, transact } from './database.ts';
import { prepare, type Statement } from './statements.ts';

/** When a shard was last known to hear Discord, so that a restart can name the gap. */
export class Alive {
  readonly #database: Database;
  readonly #last: Statement<{ readonly at: number }>;
  readonly #mark: Statement<never>;

  constructor(database: Database) {
    const sqlite: DatabaseSync = database.sqlite;
    this.#database = database;
    this.#last = prepare(sqlite, 'select at from alive where shard = :shard');
    this.#mark = prepare(
      sqlite,
      `insert into alive (shard, at) values (:shard, :at)
       on conflict do update set at = max(at, excluded.at)`,
    );
  }

  /** Milliseconds since 1970, or null if this shard never ran. */
  lastAlive(shard = 0): number | null {
    return this.#last.one({ shard })?.at ?? null;
  }

  markAlive(at: number, shard = 0): void {
    transact(this.#database, () => this.#mark.run({ shard, at }));
  }
}
