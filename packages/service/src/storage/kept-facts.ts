import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { GuildId } from 'wherefrom';
import { ServiceError } from '../service-error.ts';
import { checkOwner } from './database.ts';
import type { InviteSeenTable, LedgerTable } from './schema.ts';
import { prepare, type Statement } from './statements.ts';
import { storageFailure } from './storage-failure.ts';

/** A join, and when that membership ended: null while it lasts, or where it is not known. */
export type KeptJoin = LedgerTable & { readonly left_at: number | null };

/** An invite that was ever seen; `uses` is null if it is gone, or was never counted. */
export type KeptInvite = InviteSeenTable & { readonly uses: number | null };

/**
 * What is kept of a guild, row by row, in a database that the bot may be writing to. One listing
 * shows one moment, however long it takes, and holds one row in memory.
 */
export class KeptFacts implements Disposable {
  readonly #path: string;
  readonly #sqlite: DatabaseSync;
  readonly #joins: Statement<KeptJoin>;
  readonly #invites: Statement<KeptInvite>;

  /** @throws ServiceError `export-none` or one of storage */
  constructor(path: string) {
    if (!existsSync(path)) throw new ServiceError('export-none', `There is no database ${path}.`);
    this.#path = path;
    this.#sqlite = opened(path);
    // Only the last membership of somebody has its end stored.
    this.#joins = prepare(
      this.#sqlite,
      `select ledger.*, member.left_at from ledger left join member
         on member.guild = ledger.guild and member.user = ledger.user
         and member.joined_at = ledger.joined_at and member.present = 0
       where ledger.guild = :guild order by ledger.joined_at, ledger.user`,
    );
    this.#invites = prepare(
      this.#sqlite,
      `select invite_seen.*, invite.uses from invite_seen left join invite
         on invite.guild = invite_seen.guild and invite.code = invite_seen.code
       where invite_seen.guild = :guild order by invite_seen.first_seen_at, invite_seen.code`,
    );
  }

  /** Oldest first. */
  joins(guildId: GuildId): IterableIterator<KeptJoin> {
    return this.#listing(this.#joins.each({ guild: guildId }));
  }

  /** In the order in which they were first seen. */
  invites(guildId: GuildId): IterableIterator<KeptInvite> {
    return this.#listing(this.#invites.each({ guild: guildId }));
  }

  [Symbol.dispose](): void {
    this.#sqlite.close();
  }

  *#listing<Row>(rows: IterableIterator<Row>): IterableIterator<Row> {
    try {
      yield* rows;
    } catch (cause) {
      throw storageFailure(this.#path, cause);
    }
  }
}

function opened(path: string): DatabaseSync {
  let sqlite: DatabaseSync | null = null;
  try {
    sqlite = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
    checkOwner(sqlite, path);
    const table = sqlite.prepare("select 1 from sqlite_master where name = 'ledger'").get();
    if (table !== undefined) return sqlite;
    throw new ServiceError('export-none', `${path} was never opened by the bot.`);
  } catch (cause) {
    sqlite?.close();
    throw storageFailure(path, cause);
  }
}
