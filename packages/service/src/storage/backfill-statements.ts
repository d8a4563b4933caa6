import type { DatabaseSync } from 'node:sqlite';
import { SAME_JOIN_MS } from 'wherefrom';
import type { BackfillTotals } from '../backfill/backfill-store.ts';
import type { BackfillTable } from './schema.ts';
import { prepare } from './statements.ts';

export type BackfillStatements = ReturnType<typeof backfillStatements>;

/** The SQL of the backfill jobs, prepared. */
export function backfillStatements(sqlite: DatabaseSync) {
  return {
    one: prepare<BackfillTable>(sqlite, 'select * from backfill where guild = :guild'),
    all: prepare<BackfillTable>(sqlite, 'select * from backfill order by started_at, guild'),
    totals: prepare<BackfillTotals>(
      sqlite,
      `select count(*) as guilds, total(ended_at is not null) as ended, total(done) as done,
         total(reported) as reported
       from backfill`,
    ),
    begin: prepare(
      sqlite,
      `insert into backfill (guild, state, since, until, done, reported, no_record, started_at)
       select id, 'running', 0, json_extract(rest, '$.trackedSince'), 0, 0, 0, :at from guild
       where id = :guild and json_valid(rest)
         and json_extract(rest, '$.trackedSince') is not null
       on conflict do nothing`,
    ),
    advance: prepare(
      sqlite,
      `update backfill set state = case when :next is null then 'done' else state end,
         ended_at = case when :next is null then :at end, since = coalesce(:next, until),
         total = coalesce(total, :total), done = done + :done, reported = reported + :reported,
         no_record = no_record + :no_record
       where guild = :guild`,
    ),
    awaited: prepare<{ readonly found: number }>(
      sqlite,
      `select 1 as found from guild, json_each('["$.joins","$.sweep.found"]') as place,
         json_each(guild.rest, place.value) as held
       where guild.id = :guild and held.value ->> 'userId' = :user
         and abs(held.value ->> 'joinedAt' - :joined_at) < ${SAME_JOIN_MS} limit 1`,
    ),
    turn: prepare(
      sqlite,
      `update backfill set state = :state, reason = :reason,
         ended_at = case when :state = 'running' then null else :at end
       where guild = :guild`,
    ),
  };
}
