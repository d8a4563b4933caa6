import type { DatabaseSync } from 'node:sqlite';
import { type Attribution, type GuildId, SAME_JOIN_MS, type UserId } from 'wherefrom';
import { contentOf, type LedgerContent, ledgerChange } from './ledger-row.ts';
import type { LedgerTable } from './schema.ts';
import { prepare, type Statement } from './statements.ts';

export interface RecordToWrite {
  readonly guildId: GuildId;
  readonly at: number;
  readonly attribution: Attribution;
  /** The member row tells of an earlier membership; the ledger may tell of one too. */
  readonly cameBefore: boolean;
}

/** Writes conclusions, idempotent by guild, user and `joined_at`. */
export class LedgerRows {
  readonly #one: Statement<LedgerTable>;
  readonly #latest: Statement<LedgerTable>;
  readonly #earlier: Statement<{ readonly found: number }>;
  readonly #near: Statement<{ readonly found: number }>;
  readonly #insert: Statement<never>;
  readonly #update: Statement<never>;

  constructor(sqlite: DatabaseSync) {
    this.#one = prepare(
      sqlite,
      'select * from ledger where guild = :guild and user = :user and joined_at = :joined_at',
    );
    this.#latest = prepare(
      sqlite,
      `select * from ledger where guild = :guild and user = :user
       order by joined_at desc limit 1`,
    );
    this.#earlier = prepare(
      sqlite,
      `select 1 as found from ledger
       where guild = :guild and user = :user and joined_at < :joined_at limit 1`,
    );
    this.#near = prepare(
      sqlite,
      `select 1 as found from ledger where guild = :guild and user = :user
         and joined_at > :joined_at - ${SAME_JOIN_MS} and joined_at < :joined_at + ${SAME_JOIN_MS}
       limit 1`,
    );
    this.#insert = prepare(
      sqlite,
      `insert into ledger (guild, user, joined_at, seen_at, origin, code, inviter, adder, reason,
         other_type, certainty, candidates, join_group, assumptions, evidence, while_away, settled,
         was_member, revision, recorded_at)
       values (:guild, :user, :joined_at, :seen_at, :origin, :code, :inviter, :adder, :reason,
         :other_type, :certainty, :candidates, :join_group, :assumptions, :evidence, :while_away, :settled,
         :was_member, 1, :at)`,
    );
    this.#update = prepare(
      sqlite,
      `update ledger set origin = :origin, code = :code, inviter = :inviter, adder = :adder,
         reason = :reason, other_type = :other_type, certainty = :certainty,
         candidates = :candidates, join_group = :join_group, assumptions = :assumptions,
         evidence = :evidence, settled = :settled, revision = revision + 1, recorded_at = :at
       where guild = :guild and user = :user and joined_at = :joined_at`,
    );
  }

  one(guildId: GuildId, userId: UserId, joinedAt: number): LedgerTable | undefined {
    return this.#one.one({ guild: guildId, user: userId, joined_at: joinedAt });
  }

  /** The row of the user's latest join. */
  latest(guildId: GuildId, userId: UserId): LedgerTable | undefined {
    return this.#latest.one({ guild: guildId, user: userId });
  }

  /** Tells what became of the record. */
  write(record: RecordToWrite): 'insert' | 'update' | 'keep' {
    const { guildId, at, attribution } = record;
    const content = contentOf(attribution);
    const stored = this.one(guildId, attribution.userId, attribution.joinedAt);
    const change = ledgerChange(stored, content, at);
    if (change === 'insert') this.#add(record, content);
    if (change === 'update') {
      const { seen_at: _firstSeenStays, while_away: _soDoesHow, ...changing } = content;
      this.#update.run({ ...changing, guild: guildId, at });
    }
    return change;
  }

  /** Leaves whatever is there: false if this very join has a row already. */
  writeIfUnknown(record: RecordToWrite): boolean {
    const { userId, joinedAt } = record.attribution;
    const key = { guild: record.guildId, user: userId, joined_at: joinedAt };
    if (this.#near.one(key) !== undefined) return false;
    this.#add(record, contentOf(record.attribution));
    return true;
  }

  #add({ guildId, at, attribution, cameBefore }: RecordToWrite, content: LedgerContent): void {
    const wasMember = cameBefore || this.#hasEarlier(guildId, attribution) ? 1 : 0;
    this.#insert.run({ ...content, guild: guildId, at, was_member: wasMember });
  }

  #hasEarlier(guildId: GuildId, { userId, joinedAt }: Attribution): boolean {
    return this.#earlier.one({ guild: guildId, user: userId, joined_at: joinedAt }) !== undefined;
  }
}
