import type { Migration } from 'kysely/migration';
import * as first from './0001-first.ts';

/** Every migration there is, in order of name. None is ever changed or taken away. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-first': { up: first.up },
};
