/**
 * The tables as Kysely sees them. Ids are text, times are milliseconds since 1970 (names ending in
 * `_s`: seconds), truths are 0 or 1. The SQL, with what each table is for, is in `migrations/`.
 */
export interface Schema {
  readonly guild: GuildTable;
  readonly invite: InviteTable;
  readonly invite_seen: InviteSeenTable;
  readonly member: MemberTable;
  readonly ledger: LedgerTable;
  readonly outbox: OutboxTable;
  readonly outbox_line: OutboxLineTable;
  readonly alive: AliveTable;
  readonly session: SessionTable;
  readonly directory: DirectoryTable;
  readonly backfill: BackfillTable;
  readonly journal: JournalTable;
}

export interface GuildTable {
  readonly id: string;
  readonly rest: string;
}

export interface InviteTable {
  readonly guild: string;
  readonly code: string;
  /** The highest count told; null if none ever was. */
  readonly uses: number | null;
  readonly max_uses: number;
  readonly inviter: string | null;
  readonly channel: string | null;
  readonly created_s: number;
  readonly expires_s: number;
}

export interface InviteSeenTable {
  readonly guild: string;
  readonly code: string;
  readonly inviter: string | null;
  readonly channel: string | null;
  readonly max_uses: number;
  readonly created_s: number;
  readonly restricted: number;
  readonly first_seen_at: number;
  readonly last_seen_at: number;
}

export interface MemberTable {
  readonly guild: string;
  readonly user: string;
  readonly joined_at: number | null;
  readonly present: number;
  readonly left_at: number | null;
  readonly bot: number;
  readonly earlier: number;
}

export interface LedgerTable {
  readonly guild: string;
  readonly user: string;
  readonly joined_at: number;
  readonly seen_at: number;
  readonly origin: string | null;
  readonly code: string | null;
  readonly inviter: string | null;
  readonly adder: string | null;
  readonly reason: string | null;
  readonly other_type: number | null;
  readonly certainty: string;
  readonly candidates: string;
  readonly join_group: string | null;
  readonly assumptions: string;
  readonly evidence: string;
  readonly settled: number;
  readonly was_member: number;
  readonly while_away: number;
  readonly revision: number;
  readonly recorded_at: number;
}

export interface OutboxTable {
  readonly id: number;
  readonly guild: string;
  readonly channel: string;
  readonly nonce: string;
  readonly form: string;
  readonly state: string;
  readonly discord_id: string | null;
  readonly reason: string | null;
  readonly attempts: number;
  readonly tried_at: number;
  readonly unsure_at: number | null;
  readonly repeated: number;
  readonly next_attempt_at: number;
  readonly tried_hash: string;
  readonly hash: string | null;
}

export interface OutboxLineTable {
  readonly id: number;
  readonly message: number | null;
  readonly guild: string;
  readonly channel: string;
  readonly everyone_reads: number;
  readonly kind: string;
  readonly user: string;
  readonly at: number;
  readonly joined_at: number | null;
  readonly name: string | null;
  readonly removal: string | null;
  readonly queued_at: number;
  readonly touched_at: number;
  readonly wanted: number;
  readonly tried: number;
  readonly sent: number;
  readonly dropped: string | null;
}

export interface AliveTable {
  readonly shard: number;
  readonly at: number;
}

/** The gateway session of each shard. */
export interface SessionTable {
  readonly shard: number;
  readonly session: string;
  readonly resume_url: string;
  /** How many shards there were. */
  readonly shards: number;
  /** Our own user id. */
  readonly me: string;
  /** The REST base and the intents. */
  readonly connection: string;
  /** Every event up to this one is taken in for good. */
  readonly sequence: number;
  /** When that was stored. */
  readonly at: number;
}

/** What GUILD_CREATE told of a guild: a resumed session does not send it again. */
export interface DirectoryTable {
  readonly guild: string;
  readonly shard: number;
  /** JSON; null for a guild that was announced and has not come yet. */
  readonly entry: string | null;
  readonly members: number | null;
  /** The last event of the session that this guild's steps hold. */
  readonly sequence: number;
  /** Why and since when its events do not reach us; null if they do. */
  readonly absent_cause: string | null;
  readonly absent_since: number | null;
}

/** The look at members from before the bot, one row per guild. */
export interface BackfillTable {
  readonly guild: string;
  readonly state: string;
  readonly reason: string | null;
  readonly since: number;
  readonly until: number;
  readonly total: number | null;
  readonly done: number;
  readonly reported: number;
  readonly no_record: number;
  readonly started_at: number;
  readonly ended_at: number | null;
}

export interface JournalTable {
  readonly id: number;
  readonly guild: string;
  readonly segment: number;
  readonly step: number;
  readonly at: number;
  readonly entry: string;
}
