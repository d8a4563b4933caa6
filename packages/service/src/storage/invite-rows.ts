import type { DatabaseSync } from 'node:sqlite';
import type {
  ChannelId,
  GuildId,
  GuildState,
  GuildStep,
  InviteCode,
  InviteRecord,
  UserId,
} from 'wherefrom';
import type { InviteTable } from './schema.ts';
import { prepare, type Statement } from './statements.ts';

/** The baselines of a guild, and the memory of invites that are gone. */
export class InviteRows {
  readonly #all: Statement<InviteTable>;
  readonly #write: Statement<never>;
  readonly #remove: Statement<never>;
  readonly #see: Statement<never>;
  readonly #restrict: Statement<never>;
  readonly #restricted: Statement<{ readonly code: string }>;

  constructor(sqlite: DatabaseSync) {
    this.#all = prepare(sqlite, 'select * from invite where guild = :guild order by code');
    this.#write = prepare(
      sqlite,
      `insert into invite (guild, code, uses, max_uses, inviter, channel, created_s, expires_s)
       values (:guild, :code, :uses, :max_uses, :inviter, :channel, :created_s, :expires_s)
       on conflict do update set uses = excluded.uses, max_uses = excluded.max_uses,
         inviter = excluded.inviter, channel = excluded.channel,
         created_s = excluded.created_s, expires_s = excluded.expires_s`,
    );
    this.#remove = prepare(sqlite, 'delete from invite where guild = :guild and code = :code');
    this.#see = prepare(
      sqlite,
      `insert into invite_seen
         (guild, code, inviter, channel, max_uses, created_s, restricted, first_seen_at, last_seen_at)
       values (:guild, :code, :inviter, :channel, :max_uses, :created_s, 0, :at, :at)
       on conflict do update set inviter = excluded.inviter, channel = excluded.channel,
         max_uses = excluded.max_uses, created_s = excluded.created_s,
         last_seen_at = max(last_seen_at, excluded.last_seen_at)`,
    );
    this.#restrict = prepare(
      sqlite,
      'update invite_seen set restricted = 1 where guild = :guild and code = :code and restricted = 0',
    );
    this.#restricted = prepare(
      sqlite,
      'select code from invite_seen where guild = :guild and code = :code and restricted = 1',
    );
  }

  load(guildId: GuildId): Map<InviteCode, InviteRecord> {
    const rows = this.#all.all({ guild: guildId });
    return new Map(rows.map((row) => [row.code as InviteCode, recordOf(row)]));
  }

  /** Writes the changed records, or deletes those that are gone from the state. */
  commit(step: GuildStep): void {
    for (const code of step.changedCodes) this.#commitCode(step, code);
    this.#commitRestrictions(step.guildId, step.state);
  }

  /** Those of the codes that open more than the guild: roles, or a list of people. */
  restricted(guildId: GuildId, codes: readonly InviteCode[]): readonly InviteCode[] {
    return codes.filter((code) => this.#restricted.one({ guild: guildId, code }) !== undefined);
  }

  #commitCode({ guildId, state, at }: GuildStep, code: InviteCode): void {
    const record = state.invites.get(code);
    if (record === undefined) {
      this.#remove.run({ guild: guildId, code });
      return;
    }
    const shared = {
      guild: guildId,
      code,
      inviter: record.inviterId,
      channel: record.channelId,
      max_uses: record.maxUses,
      created_s: record.createdAtS,
    };
    this.#write.run({ ...shared, uses: record.uses, expires_s: record.expiresAtS });
    this.#see.run({ ...shared, at });
  }

  /** Kept beyond the invite's end: its code may still be in a line that is edited. */
  #commitRestrictions(guildId: GuildId, state: GuildState): void {
    for (const traits of state.rest.traits) {
      if (traits.targeted || traits.roleIds.length > 0) {
        this.#restrict.run({ guild: guildId, code: traits.code });
      }
    }
  }
}

function recordOf(row: InviteTable): InviteRecord {
  return {
    uses: row.uses,
    maxUses: row.max_uses,
    inviterId: row.inviter as UserId | null,
    channelId: row.channel as ChannelId | null,
    createdAtS: row.created_s,
    expiresAtS: row.expires_s,
  };
}
