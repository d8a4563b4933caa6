import type { DatabaseSync } from 'node:sqlite';
import type { Attribution, ChannelId, GuildId, InviteCode, UserId } from 'wherefrom';
import type { LineFacts } from '../join-log/facts.ts';
import type { QueuedLine } from '../join-log/outbox-store.ts';
import type { Removal } from '../ports.ts';
import { InviteRows } from './invite-rows.ts';
import { attributionOf } from './ledger-row.ts';
import type { LedgerTable, OutboxLineTable } from './schema.ts';
import { prepare, type Statement } from './statements.ts';

/** A line beside the ledger row of its join. */
type LineRow = Omit<OutboxLineTable, 'joined_at' | 'user' | 'guild'> &
  Omit<LedgerTable, 'joined_at' | 'recorded_at' | 'revision'> & {
    readonly line_joined_at: number | null;
    /** 0 if there is no such row; then the columns of the ledger are null. */
    readonly recorded: number;
  };

/** The evidence is left out: it is long, and no line words it. */
const SELECT = `
  select line.id, line.message, line.guild, line.channel, line.everyone_reads, line.kind,
    line.user, line.at, line.joined_at as line_joined_at, line.name, line.removal,
    line.queued_at, line.wanted, ledger.seen_at, ledger.origin, ledger.code, ledger.inviter,
    ledger.adder, ledger.reason, ledger.other_type, ledger.certainty, ledger.candidates,
    ledger.join_group, ledger.assumptions, '[]' as evidence, ledger.while_away, ledger.settled,
    ledger.was_member,
    ledger.user is not null as recorded
  from outbox_line as line left join ledger
    on ledger.guild = line.guild and ledger.user = line.user and ledger.joined_at = line.joined_at`;

/** Reads lines with the facts that they are worded from. */
export class QueuedLines {
  readonly #isWaiting: Statement<{ readonly id: number }>;
  readonly #waiting: Statement<LineRow>;
  readonly #ofMessage: Statement<LineRow>;
  readonly #invites: InviteRows;

  constructor(sqlite: DatabaseSync) {
    this.#invites = new InviteRows(sqlite);
    this.#isWaiting = prepare(
      sqlite,
      `select id from outbox_line
       where channel = :channel and message is null and dropped is null limit 1`,
    );
    this.#waiting = prepare(
      sqlite,
      `${SELECT} where line.channel = :channel and line.message is null and line.dropped is null
       order by line.id limit :limit`,
    );
    this.#ofMessage = prepare(sqlite, `${SELECT} where line.message = :message order by line.id`);
  }

  isWaiting(channelId: ChannelId): boolean {
    return this.#isWaiting.one({ channel: channelId }) !== undefined;
  }

  waiting(channelId: ChannelId, limit: number): readonly QueuedLine[] {
    return this.#lines(this.#waiting.all({ channel: channelId, limit }));
  }

  ofMessage(messageId: number): readonly QueuedLine[] {
    return this.#lines(this.#ofMessage.all({ message: messageId }));
  }

  /** A join whose ledger row was erased has nothing left to say. */
  #lines(rows: readonly LineRow[]): readonly QueuedLine[] {
    return rows
      .filter((row) => row.kind === 'leave' || row.recorded === 1)
      .map((row) => this.#line(row));
  }

  #line(row: LineRow): QueuedLine {
    const kind = row.kind as 'join' | 'leave';
    return {
      id: row.id,
      guildId: row.guild as GuildId,
      queuedAt: row.queued_at,
      key: { kind, userId: row.user as UserId, at: row.at },
      facts: this.#facts(row, kind),
      wanted: row.wanted,
    };
  }

  #facts(row: LineRow, kind: 'join' | 'leave'): LineFacts {
    const joinedAt = row.line_joined_at;
    const recorded = row.recorded === 1 && joinedAt !== null;
    const attribution = recorded ? attributionOf({ ...row, joined_at: joinedAt }) : null;
    const concealed = row.everyone_reads === 1 ? this.#restricted(row, attribution) : [];
    const shared = { userId: row.user as UserId, name: row.name, concealed };
    if (kind === 'join' && attribution !== null) {
      return { ...shared, kind, attribution, returning: row.was_member === 1 };
    }
    const removal = row.removal as Removal | null;
    return { ...shared, kind: 'leave', leftAt: row.at, joinedAt, removal, attribution };
  }

  #restricted(row: LineRow, attribution: Attribution | null): readonly InviteCode[] {
    if (attribution === null) return [];
    const origins = attribution.candidates.map((candidate) => candidate.origin);
    const sums = attribution.group?.sums.map((sum) => sum.origin) ?? [];
    const named = [attribution.origin, ...origins, ...sums];
    const codes = named.flatMap((origin) =>
      origin?.kind === 'invite' || origin?.kind === 'application' ? (origin.code ?? []) : [],
    );
    return this.#invites.restricted(row.guild as GuildId, [...new Set(codes)]);
  }
}
