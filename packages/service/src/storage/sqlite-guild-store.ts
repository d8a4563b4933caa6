import {
  type Attribution,
  type GuildId,
  type GuildState,
  type GuildStep,
  type GuildStore,
  type KnownMember,
  restFromJson,
  restToJson,
  type UserId,
} from 'wherefrom';
import type { StepFollower } from '../gateway/resume-rows.ts';
import { type Database, reading, transact } from './database.ts';
import { InviteRows } from './invite-rows.ts';
import { attributionOf } from './ledger-row.ts';
import { LedgerRows } from './ledger-rows.ts';
import { type LinePorts, LineRows } from './line-rows.ts';
import { MemberRows } from './member-rows.ts';
import { prepare, type Statement } from './statements.ts';

/**
 * What the engine knows of each guild, its conclusions, and the log lines that follow from them:
 * all that one step changes is written in one transaction or not at all.
 */
export class SqliteGuildStore implements GuildStore {
  readonly #database: Database;
  readonly #rest: Statement<{ readonly rest: string }>;
  readonly #writeRest: Statement<never>;
  readonly #invites: InviteRows;
  readonly #members: MemberRows;
  readonly #ledger: LedgerRows;
  readonly #lines: LineRows;
  readonly #followers: readonly StepFollower[];

  constructor(database: Database, ports: LinePorts, ...followers: readonly StepFollower[]) {
    const { sqlite } = database;
    this.#database = database;
    this.#rest = prepare(sqlite, 'select rest from guild where id = :guild');
    this.#writeRest = prepare(
      sqlite,
      `insert into guild (id, rest) values (:guild, :rest)
       on conflict do update set rest = excluded.rest where rest <> excluded.rest`,
    );
    this.#invites = new InviteRows(sqlite);
    this.#members = new MemberRows(sqlite);
    this.#ledger = new LedgerRows(sqlite);
    this.#lines = new LineRows(sqlite, ports);
    this.#followers = followers;
  }

  /** @throws ServiceError (as a rejection) if the file cannot be read. */
  async load(guildId: GuildId): Promise<GuildState | null> {
    return reading(this.#database, () => {
      const row = this.#rest.one({ guild: guildId });
      if (row === undefined) return null;
      return { invites: this.#invites.load(guildId), rest: restFromJson(row.rest) };
    });
  }

  /** @throws ServiceError (as a rejection) if the file cannot be read. */
  async member(guildId: GuildId, userId: UserId): Promise<KnownMember | null> {
    return reading(this.#database, () => this.#members.known(guildId, userId));
  }

  /** @throws ServiceError (as a rejection) if the file cannot be read. */
  async answer(guildId: GuildId, userId: UserId): Promise<Attribution | null> {
    return reading(this.#database, () => {
      const row = this.#ledger.latest(guildId, userId);
      return row === undefined ? null : attributionOf(row);
    });
  }

  /** @throws ServiceError (as a rejection) if it cannot be written; then nothing of it was. */
  async commit(step: GuildStep): Promise<void> {
    transact(this.#database, () => {
      this.#writeRest.run({ guild: step.guildId, rest: restToJson(step.state.rest) });
      this.#invites.commit(step);
      this.#commitMembers(step);
      this.#commitRecords(step);
      for (const follower of this.#followers) follower.write(step);
    });
    for (const follower of this.#followers) follower.finished(step);
  }

  #commitMembers({ guildId, members }: GuildStep): void {
    for (const change of members) {
      if (change.kind === 'left') {
        const known = this.#members.known(guildId, change.userId);
        const joinedAt = known?.present === true ? known.joinedAt : null;
        this.#lines.left(guildId, change.userId, change.at, joinedAt);
      }
      this.#members.commit(guildId, change);
    }
  }

  #commitRecords({ guildId, at, records }: GuildStep): void {
    // Of two settled records of one step the ledger would take the second for a replay.
    const last = new Map(records.map((one) => [`${one.userId}/${one.joinedAt}`, one]));
    for (const attribution of last.values()) {
      const { userId, joinedAt } = attribution;
      const cameBefore = this.#members.cameBefore(guildId, userId, joinedAt);
      const change = this.#ledger.write({ guildId, at, attribution, cameBefore });
      if (change !== 'keep') this.#lines.touch(guildId, attribution, at);
      if (change === 'insert') this.#lines.joined(guildId, attribution, at);
    }
  }
}
