import { mixed } from './chance.ts';
import { inside, type Mix, outside } from './mixes.ts';
import { calm, calmSearched, ordinary, quiet, raid, raidSearched } from './ordinary.ts';
import { type Outcome, runWorld } from './run-world.ts';

export const MIXES: Readonly<Record<string, Mix>> = {
  inside,
  outside,
  ordinary,
  calm,
  'calm-searched': calmSearched,
  quiet,
  raid,
  'raid-searched': raidSearched,
};

/** Many worlds of one mix, each made from the seed and its number. */
export interface Campaign {
  readonly mix: string;
  readonly seed: number;
  /** This part of the worlds: numbers `first`, `first + step`, and so on. */
  readonly first: number;
  readonly step: number;
  /** One world in so many is judged by the oracle too; 0 is none. */
  readonly oracleEvery: number;
}

export interface Played {
  readonly world: number;
  readonly outcome: Outcome;
}

export function worldSeed(seed: number, world: number): number {
  return mixed(seed, `world ${world}`);
}

/** Plays one world by its number. */
export function playWorld(campaign: Campaign, world: number): Promise<Outcome> {
  const { mix, seed, oracleEvery } = campaign;
  const make = MIXES[mix];
  if (make === undefined) throw new Error(`no mix is called ${mix}`);
  const judged = oracleEvery > 0 && world % oracleEvery === 0;
  return runWorld(make(worldSeed(seed, world)), judged);
}

/** Plays world after world until nobody asks for the next one. */
export async function* playAll(campaign: Campaign): AsyncGenerator<Played> {
  for (let world = campaign.first; ; world += campaign.step) {
    yield { world, outcome: await playWorld(campaign, world) };
  }
}
