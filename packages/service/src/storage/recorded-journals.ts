import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Attribution, ENGINE_CONSTANTS, GuildId, Observation, StoredState } from 'wherefrom';
import { ServiceError } from '../service-error.ts';
import { checkOwner } from './database.ts';
import { prepare, type Statement } from './statements.ts';
import { storageFailure } from './storage-failure.ts';

/** What is recorded of one guild. */
export interface RecordedGuild {
  readonly guild: string;
  readonly steps: number;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

/** An entry as it was written. Nothing in it is checked: the file may have been in other hands. */
export type RecordedEntry =
  | {
      readonly kind: 'start';
      readonly at: number;
      readonly constants: typeof ENGINE_CONSTANTS;
      readonly state: StoredState;
    }
  | {
      readonly kind: 'step';
      readonly observations: readonly Observation[];
      readonly answers: readonly Attribution[];
    };

interface Row {
  readonly step: number;
  readonly at: number;
  readonly entry: string;
}

/** The journals in a database that the bot may be writing to: only looked at, as of one moment. */
export class RecordedJournals implements Disposable {
  readonly #path: string;
  readonly #sqlite: DatabaseSync;
  readonly #guilds: Statement<RecordedGuild>;
  readonly #first: Statement<{ readonly segment: number | null }>;
  readonly #entries: Statement<Row>;

  /** @throws ServiceError `journal-none` or one of storage */
  constructor(path: string) {
    if (!existsSync(path)) throw new ServiceError('journal-none', `There is no database ${path}.`);
    this.#path = path;
    this.#sqlite = opened(path);
    this.#guilds = prepare(
      this.#sqlite,
      `select guild, sum(step > 0) as steps, sum(octet_length(entry)) as bytes,
         min(at) as "from", max(at) as "to"
       from journal group by guild order by guild`,
    );
    // The segment that the moment lies in, or the first after it; a segment is worth nothing
    // without its start.
    this.#first = prepare(
      this.#sqlite,
      `select coalesce(
         (select max(segment) from journal where guild = :guild and step = 0 and at <= :since),
         (select min(segment) from journal where guild = :guild and step = 0)) as segment`,
    );
    this.#entries = prepare(
      this.#sqlite,
      `select step, at, entry from journal as each
       where guild = :guild and segment >= :segment and exists (select 1 from journal as start
         where start.guild = each.guild and start.segment = each.segment and start.step = 0)
       order by segment, step`,
    );
  }

  guilds(): readonly RecordedGuild[] {
    return this.#reading(() => this.#guilds.all({}));
  }

  /** From the segment on that `since` (ms since 1970) lies in. */
  entries(guildId: GuildId, since: number): readonly RecordedEntry[] {
    return this.#reading(() => {
      const segment = this.#first.one({ guild: guildId, since })?.segment ?? null;
      if (segment === null) return [];
      return this.#entries.all({ guild: guildId, segment }).map(entryOf);
    });
  }

  [Symbol.dispose](): void {
    this.#sqlite.close();
  }

  #reading<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw readFailure(this.#path, cause);
    }
  }
}

function readFailure(path: string, cause: unknown): ServiceError {
  const failure = storageFailure(path, cause);
  if (failure.code !== 'storage-unwritable') return failure;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ServiceError('journal-shut', `${path} cannot be opened (${why}).`, { cause });
}

function opened(path: string): DatabaseSync {
  let sqlite: DatabaseSync | null = null;
  try {
    sqlite = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
    checkOwner(sqlite, path);
    const table = sqlite.prepare("select 1 from sqlite_master where name = 'journal'").get();
    if (table !== undefined) return sqlite;
    throw new ServiceError(
      'journal-none',
      `${path} was never opened by a version that can record.`,
    );
  } catch (cause) {
    sqlite?.close();
    throw readFailure(path, cause);
  }
}

function entryOf({ step, at, entry }: Row): RecordedEntry {
  const content = JSON.parse(entry) as object;
  return (
    step === 0 ? { kind: 'start', at, ...content } : { kind: 'step', ...content }
  ) as RecordedEntry;
}
