import type { Kysely } from 'kysely';
import type { Attribution, Certainty, GuildId, UserId } from 'wherefrom';
import { entryOf, type LedgerEntry } from './ledger-row.ts';
import type { Schema } from './schema.ts';

/** Questions to the ledger. All read only. */
export interface Ledger {
  /** The joins of a guild, latest first. */
  byGuild(guildId: GuildId, page?: LedgerPage): Promise<readonly LedgerEntry[]>;
  one(
    join: Pick<Attribution, 'userId' | 'joinedAt'> & { readonly guildId: GuildId },
  ): Promise<LedgerEntry | null>;
  /** Every join of one user, latest first. */
  ofUser(guildId: GuildId, userId: UserId): Promise<readonly LedgerEntry[]>;
  counts(guildId: GuildId): Promise<LedgerCounts>;
}

export interface LedgerPage {
  /** At most this many; 100 if not said. */
  readonly limit?: number;
  /** Only joins before this time, milliseconds since 1970. */
  readonly before?: number;
}

export interface LedgerCounts {
  readonly joins: number;
  readonly settled: number;
  readonly byCertainty: Readonly<Record<Certainty, number>>;
}

const PAGE = 100;

export class SqliteLedger implements Ledger {
  readonly #queries: Kysely<Schema>;

  constructor(queries: Kysely<Schema>) {
    this.#queries = queries;
  }

  async byGuild(guildId: GuildId, page: LedgerPage = {}): Promise<readonly LedgerEntry[]> {
    const rows = await this.#queries
      .selectFrom('ledger')
      .selectAll()
      .where('guild', '=', guildId)
      .where('joined_at', '<', page.before ?? Number.MAX_SAFE_INTEGER)
      .orderBy('joined_at', 'desc')
      .orderBy('user', 'desc')
      .limit(page.limit ?? PAGE)
      .execute();
    return rows.map(entryOf);
  }

  async one(join: Parameters<Ledger['one']>[0]): Promise<LedgerEntry | null> {
    const row = await this.#queries
      .selectFrom('ledger')
      .selectAll()
      .where('guild', '=', join.guildId)
      .where('user', '=', join.userId)
      .where('joined_at', '=', join.joinedAt)
      .executeTakeFirst();
    return row === undefined ? null : entryOf(row);
  }

  async ofUser(guildId: GuildId, userId: UserId): Promise<readonly LedgerEntry[]> {
    const rows = await this.#queries
      .selectFrom('ledger')
      .selectAll()
      .where('guild', '=', guildId)
      .where('user', '=', userId)
      .orderBy('joined_at', 'desc')
      .execute();
    return rows.map(entryOf);
  }

  async counts(guildId: GuildId): Promise<LedgerCounts> {
    const rows = await this.#queries
      .selectFrom('ledger')
      .select(({ fn }) => [
        'certainty',
        fn.countAll<number>().as('joins'),
        fn.sum<number>('settled').as('settled'),
      ])
      .where('guild', '=', guildId)
      .groupBy('certainty')
      .execute();
    const none = { reported: 0, certain: 0, likely: 0, ambiguous: 0, unknown: 0 };
    const byCertainty = Object.fromEntries(rows.map((row) => [row.certainty, row.joins]));
    return {
      joins: rows.reduce((sum, row) => sum + row.joins, 0),
      settled: rows.reduce((sum, row) => sum + row.settled, 0),
      byCertainty: { ...none, ...byCertainty },
    };
  }
}
