import type { Migration } from 'kysely/migration';
import * as first from './0001-first.ts';
import * as resume from './0002-resume.ts';
import * as journal from './0003-journal.ts';
import * as search from './0004-search.ts';

/** Every migration there is, in order of name. None is ever changed or taken away. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-first': { up: first.up },
  '0002-resume': { up: resume.up },
  '0003-journal': { up: journal.up },
  '0004-search': { up: search.up },
};
