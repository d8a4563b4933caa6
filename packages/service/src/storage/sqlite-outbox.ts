import type { ChannelId, GuildId } from 'wherefrom';
import type { Form } from '../join-log/layout.ts';
import type {
  Attempt,
  LineVersion,
  NewOutboxMessage,
  OutboxStore,
  QueuedLine,
  RemovalNoted,
  StaleMessage,
  StoredDue,
  StoredMessage,
} from '../join-log/outbox-store.ts';
import { REMOVAL_WITHIN_MS } from '../join-log/recent-removals.ts';
import type { MessageId } from '../ports.ts';
import { type Database, reading, transact } from './database.ts';
import { type OutboxStatements, outboxStatements } from './outbox-statements.ts';
import { QueuedLines } from './queued-lines.ts';
import type { OutboxTable } from './schema.ts';

/** The outbox in SQLite. Prepared SQL and no `await`: see `NodeSqliteDialect`. */
export class SqliteOutbox implements OutboxStore {
  readonly #database: Database;
  readonly #sql: OutboxStatements;
  readonly #lines: QueuedLines;

  constructor(database: Database) {
    this.#database = database;
    this.#sql = outboxStatements(database.sqlite);
    this.#lines = new QueuedLines(database.sqlite);
  }

  busyChannels(guildId?: GuildId): readonly ChannelId[] {
    return reading(this.#database, () => {
      const rows =
        guildId === undefined ? this.#sql.busy.all({}) : this.#sql.busyOf.all({ guild: guildId });
      return rows.map((row) => row.channel as ChannelId);
    });
  }

  isWaiting(channelId: ChannelId): boolean {
    return reading(this.#database, () => this.#lines.isWaiting(channelId));
  }

  waiting(channelId: ChannelId, limit: number): readonly QueuedLine[] {
    return reading(this.#database, () => this.#lines.waiting(channelId, limit));
  }

  retries(channelId: ChannelId): readonly StoredDue[] {
    return reading(this.#database, () => this.#sql.retries.all({ channel: channelId }));
  }

  stale(channelId: ChannelId): readonly StaleMessage[] {
    return reading(this.#database, () => this.#sql.stale.all({ channel: channelId }));
  }

  message(messageId: number): StoredMessage | null {
    return reading(this.#database, () => {
      const row = this.#sql.message.one({ id: messageId });
      return row === undefined ? null : messageOf(row, this.#lines.ofMessage(messageId));
    });
  }

  open(message: NewOutboxMessage): number {
    const { guildId: guild, channelId: channel, nonce, form, hash, at } = message;
    return this.#transact(() => {
      const opened = this.#sql.open.one({ guild, channel, nonce, form, hash, at });
      if (opened === undefined) throw new Error('an insert returned no id');
      for (const id of message.lineIds) this.#sql.hold.run({ id, message: opened.id });
      return opened.id;
    });
  }

  attempt(messageId: number, { at, hash, fresh, repeated }: Attempt): void {
    this.#transact(() => {
      const truths = { fresh: fresh ? 1 : 0, repeated: repeated ? 1 : 0 };
      this.#sql.attempt.run({ id: messageId, at, hash: hash ?? '', ...truths });
      if (fresh && hash !== null) this.#sql.tryWanted.run({ id: messageId });
    });
  }

  sent(messageId: number, discordId: MessageId): boolean {
    return this.#transact(() => {
      if (!this.#isThere(messageId, discordId)) return false;
      this.#sql.linesSent.run({ id: messageId });
      return true;
    });
  }

  found(messageId: number, discordId: MessageId): boolean {
    return this.#transact(() => {
      if (!this.#isThere(messageId, discordId)) return false;
      this.#sql.editing.run({ id: messageId });
      return true;
    });
  }

  #isThere(messageId: number, discordId: MessageId): boolean {
    const holder = this.#sql.byDiscordId.one({ discord_id: discordId });
    if (holder !== undefined && holder.id !== messageId) return false;
    this.#sql.sent.run({ id: messageId, discord_id: discordId });
    return true;
  }

  postpone(messageId: number, until: number, state: 'pending' | 'unsure'): void {
    this.#transact(() => this.#sql.postpone.run({ id: messageId, until, state }));
  }

  editing(messageId: number): void {
    this.#transact(() => this.#sql.editing.run({ id: messageId }));
  }

  edited(messageId: number, hash: string, lines: readonly LineVersion[]): void {
    this.#transact(() => {
      this.#sql.edited.run({ id: messageId, hash });
      for (const { id, wanted } of lines) this.#sql.lineEdited.run({ id, wanted });
    });
  }

  postponeEdit(messageId: number, until: number): void {
    this.#transact(() => this.#sql.postponeEdit.run({ id: messageId, until }));
  }

  drop(messageId: number, reason: string): void {
    this.#transact(() => {
      this.#sql.drop.run({ id: messageId, reason });
      this.#sql.dropLines.run({ id: messageId, reason });
    });
  }

  dropWaiting(channelId: ChannelId, reason: string): number {
    return this.#transact(() => this.#sql.dropWaiting.run({ channel: channelId, reason }));
  }

  recover(now: number, channelId?: ChannelId): number {
    return this.#transact(() => this.#sql.recover.run({ now, channel: channelId ?? null }));
  }

  noteRemoval({ guildId, userId, removal, at }: RemovalNoted): boolean {
    const values = { guild: guildId, user: userId, removal, now: at, within: REMOVAL_WITHIN_MS };
    return this.#transact(() => this.#sql.removal.run(values) > 0);
  }

  eraseNames(now: number): number {
    return this.#transact(() => {
      this.#sql.eraseNames.run({ now });
      return this.#sql.named.one({})?.count ?? 0;
    });
  }

  forget(before: number): void {
    this.#transact(() => {
      this.#sql.forgetMessages.run({ before });
      this.#sql.forgetLines.run({ before });
    });
  }

  #transact<T>(work: () => T): T {
    return transact(this.#database, work);
  }
}

function messageOf(row: OutboxTable, lines: readonly QueuedLine[]): StoredMessage {
  return {
    id: row.id,
    guildId: row.guild as GuildId,
    channelId: row.channel as ChannelId,
    nonce: row.nonce,
    form: row.form as Form,
    discordId: row.discord_id,
    attempts: row.attempts,
    unsureAt: row.unsure_at,
    repeated: row.repeated === 1,
    hash: row.hash,
    lines,
  };
}
