import type { GuildId, SearchMode } from 'wherefrom';
import type { Agreement } from '../search-agreement.ts';
import { type Database, reading } from './database.ts';
import { prepare, type Statement } from './statements.ts';

/** What the states of guilds tell of member search. */
export interface SearchFigures {
  /** How well the records agreed with the counters; zeros for a guild that was never seen. */
  of(guildId: GuildId): Agreement;
  /** All guilds together. */
  total(): Agreement;
  /** Guilds whose engine heard another setting last. */
  outdated(mode: SearchMode): readonly GuildId[];
}

const FIGURES = `
  select coalesce(sum(json_extract(rest, '$.search.checked')), 0) as checked,
    coalesce(sum(json_extract(rest, '$.search.agreed')), 0) as agreed
  from guild where json_valid(rest)`;

/** Reads the states themselves: there is no second count that could differ. */
export class SqliteSearchFigures implements SearchFigures {
  readonly #database: Database;
  readonly #one: Statement<Agreement>;
  readonly #all: Statement<Agreement>;
  readonly #outdated: Statement<{ readonly id: string }>;

  constructor(database: Database) {
    this.#database = database;
    this.#one = prepare(database.sqlite, `${FIGURES} and id = :guild`);
    this.#all = prepare(database.sqlite, FIGURES);
    // What is as it is in an empty state is not stored.
    this.#outdated = prepare(
      database.sqlite,
      `select id from guild
       where json_valid(rest) and coalesce(rest ->> '$.access.search', 'off') <> :mode`,
    );
  }

  of(guildId: GuildId): Agreement {
    return this.#read(this.#one, { guild: guildId });
  }

  total(): Agreement {
    return this.#read(this.#all, {});
  }

  outdated(mode: SearchMode): readonly GuildId[] {
    const rows = reading(this.#database, () => this.#outdated.all({ mode }));
    return rows.map(({ id }) => id as GuildId);
  }

  #read(statement: Statement<Agreement>, values: Readonly<Record<string, string>>): Agreement {
    return reading(this.#database, () => ({ checked: 0, agreed: 0, ...statement.one(values) }));
  }
}
