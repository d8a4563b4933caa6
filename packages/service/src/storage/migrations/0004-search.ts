import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  // One row per guild whose members from before the bot are looked up in Discord's own record.
  // since: everybody who joined before is done; until: who joined later is no concern of it.
  `create table backfill (
    guild text primary key not null,
    state text not null check (state in ('running', 'refused', 'stuck', 'done')),
    reason text,
    since integer not null,
    until integer not null,
    total integer,
    done integer not null,
    reported integer not null,
    no_record integer not null,
    started_at integer not null,
    ended_at integer
  ) strict, without rowid`,
] as const;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
