import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  // One row per guild ever seen: all the engine knows but its invites, as one JSON text.
  `create table guild (
    id text primary key not null,
    rest text not null
  ) strict, without rowid`,

  // The baselines: the highest count that Discord reported for every invite alive.
  `create table invite (
    guild text not null,
    code text not null,
    uses integer,
    max_uses integer not null,
    inviter text,
    channel text,
    created_s integer not null,
    expires_s integer not null,
    primary key (guild, code)
  ) strict, without rowid`,

  // Every invite ever seen, so that one that has vanished can still be named. restricted: it
  // grants roles or is for listed people.
  `create table invite_seen (
    guild text not null,
    code text not null,
    inviter text,
    channel text,
    max_uses integer not null,
    created_s integer not null,
    restricted integer not null,
    first_seen_at integer not null,
    last_seen_at integer not null,
    primary key (guild, code)
  ) strict, without rowid`,

  // The latest membership of each user. joined_at is null for somebody we only saw leave;
  // earlier: they were a member before this membership.
  `create table member (
    guild text not null,
    user text not null,
    joined_at integer,
    present integer not null,
    left_at integer,
    bot integer not null,
    earlier integer not null,
    primary key (guild, user)
  ) strict, without rowid`,

  // One row per join: our conclusion and why.
  `create table ledger (
    guild text not null,
    user text not null,
    joined_at integer not null,
    seen_at integer not null,
    origin text,
    code text,
    inviter text,
    adder text,
    reason text,
    other_type integer,
    certainty text not null,
    candidates text not null,
    join_group text,
    assumptions text not null,
    evidence text not null,
    settled integer not null,
    was_member integer not null,
    revision integer not null,
    recorded_at integer not null,
    primary key (guild, user, joined_at)
  ) strict, without rowid`,
  'create index ledger_by_time on ledger (guild, joined_at)',

  // Messages of the join log: stored before they are sent.
  `create table outbox (
    id integer primary key,
    guild text not null,
    channel text not null,
    nonce text not null,
    form text not null,
    state text not null check (state in ('sending', 'pending', 'unsure', 'sent', 'dropped')),
    discord_id text unique,
    reason text,
    attempts integer not null,
    tried_at integer not null,
    unsure_at integer,
    repeated integer not null,
    next_attempt_at integer not null,
    tried_hash text not null,
    hash text
  ) strict`,
  `create index outbox_unfinished on outbox (channel)
    where state in ('sending', 'pending', 'unsure')`,
  `create index outbox_unfinished_by_guild on outbox (guild, channel)
    where state in ('sending', 'pending', 'unsure')`,

  // Their lines, one per join or leave, in the order of their ids. wanted, tried and sent count
  // versions of the facts: a line is edited while wanted is above sent. name is erased when the
  // line can no longer change.
  `create table outbox_line (
    id integer primary key,
    message integer references outbox (id) on delete cascade,
    guild text not null,
    channel text not null,
    everyone_reads integer not null,
    kind text not null check (kind in ('join', 'leave')),
    user text not null,
    at integer not null,
    joined_at integer,
    name text,
    removal text,
    queued_at integer not null,
    touched_at integer not null,
    wanted integer not null,
    tried integer not null,
    sent integer not null,
    dropped text,
    unique (guild, user, kind, at)
  ) strict`,
  `create index outbox_line_waiting on outbox_line (channel, id)
    where message is null and dropped is null`,
  `create index outbox_line_stale on outbox_line (channel)
    where wanted > sent and dropped is null`,
  `create index outbox_line_stale_by_guild on outbox_line (guild, channel)
    where wanted > sent and dropped is null`,
  'create index outbox_line_message on outbox_line (message)',
  'create index outbox_line_named on outbox_line (message) where name is not null',

  // When each shard last received anything: a restart names its gap from here.
  `create table alive (
    shard integer primary key,
    at integer not null
  ) strict`,
] as const;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
