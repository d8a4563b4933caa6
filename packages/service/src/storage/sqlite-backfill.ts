import type { GuildId, SearchedMember } from 'wherefrom';
import type {
  BackfillJob,
  BackfillPage,
  BackfillStore,
  BackfillTotals,
} from '../backfill/backfill-store.ts';
import { recordedAnswer } from '../backfill/recorded-answer.ts';
import { type BackfillStatements, backfillStatements } from './backfill-statements.ts';
import { type Database, reading, transact } from './database.ts';
import { LedgerRows } from './ledger-rows.ts';
import { MemberRows } from './member-rows.ts';
import type { BackfillTable } from './schema.ts';

/** What became of the members of a page. */
interface Written {
  readonly reported: number;
  readonly noRecord: number;
}

/** The jobs in SQLite. Prepared SQL and no `await`: see `NodeSqliteDialect`. */
export class SqliteBackfill implements BackfillStore {
  readonly #database: Database;
  readonly #sql: BackfillStatements;
  readonly #ledger: LedgerRows;
  readonly #members: MemberRows;

  constructor(database: Database) {
    const { sqlite } = database;
    this.#database = database;
    this.#sql = backfillStatements(sqlite);
    this.#ledger = new LedgerRows(sqlite);
    this.#members = new MemberRows(sqlite);
  }

  job(guildId: GuildId): BackfillJob | null {
    return reading(this.#database, () => {
      const row = this.#sql.one.one({ guild: guildId });
      return row === undefined ? null : jobOf(row);
    });
  }

  jobs(): readonly BackfillJob[] {
    return reading(this.#database, () => this.#sql.all.all({}).map(jobOf));
  }

  totals(): BackfillTotals {
    const none = { guilds: 0, ended: 0, done: 0, reported: 0 };
    return reading(this.#database, () => ({ ...none, ...this.#sql.totals.one({}) }));
  }

  begin(guildId: GuildId, at: number): BackfillJob | null {
    transact(this.#database, () => this.#sql.begin.run({ guild: guildId, at }));
    return this.job(guildId);
  }

  take(page: BackfillPage): BackfillJob | null {
    const { guildId, at, next, total, members } = page;
    transact(this.#database, () => {
      const { reported, noRecord } = this.#write(page);
      const counts = { done: members.length, reported, no_record: noRecord };
      this.#sql.advance.run({ guild: guildId, at, next, total, ...counts });
    });
    return this.job(guildId);
  }

  turn(guildId: GuildId, state: BackfillJob['state'], reason: string | null, at: number): void {
    transact(this.#database, () => this.#sql.turn.run({ guild: guildId, state, reason, at }));
  }

  #write({ guildId, at, members }: BackfillPage): Written {
    let reported = 0;
    let noRecord = 0;
    for (const member of members) {
      if (this.#isAwaited(guildId, member)) continue;
      const attribution = recordedAnswer(member, at);
      this.#members.found(guildId, member);
      if (!this.#ledger.writeIfUnknown({ guildId, at, attribution, cameBefore: false })) continue;
      if (attribution.certainty === 'reported') reported += 1;
      if (attribution.certainty === 'unknown') noRecord += 1;
    }
    return { reported, noRecord };
  }

  /**
   * The engine heard of this join, or found it after a gap, and has not answered yet. Its first
   * answer has to find no row: it is news, and makes the line. What Discord recorded it asks for by
   * itself.
   */
  #isAwaited(guildId: GuildId, { userId, joinedAt }: SearchedMember): boolean {
    // Hardly any member from before the bot is known: the guild's state is rarely looked into.
    if (this.#members.known(guildId, userId) === null) return false;
    const awaited = this.#sql.awaited.one({ guild: guildId, user: userId, joined_at: joinedAt });
    return awaited !== undefined;
  }
}

function jobOf(row: BackfillTable): BackfillJob {
  return {
    guildId: row.guild as GuildId,
    state: row.state as BackfillJob['state'],
    reason: row.reason,
    since: row.since,
    until: row.until,
    total: row.total,
    done: row.done,
    reported: row.reported,
    noRecord: row.no_record,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  };
}
