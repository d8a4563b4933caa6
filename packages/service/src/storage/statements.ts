import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

type Values = Readonly<Record<string, SQLInputValue>>;

/** A prepared statement whose rows have the shape that its text selects. */
export interface Statement<Row> {
  one(values: Values): Row | undefined;
  all(values: Values): readonly Row[];
  /** One row at a time, as they are asked for. */
  each(values: Values): IterableIterator<Row>;
  /** The number of rows that it changed. */
  run(values: Values): number;
}

/** `Row` is a promise of whoever writes the text; SQLite checks the types of strict tables. */
export function prepare<Row = never>(sqlite: DatabaseSync, text: string): Statement<Row> {
  const statement: StatementSync = sqlite.prepare(text);
  return {
    one: (values) => statement.get({ ...values }) as Row | undefined,
    all: (values) => statement.all({ ...values }) as unknown as readonly Row[],
    each: (values) => statement.iterate({ ...values }) as unknown as IterableIterator<Row>,
    run: (values) => Number(statement.run({ ...values }).changes),
  };
}
