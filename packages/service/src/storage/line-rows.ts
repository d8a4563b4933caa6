import type { DatabaseSync } from 'node:sqlite';
import type { Attribution, GuildId, UserId } from 'wherefrom';
import type { LogChannels, Names, Removals } from '../ports.ts';
import { prepare, type Statement } from './statements.ts';

/** What is asked while a step is written: where lines go, and what is known only in memory. */
export interface LinePorts {
  readonly channels: LogChannels;
  readonly names: Names;
  readonly removals: Removals;
}

interface NewLine {
  readonly guildId: GuildId;
  readonly kind: 'join' | 'leave';
  readonly userId: UserId;
  /** `joined_at`, or the time of the leave: identifies the line. */
  readonly at: number;
  readonly joinedAt: number | null;
  readonly queuedAt: number;
}

/** Queues the lines of the join log within the transaction that records what they say. */
export class LineRows {
  readonly #ports: LinePorts;
  readonly #queue: Statement<never>;
  readonly #touch: Statement<never>;

  constructor(sqlite: DatabaseSync, ports: LinePorts) {
    this.#ports = ports;
    this.#queue = prepare(
      sqlite,
      `insert into outbox_line (guild, channel, everyone_reads, kind, user, at, joined_at, name,
         removal, queued_at, touched_at, wanted, tried, sent)
       values (:guild, :channel, :everyone_reads, :kind, :user, :at, :joined_at, :name,
         :removal, :queued_at, :queued_at, 1, 0, 0)
       on conflict do nothing`,
    );
    this.#touch = prepare(
      sqlite,
      `update outbox_line set wanted = wanted + 1,
         touched_at = case when wanted > sent then touched_at else :at end
       where guild = :guild and user = :user and kind in ('join', 'leave')
         and joined_at = :joined_at and dropped is null`,
    );
  }

  /** The first record of a join. Rows that tell of the past make no line. */
  joined(guildId: GuildId, attribution: Attribution, queuedAt: number): void {
    const { origin, userId, joinedAt } = attribution;
    const past =
      origin?.kind === 'unknown' && (origin.reason === 'no-record' || origin.reason === 'imported');
    if (past) return;
    this.#add({ guildId, kind: 'join', userId, at: joinedAt, joinedAt, queuedAt });
  }

  left(guildId: GuildId, userId: UserId, at: number, joinedAt: number | null): void {
    this.#add({ guildId, kind: 'leave', userId, at, joinedAt, queuedAt: at });
  }

  /** What the lines of this join say has changed: its own, and that of its leave. */
  touch(guildId: GuildId, attribution: Attribution, at: number): void {
    const { userId, joinedAt } = attribution;
    this.#touch.run({ guild: guildId, user: userId, joined_at: joinedAt, at });
  }

  #add(line: NewLine): void {
    const { guildId, userId, at } = line;
    const channel = this.#ports.channels.channelFor(guildId);
    if (channel === null) return;
    this.#queue.run({
      guild: guildId,
      channel: channel.id,
      everyone_reads: channel.everyoneReads ? 1 : 0,
      kind: line.kind,
      user: userId,
      at,
      joined_at: line.joinedAt,
      name: this.#ports.names.nameOf(userId),
      removal:
        line.kind === 'leave' ? this.#ports.removals.removalOf({ guildId, userId, at }) : null,
      queued_at: line.queuedAt,
    });
  }
}
