import type { Row } from './notation.ts';
import { BASELINE_ROWS } from './rows-baseline.ts';
import { BOT_ROWS } from './rows-bots.ts';
import { BURST_ROWS } from './rows-burst.ts';
import { LIMITED_ROWS } from './rows-limited.ts';
import { PEOPLE_ROWS } from './rows-people.ts';
import { PERMISSION_ROWS } from './rows-permission.ts';
import { START_ROWS } from './rows-start.ts';
import { VANITY_ROWS } from './rows-vanity.ts';

/** The scenarios on which invite trackers are compared, under their public numbers. */
export const ROWS: readonly Row[] = [
  ...BASELINE_ROWS,
  ...LIMITED_ROWS,
  ...BURST_ROWS,
  ...START_ROWS,
  ...VANITY_ROWS,
  ...PERMISSION_ROWS,
  ...PEOPLE_ROWS,
  ...BOT_ROWS,
];
