import type { Stage } from '../stage.ts';

/** `ordinary` is what every day brings, `hard` what some days bring, `crowd` many people at once. */
export const GROUPS = ['ordinary', 'hard', 'crowd'] as const;
export type Group = (typeof GROUPS)[number];

/** The same actions at the same moments for everybody; the seed draws who and by what. */
export interface Story {
  readonly name: string;
  readonly group: Group;
  readonly about: string;
  play(stage: Stage): Promise<void>;
}

/** Long enough for a join to be answered before the next. */
export const APART_MS = 3_500;

export const VANITY = { kind: 'vanity' } as const;
export const DISCOVERY = { kind: 'none', path: 'discovery' } as const;
export const BOT = { kind: 'bot' } as const;
