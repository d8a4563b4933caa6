import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  // With JOURNAL=on: what was observed, step by step, and what was answered. A segment begins with
  // the state before its first step (step 0), so that it can be replayed alone.
  `create table journal (
    id integer primary key,
    guild text not null,
    segment integer not null,
    step integer not null,
    at integer not null,
    entry text not null,
    unique (guild, segment, step)
  ) strict`,
  'create index journal_start on journal (at) where step = 0',
] as const;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
