import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  // 1: found in the member list after a gap; the event of the join never came.
  'alter table ledger add column while_away integer not null default 0',

  // The gateway session of each shard, and the event up to which all is taken in for good: a
  // restart resumes after it. me, connection: whose session it is, where and for which intents; a
  // process that is told otherwise begins a new one.
  `create table session (
    shard integer primary key,
    session text not null,
    resume_url text not null,
    shards integer not null,
    me text not null,
    connection text not null,
    sequence integer not null,
    at integer not null
  ) strict`,

  // What GUILD_CREATE told of each guild, kept up to date: a resumed session sends none. sequence:
  // the last event that this guild's steps hold, so that a replayed one is not taken twice.
  `create table directory (
    guild text primary key not null,
    shard integer not null,
    entry text,
    members integer,
    sequence integer not null,
    absent_cause text,
    absent_since integer
  ) strict, without rowid`,
] as const;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
