import type { DatabaseSync } from 'node:sqlite';
import type { GuildId, KnownMember, MemberChange, SearchedMember, UserId } from 'wherefrom';
import type { MemberTable } from './schema.ts';
import { prepare, type Statement } from './statements.ts';

/** The latest membership of each user. */
export class MemberRows {
  readonly #one: Statement<MemberTable>;
  readonly #join: Statement<never>;
  readonly #leave: Statement<never>;
  readonly #found: Statement<never>;

  constructor(sqlite: DatabaseSync) {
    this.#one = prepare(sqlite, 'select * from member where guild = :guild and user = :user');
    this.#join = prepare(
      sqlite,
      `insert into member (guild, user, joined_at, present, left_at, bot, earlier)
       values (:guild, :user, :joined_at, 1, null, :bot, 0)
       on conflict do update set joined_at = excluded.joined_at, present = 1, left_at = null,
         bot = excluded.bot,
         earlier = case when joined_at is excluded.joined_at then earlier else 1 end`,
    );
    this.#leave = prepare(
      sqlite,
      `insert into member (guild, user, joined_at, present, left_at, bot, earlier)
       values (:guild, :user, null, 0, :at, 0, 0)
       on conflict do update set present = 0, left_at = excluded.left_at`,
    );
    // Of somebody who was only seen leaving, and after that, it tells when they had joined.
    this.#found = prepare(
      sqlite,
      `insert into member (guild, user, joined_at, present, left_at, bot, earlier)
       values (:guild, :user, :joined_at, 1, null, :bot, 0)
       on conflict do update set joined_at = excluded.joined_at, bot = excluded.bot
         where joined_at is null and left_at >= excluded.joined_at`,
    );
  }

  /** Null also for somebody who was only seen leaving: when they joined is not known. */
  known(guildId: GuildId, userId: UserId): KnownMember | null {
    const row = this.#one.one({ guild: guildId, user: userId });
    if (row === undefined || row.joined_at === null) return null;
    return { joinedAt: row.joined_at, present: row.present === 1 };
  }

  /** True if the user was a member before the membership that began at `joinedAt`. */
  cameBefore(guildId: GuildId, userId: UserId, joinedAt: number): boolean {
    const row = this.#one.one({ guild: guildId, user: userId });
    return row !== undefined && row.joined_at === joinedAt && row.earlier === 1;
  }

  /** Discord's record of a member whom we never saw join. What we saw ourselves stays. */
  found(guildId: GuildId, { userId, joinedAt, bot }: SearchedMember): void {
    this.#found.run({ guild: guildId, user: userId, joined_at: joinedAt, bot: bot ? 1 : 0 });
  }

  commit(guildId: GuildId, change: MemberChange): void {
    const key = { guild: guildId, user: change.userId };
    switch (change.kind) {
      case 'joined':
        this.#join.run({ ...key, joined_at: change.joinedAt, bot: change.bot ? 1 : 0 });
        break;
      case 'left':
        this.#leave.run({ ...key, at: change.at });
        break;
    }
  }
}
