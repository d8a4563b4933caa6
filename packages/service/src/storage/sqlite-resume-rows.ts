import type { GapCause, GuildId, Receipt, UserId } from 'wherefrom';
import type { Absence } from '../gateway/absences.ts';
import type {
  DirectoryRow,
  ResumeRows,
  StoredGuild,
  StoredSession,
} from '../gateway/resume-rows.ts';
import { type Database, reading, transact } from './database.ts';
import type { DirectoryTable, SessionTable } from './schema.ts';
import { prepare } from './statements.ts';

/** Gateway sessions and the directory, in the file that holds the ledger. */
export class SqliteResumeRows implements ResumeRows {
  readonly #database: Database;
  readonly #connection: string;
  readonly #statements: ReturnType<typeof statementsOf>;

  /** @param connection where the sessions are and what for: those of another are left alone */
  constructor(database: Database, connection: string) {
    this.#database = database;
    this.#connection = connection;
    this.#statements = statementsOf(database);
  }

  sessions(): readonly StoredSession[] {
    const rows = reading(this.#database, () =>
      this.#statements.sessions.all({ connection: this.#connection }),
    );
    return rows.map((row) => ({
      shardId: row.shard,
      sessionId: row.session,
      resumeUrl: row.resume_url,
      shardCount: row.shards,
      me: row.me as UserId,
      sequence: row.sequence,
      at: row.at,
    }));
  }

  guilds(): readonly StoredGuild[] {
    const rows = reading(this.#database, () => this.#statements.guilds.all({}));
    return rows.map((row) => ({
      guildId: row.guild as GuildId,
      shardId: row.shard,
      entry: row.entry,
      absence: absenceOf(row),
      members: row.members,
      sequence: row.sequence,
    }));
  }

  unfinished(): readonly GuildId[] {
    const rows = reading(this.#database, () => this.#statements.unfinished.all({}));
    return rows.map(({ id }) => id as GuildId);
  }

  begin(session: StoredSession, guilds: readonly DirectoryRow[]): void {
    const { shardId: shard, sessionId, resumeUrl, shardCount, me, sequence, at } = session;
    this.together(() => {
      this.#statements.begin.run({
        shard,
        session: sessionId,
        resume_url: resumeUrl,
        shards: shardCount,
        me,
        connection: this.#connection,
        sequence,
        at,
      });
      this.#statements.endOthers.run({ shards: shardCount });
      const here = JSON.stringify(guilds.map(({ guildId }) => guildId));
      this.#statements.leaveOthers.run({ shard, here });
      this.#statements.restart.run({ shard });
      this.#statements.aliveFirst.run({ shard, at });
      for (const row of guilds) this.put(row);
    });
  }

  together(work: () => void): void {
    transact(this.#database, work);
  }

  put({ guildId, shardId, entry, absence }: DirectoryRow): void {
    this.#statements.put.run({
      guild: guildId,
      shard: shardId,
      entry,
      absent_cause: absence?.cause ?? null,
      absent_since: absence?.from ?? null,
    });
  }

  remove(guildId: GuildId): void {
    this.#statements.remove.run({ guild: guildId });
  }

  advanceGuild(guildId: GuildId, { shardId, sequence }: Receipt, members: number | null): void {
    this.#statements.advanceGuild.run({ guild: guildId, shard: shardId, sequence, members });
  }

  advanceSession({
    shardId,
    sessionId,
    sequence,
    at,
  }: Parameters<ResumeRows['advanceSession']>[0]) {
    this.#statements.advanceSession.run({ shard: shardId, session: sessionId, sequence, at });
  }
}

function absenceOf({ absent_cause, absent_since }: DirectoryTable): Absence | null {
  if (absent_cause === null || absent_since === null) return null;
  return { cause: absent_cause as GapCause, from: absent_since };
}

function statementsOf({ sqlite }: Database) {
  return {
    sessions: prepare<SessionTable>(
      sqlite,
      'select * from session where connection = :connection order by shard',
    ),
    guilds: prepare<DirectoryTable>(sqlite, 'select * from directory order by guild'),
    unfinished: prepare<{ readonly id: string }>(
      sqlite,
      // A request that was under way has no wake; what cannot be read is told of when it is loaded.
      `select id from guild where json_valid(rest) and coalesce(
         rest ->> '$.wakeAt', rest ->> '$.lookup.refreshAt', rest ->> '$.lookup.vanityRefreshAt',
         rest ->> '$.sweep', rest ->> '$.search.targets[0]') is not null
       order by id`,
    ),
    begin: prepare(
      sqlite,
      `insert into session (shard, session, resume_url, shards, me, connection, sequence, at)
       values (:shard, :session, :resume_url, :shards, :me, :connection, :sequence, :at)
       on conflict do update set session = excluded.session, resume_url = excluded.resume_url,
         shards = excluded.shards, me = excluded.me, connection = excluded.connection,
         sequence = excluded.sequence,
         at = excluded.at`,
    ),
    // Of another number of shards, none can be resumed.
    endOthers: prepare(sqlite, 'delete from session where shards <> :shards'),
    // A row that stayed would count as a guild that is here.
    leaveOthers: prepare(
      sqlite,
      `delete from directory
       where shard = :shard and guild not in (select value from json_each(:here))`,
    ),
    restart: prepare(sqlite, 'update directory set sequence = 0 where shard = :shard'),
    aliveFirst: prepare(
      sqlite,
      'insert into alive (shard, at) values (:shard, :at) on conflict do nothing',
    ),
    put: prepare(
      sqlite,
      `insert into directory (guild, shard, entry, members, sequence, absent_cause, absent_since)
       values (:guild, :shard, :entry, null, 0, :absent_cause, :absent_since)
       on conflict do update set sequence = iif(shard = excluded.shard, sequence, 0),
         shard = excluded.shard, entry = excluded.entry,
         absent_cause = excluded.absent_cause, absent_since = excluded.absent_since`,
    ),
    remove: prepare(sqlite, 'delete from directory where guild = :guild'),
    advanceGuild: prepare(
      sqlite,
      `insert into directory (guild, shard, entry, members, sequence, absent_cause, absent_since)
       values (:guild, :shard, null, :members, :sequence, null, null)
       on conflict do update set sequence = max(sequence, excluded.sequence),
         members = excluded.members`,
    ),
    // Of another session there is nothing to advance.
    advanceSession: prepare(
      sqlite,
      `update session set sequence = :sequence, at = :at
       where shard = :shard and session = :session and sequence < :sequence`,
    ),
  };
}
