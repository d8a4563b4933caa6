import type { Words } from './score.ts';

/**
 * `documented` is what the README or the guide shows today, `best` the settings that serve it best.
 * `older text` is the guide as most bots have copied it. wherefrom runs `as shipped` and with the one
 * setting that helps it, the search of Discord's own record.
 */
export type SetUp = 'documented' | 'best' | 'older text' | 'as shipped' | 'member search';

/** Somebody who is measured. */
export interface Contestant {
  readonly name: string;
  readonly setUps: readonly SetUp[];
  readonly words: Words;
  /** Whether it says when an answer is its last word, and may change it until then. */
  readonly revises: boolean;
  /** Whether it keeps counts for its next start; for the others one start is as the next. */
  readonly keepsCounts: boolean;
}

/** One contestant in one set-up: a line of the tables. */
export interface Entry {
  readonly contestant: Contestant;
  readonly setUp: SetUp;
}

const BOTH: readonly SetUp[] = ['documented', 'best'];

export const CONTESTANTS: readonly Contestant[] = [
  {
    name: 'androz2091',
    setUps: BOTH,
    words: { none: false, bot: false },
    revises: false,
    keepsCounts: false,
  },
  {
    name: 'discord-inviter',
    setUps: BOTH,
    words: { none: false, bot: true },
    revises: false,
    keepsCounts: false,
  },
  {
    name: 'discord-invite',
    setUps: BOTH,
    words: { none: false, bot: false },
    revises: false,
    keepsCounts: false,
  },
  {
    name: 'guide',
    setUps: ['older text', 'documented', 'best'],
    words: { none: false, bot: false },
    revises: false,
    keepsCounts: false,
  },
  {
    name: 'wherefrom',
    setUps: ['as shipped', 'member search'],
    words: { none: true, bot: true },
    revises: true,
    keepsCounts: true,
  },
];
