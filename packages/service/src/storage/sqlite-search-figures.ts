import type { GuildId } from 'wherefrom';
import type { Agreement } from '../search-agreement.ts';
import { type Database, reading } from './database.ts';
import { prepare, type Statement } from './statements.ts';

/** How well member search agrees with the counters, as each guild's state counts it. */
export interface SearchFigures {
  /** Zeros for a guild that was never seen. */
  of(guildId: GuildId): Agreement;
  /** All guilds together. */
  total(): Agreement;
}

const FIGURES = `
  select coalesce(sum(json_extract(rest, '$.search.checked')), 0) as checked,
    coalesce(sum(json_extract(rest, '$.search.agreed')), 0) as agreed
  from guild`;

/** Reads the states themselves: there is no second count that could differ. */
export class SqliteSearchFigures implements SearchFigures {
  readonly #database: Database;
  readonly #one: Statement<Agreement>;
  readonly #all: Statement<Agreement>;

  constructor(database: Database) {
    this.#database = database;
    this.#one = prepare(database.sqlite, `${FIGURES} where id = :guild`);
    this.#all = prepare(database.sqlite, FIGURES);
  }

  of(guildId: GuildId): Agreement {
    return this.#read(this.#one, { guild: guildId });
  }

  total(): Agreement {
    return this.#read(this.#all, {});
  }

  #read(statement: Statement<Agreement>, values: Readonly<Record<string, string>>): Agreement {
    return reading(this.#database, () => ({ checked: 0, agreed: 0, ...statement.one(values) }));
  }
}
