import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { SqliteAdapter, SqliteDialect } from 'kysely';

/**
 * Kysely over `node:sqlite`. The connection is shared with prepared statements that run in one
 * go, so nothing may hold a Kysely transaction open across an `await` once the store is in use.
 */
export class NodeSqliteDialect extends SqliteDialect {
  constructor(db: DatabaseSync) {
    super({
      database: {
        close: () => db.close(),
        prepare: (text) => {
          const statement = db.prepare(text);
          return {
            reader: statement.columns().length > 0,
            all: (values) => statement.all(...inputs(values)),
            run: (values) => statement.run(...inputs(values)),
            iterate: (values) => statement.iterate(...inputs(values)),
          };
        },
      },
    });
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalAdapter();
  }
}

/** SQLite can roll back DDL; with this a migration that fails leaves nothing behind. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

function inputs(values: readonly unknown[]): SQLInputValue[] {
  return values as SQLInputValue[];
}
