import { DatabaseSync } from 'node:sqlite';
import type { Attribution, Origin } from 'wherefrom';

/** A ledger row as a reader of the file sees it. */
export interface LedgerRow
  extends Pick<Attribution, 'origin' | 'certainty' | 'candidates' | 'assumptions'> {
  readonly guildId: string;
  readonly userId: string;
  readonly joinedAt: number;
  readonly settled: boolean;
  readonly whileAway: boolean;
  readonly revision: number;
}

/** A line of the join log that was given up, and why. */
export interface DroppedLine {
  readonly guildId: string;
  readonly userId: string;
  readonly reason: string;
}

export interface MemberRow {
  readonly guildId: string;
  readonly userId: string;
  readonly joinedAt: number | null;
  readonly present: boolean;
}

/** What the service has stored, read from the file itself. */
export interface Records {
  readonly ledger: readonly LedgerRow[];
  readonly members: readonly MemberRow[];
  readonly dropped: readonly DroppedLine[];
  /** When each answer was first recorded, by guild, user and `joined_at`: then its line was queued. */
  readonly recordedAt: ReadonlyMap<string, number>;
  /** Members that the directory counts, by guild. */
  readonly counted: ReadonlyMap<string, number>;
  /** Assumptions that guilds refuted. */
  readonly refuted: readonly { readonly guildId: string; readonly assumption: string }[];
  /** What SQLite says of the whole file. */
  readonly integrity: string;
}

type Cells = Readonly<Record<string, unknown>>;

export function readRecords(path: string): Records {
  return withDatabase(path, (all) => ({
    ledger: all('select * from ledger order by guild, user, joined_at').map(ledgerRow),
    members: all('select * from member').map((cells) => ({
      guildId: String(cells.guild),
      userId: String(cells.user),
      joinedAt: cells.joined_at === null ? null : Number(cells.joined_at),
      present: cells.present === 1,
    })),
    dropped: all('select guild, user, dropped from outbox_line where dropped is not null').map(
      (cells) => ({
        guildId: String(cells.guild),
        userId: String(cells.user),
        reason: String(cells.dropped),
      }),
    ),
    recordedAt: firstRecords(all),
    counted: new Map(
      all('select guild, members from directory where members is not null').map((cells) => [
        String(cells.guild),
        Number(cells.members),
      ]),
    ),
    refuted: all(`select guild.id as guild, json_extract(one.value, '$.assumption') as assumption
      from guild, json_each(guild.rest, '$.refuted') as one`).map((cells) => ({
      guildId: String(cells.guild),
      assumption: String(cells.assumption),
    })),
    integrity: String(all('pragma integrity_check')[0]?.integrity_check),
  }));
}

export function joinKey(join: Pick<LedgerRow, 'guildId' | 'userId' | 'joinedAt'>): string {
  return `${join.guildId}/${join.userId}/${join.joinedAt}`;
}

/** The journal has all answers with their times, the ledger only the last. */
function firstRecords(all: (sql: string) => readonly Cells[]): ReadonlyMap<string, number> {
  const rows = all(`select journal.guild, journal.at, answer.value ->> '$.userId' as user,
      answer.value ->> '$.joinedAt' as joined_at
    from journal, json_each(journal.entry, '$.answers') as answer order by journal.id desc`);
  return new Map(
    rows.map(({ guild, user, joined_at, at }) => {
      const join = { guildId: String(guild), userId: String(user), joinedAt: Number(joined_at) };
      return [joinKey(join), Number(at)];
    }),
  );
}

/** The session of a shard that the next process would resume, and after which event. */
export interface StoredSession {
  readonly shardId: number;
  readonly sessionId: string;
  readonly sequence: number;
  /** Its guilds, and the last event of the session that each was stored with. */
  readonly guilds: readonly StoredGuild[];
}

interface StoredGuild {
  readonly guildId: string;
  readonly sequence: number;
  /** It has come, and was not lost again. */
  readonly isHere: boolean;
}

export function storedSessions(path: string): readonly StoredSession[] {
  try {
    return withDatabase(path, (all) => {
      const guilds = all(`select guild, shard, sequence,
        entry is not null and absent_cause is null as here from directory`);
      return all('select shard, session, sequence from session').map((row) => ({
        shardId: Number(row.shard),
        sessionId: String(row.session),
        sequence: Number(row.sequence),
        guilds: guilds
          .filter(({ shard }) => shard === row.shard)
          .map(({ guild, sequence, here }) => ({
            guildId: String(guild),
            sequence: Number(sequence),
            isHere: here === 1,
          })),
      }));
    });
  } catch {
    // No file, or no table in it yet.
    return [];
  }
}

/** How many answers are not settled, and how many lines and messages are not sent. */
export function openWork(path: string): { readonly unsettled: number; readonly unsent: number } {
  return withDatabase(path, (all) => {
    const count = (sql: string): number => Number(all(sql)[0]?.count);
    return {
      unsettled: count('select count(*) as count from ledger where settled = 0'),
      unsent:
        count('select count(*) as count from outbox_line where wanted > sent and dropped is null') +
        count("select count(*) as count from outbox where state not in ('sent', 'dropped')"),
    };
  });
}

function withDatabase<T>(path: string, work: (all: (sql: string) => readonly Cells[]) => T): T {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  try {
    return work((sql) => database.prepare(sql).all() as readonly Cells[]);
  } finally {
    database.close();
  }
}

function ledgerRow(cells: Cells): LedgerRow {
  return {
    guildId: String(cells.guild),
    userId: String(cells.user),
    joinedAt: Number(cells.joined_at),
    origin: originOf(cells),
    certainty: cells.certainty as Attribution['certainty'],
    candidates: JSON.parse(String(cells.candidates)) as Attribution['candidates'],
    assumptions: JSON.parse(String(cells.assumptions)) as Attribution['assumptions'],
    settled: cells.settled === 1,
    whileAway: cells.while_away === 1,
    revision: Number(cells.revision),
  };
}

function originOf({ origin, code, inviter, adder, reason }: Cells): Origin | null {
  if (origin === null) return null;
  const known: unknown = { kind: origin, code, inviterId: inviter, adderId: adder, reason };
  return known as Origin;
}
