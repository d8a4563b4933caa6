import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { MIGRATIONS } from './migrations/migrations.ts';
import { NodeSqliteDialect } from './node-sqlite-dialect.ts';
import type { Schema } from './schema.ts';
import { corruptFailure, newerFailure, storageFailure } from './storage-failure.ts';

/** "wfrm": marks the file as ours. */
const APPLICATION_ID = 0x7766726d;

/** A database that was checked and brought up to date, and two ways to ask it. */
export interface Database {
  readonly path: string;
  /** For the hot path: prepared statements that run in one go. */
  readonly sqlite: DatabaseSync;
  /** For everything else. */
  readonly queries: Kysely<Schema>;
}

/**
 * Opens the file (`:memory:` for none), or makes it with its folder.
 * @throws ServiceError if it cannot be written, is damaged, not ours, or from a newer version. The
 * file is then as it was.
 */
export async function openDatabase(path: string): Promise<Database> {
  let sqlite: DatabaseSync | null = null;
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
    sqlite = new DatabaseSync(path, { timeout: 5_000 });
    check(sqlite, path);
    setUp(sqlite);
    const queries = new Kysely<Schema>({ dialect: new NodeSqliteDialect(sqlite) });
    await migrate(queries);
    return { path, sqlite, queries };
  } catch (cause) {
    sqlite?.close();
    throw storageFailure(path, cause);
  }
}

/** Runs `work` in one transaction; whatever it throws, nothing of it stays. */
export function transact<T>(database: Database, work: () => T): T {
  const { sqlite, path } = database;
  try {
    sqlite.exec('begin immediate');
    const result = work();
    sqlite.exec('commit');
    return result;
  } catch (cause) {
    // A full disk makes SQLite roll back by itself.
    if (sqlite.isOpen && sqlite.isTransaction) sqlite.exec('rollback');
    throw storageFailure(path, cause);
  }
}

/** Runs a reading; what SQLite throws becomes a ServiceError. */
export function reading<T>(database: Database, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw storageFailure(database.path, cause);
  }
}

/** Reads only: nothing is written before it is known that the file may be. */
function check(sqlite: DatabaseSync, path: string): void {
  const verdict = sqlite.prepare('pragma quick_check(1)').get()?.quick_check;
  if (verdict !== 'ok') throw corruptFailure(path, String(verdict));
  checkOwner(sqlite, path);
}

/** @throws ServiceError if the database is of another program, or of a newer version of this one */
export function checkOwner(sqlite: DatabaseSync, path: string): void {
  const tables = sqlite.prepare("select name from sqlite_master where type = 'table'").all();
  if (tables.length === 0) return;
  const owner = sqlite.prepare('pragma application_id').get()?.application_id;
  if (owner !== APPLICATION_ID) throw corruptFailure(path, 'it is the database of another program');
  if (!tables.some((table) => table.name === 'kysely_migration')) return;
  const done = sqlite.prepare('select name from kysely_migration order by name').all();
  const unknown = done.map((row) => String(row.name)).filter((name) => !(name in MIGRATIONS));
  if (unknown.length > 0) throw newerFailure(path, unknown);
}

function setUp(sqlite: DatabaseSync): void {
  sqlite.exec(`
    pragma application_id = ${APPLICATION_ID};
    pragma journal_mode = wal;
    pragma synchronous = normal;
    pragma foreign_keys = on;
    pragma cache_size = -65536;
    pragma temp_store = memory;
  `);
}

async function migrate(queries: Kysely<Schema>): Promise<void> {
  const migrator = new Migrator({
    db: queries,
    provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
