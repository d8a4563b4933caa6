import type { DatabaseSync } from 'node:sqlite';
import type { OutboxTable } from './schema.ts';
import { prepare } from './statements.ts';

/** A leave's line may still learn for this long that it was a kick or a ban. */
const ERASE_AFTER_MS = 60_000;

/** Channels with a line to send or to edit, or a message to try again. */
const BUSY = `
  select channel from outbox_line where wanted > sent and dropped is null
  union
  select channel from outbox where state in ('sending', 'pending', 'unsure')`;

/** The same for one guild, asked after every step: hops from channel to channel, not line by line. */
const BUSY_OF_GUILD = `
  with recursive busy (channel) as (
    select min(channel) from outbox_line where guild = :guild and wanted > sent and dropped is null
    union all
    select (select min(channel) from outbox_line where guild = :guild and wanted > sent
      and dropped is null and outbox_line.channel > busy.channel)
    from busy where channel is not null
  )
  select channel from busy where channel is not null
  union
  select channel from outbox where guild = :guild and state in ('sending', 'pending', 'unsure')`;

/** Nothing that this line says can change any more: no edit is due, its join is settled. */
const FINISHED = `
  line.dropped is not null or (line.wanted = line.sent and line.queued_at < :now - ${ERASE_AFTER_MS}
    and not exists (select 1 from ledger where ledger.guild = line.guild
      and ledger.user = line.user and ledger.joined_at = line.joined_at and ledger.settled = 0))`;

export type OutboxStatements = ReturnType<typeof outboxStatements>;

/** The SQL of the outbox, prepared. */
export function outboxStatements(sqlite: DatabaseSync) {
  return { ...readStatements(sqlite), ...sendStatements(sqlite), ...careStatements(sqlite) };
}

function readStatements(sqlite: DatabaseSync) {
  return {
    busy: prepare<{ readonly channel: string }>(sqlite, BUSY),
    busyOf: prepare<{ readonly channel: string }>(sqlite, BUSY_OF_GUILD),
    retries: prepare<{ readonly messageId: number; readonly dueAt: number }>(
      sqlite,
      `select id as messageId, next_attempt_at as dueAt from outbox
       where channel = :channel and state in ('sending', 'pending', 'unsure')
         and state <> 'sending'`,
    ),
    stale: prepare<{
      readonly messageId: number;
      readonly touchedAt: number;
      readonly notBefore: number;
    }>(
      sqlite,
      `select outbox.id as messageId, min(line.touched_at) as touchedAt,
         outbox.next_attempt_at as notBefore
       from outbox_line as line join outbox on outbox.id = line.message
       where line.channel = :channel and line.wanted > line.sent and line.dropped is null
         and outbox.state = 'sent'
       group by outbox.id`,
    ),
    message: prepare<OutboxTable>(sqlite, 'select * from outbox where id = :id'),
    byDiscordId: prepare<{ readonly id: number }>(
      sqlite,
      'select id from outbox where discord_id = :discord_id',
    ),
  };
}

function sendStatements(sqlite: DatabaseSync) {
  return {
    open: prepare<{ readonly id: number }>(
      sqlite,
      `insert into outbox (guild, channel, nonce, form, state, attempts, tried_at, repeated,
         next_attempt_at, tried_hash)
       values (:guild, :channel, :nonce, :form, 'sending', 1, :at, 0, 0, :hash) returning id`,
    ),
    hold: prepare(
      sqlite,
      'update outbox_line set message = :message, tried = wanted where id = :id and message is null',
    ),
    attempt: prepare(
      sqlite,
      `update outbox set state = 'sending', attempts = attempts + 1, tried_at = :at,
         repeated = :repeated, unsure_at = case when :fresh then null else unsure_at end,
         tried_hash = case when :fresh or tried_hash = :hash then :hash else '' end
       where id = :id`,
    ),
    tryWanted: prepare(sqlite, 'update outbox_line set tried = wanted where message = :id'),
    sent: prepare(
      sqlite,
      `update outbox set state = 'sent', discord_id = :discord_id, hash = tried_hash,
         unsure_at = null, next_attempt_at = 0 where id = :id`,
    ),
    linesSent: prepare(sqlite, 'update outbox_line set sent = tried where message = :id'),
    postpone: prepare(
      sqlite,
      `update outbox set state = :state, next_attempt_at = :until,
         unsure_at = case when :state = 'unsure' then coalesce(unsure_at, tried_at) end
       where id = :id`,
    ),
    editing: prepare(sqlite, 'update outbox set hash = null where id = :id'),
    edited: prepare(sqlite, 'update outbox set hash = :hash, next_attempt_at = 0 where id = :id'),
    lineEdited: prepare(sqlite, 'update outbox_line set sent = :wanted where id = :id'),
    postponeEdit: prepare(sqlite, 'update outbox set next_attempt_at = :until where id = :id'),
  };
}

function careStatements(sqlite: DatabaseSync) {
  return {
    drop: prepare(sqlite, "update outbox set state = 'dropped', reason = :reason where id = :id"),
    dropLines: prepare(
      sqlite,
      'update outbox_line set dropped = :reason, name = null where message = :id and dropped is null',
    ),
    dropWaiting: prepare(
      sqlite,
      `update outbox_line set dropped = :reason, name = null
       where channel = :channel and message is null and dropped is null`,
    ),
    recover: prepare(
      sqlite,
      `update outbox set state = 'unsure', unsure_at = coalesce(unsure_at, tried_at),
         next_attempt_at = :now
       where state in ('sending', 'pending', 'unsure') and state = 'sending'
         and (:channel is null or channel = :channel)`,
    ),
    removal: prepare(
      sqlite,
      `update outbox_line set removal = :removal, wanted = wanted + 1,
         touched_at = case when wanted > sent then touched_at else :now end
       where guild = :guild and user = :user and kind = 'leave' and removal is null
         and at between :now - :within and :now + :within and dropped is null`,
    ),
    eraseNames: prepare(
      sqlite,
      `update outbox_line set name = null
       where name is not null and (message is not null or dropped is not null) and not exists
         (select 1 from outbox_line as line where (line.id = outbox_line.id
           or line.message = outbox_line.message) and not (${FINISHED}))`,
    ),
    named: prepare<{ readonly count: number }>(
      sqlite,
      'select count(*) as count from outbox_line where name is not null',
    ),
    forgetMessages: prepare(sqlite, 'delete from outbox where tried_at < :before'),
    forgetLines: prepare(
      sqlite,
      'delete from outbox_line where queued_at < :before and message is null',
    ),
  };
}
