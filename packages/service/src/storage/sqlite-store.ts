import type { GuildStore } from 'wherefrom';
import type { BackfillStore } from '../backfill/backfill-store.ts';
import type { StepFollower } from '../gateway/resume-rows.ts';
import type { OutboxStore } from '../join-log/outbox-store.ts';
import { Alive } from './alive.ts';
import { type Database, openDatabase } from './database.ts';
import type { LinePorts } from './line-rows.ts';
import { SqliteBackfill } from './sqlite-backfill.ts';
import { SqliteGuildStore } from './sqlite-guild-store.ts';
import { SqliteJournal } from './sqlite-journal.ts';
import { type Ledger, SqliteLedger } from './sqlite-ledger.ts';
import { SqliteOutbox } from './sqlite-outbox.ts';
import { type SearchFigures, SqliteSearchFigures } from './sqlite-search-figures.ts';

export interface SqliteStoreOptions extends LinePorts {
  /** The file; its folder is made if it is missing. `:memory:` for a store that is gone on close. */
  readonly path: string;
}

/** All that the service keeps, in one SQLite file. */
export interface SqliteStore {
  readonly guildStore: GuildStore;
  readonly ledger: Ledger;
  readonly outbox: OutboxStore;
  readonly alive: Alive;
  readonly backfill: BackfillStore;
  readonly searchFigures: SearchFigures;
  readonly journal: SqliteJournal;
  /** Nothing may be in use any more. Closing twice is fine. */
  close(): void;
}

/**
 * Opens the store, making or upgrading the file as needed.
 * @throws ServiceError: `storage-unwritable`, `storage-full`, `storage-corrupt`, `storage-newer`.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<SqliteStore> {
  return createSqliteStore(await openDatabase(options.path), options);
}

/** The store over an open database. The followers take part in the transaction of each step. */
export function createSqliteStore(
  database: Database,
  ports: LinePorts,
  ...followers: readonly StepFollower[]
): SqliteStore {
  return {
    guildStore: new SqliteGuildStore(database, ports, ...followers),
    ledger: new SqliteLedger(database.queries),
    outbox: new SqliteOutbox(database),
    alive: new Alive(database),
    backfill: new SqliteBackfill(database),
    searchFigures: new SqliteSearchFigures(database),
    journal: new SqliteJournal(database),
    // Kysely owns nothing of its own: closing the connection is all.
    close: () => {
      if (database.sqlite.isOpen) database.sqlite.close();
    },
  };
}
