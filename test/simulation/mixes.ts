import { createPrng, type Prng } from '@wherefrom/emulator';
import { mixed, weighted } from './chance.ts';
import { inventScript, type Recipe } from './invent.ts';
import { MISHAPS } from './mishaps.ts';
import type { Script } from './script.ts';
import { VARIED } from './settings.ts';
import type { SearchPlan } from './stage.ts';
import { bursts, drawTraffic } from './traffic.ts';
import { FAIR, INSIDE, OUTSIDE, type Weather } from './weather.ts';

/** One world, made from its seed alone. */
export interface World {
  readonly seed: number;
  readonly script: Script;
  readonly weather: Weather;
  readonly search: SearchPlan;
  /** Kinds of trouble that are on, each with how wild it is, from 0 to 1. */
  readonly troubles: Readonly<Record<string, number>>;
  readonly promise: Promise_;
}

/** `kept`: the assumptions hold, and every check must pass. `broken`: nothing is asserted. */
export type Promise_ = 'kept' | 'broken';

export type Mix = (seed: number) => World;

const WAYS: Recipe['ways'] = [
  [80, 'invite'],
  [8, 'vanity'],
  [8, 'discovery'],
  [4, 'bot'],
];

/** Each kind is wholly off in half of the worlds, and as wild as can be in some. */
function draw(prng: Prng, kinds: readonly string[], off: number): Record<string, number> {
  const drawn: Record<string, number> = {};
  for (const kind of kinds) {
    const wild = prng.chance(0.25) ? 1 : 0.1 + 0.9 * prng.next();
    if (!prng.chance(off)) drawn[kind] = wild;
  }
  return drawn;
}

function weatherFrom(
  troubles: Readonly<Record<string, number>>,
  prng: Prng,
  known: typeof INSIDE,
): Weather {
  const changes = Object.entries(troubles).map(([kind, wild]) => known[kind]?.(wild, prng));
  return Object.assign({}, FAIR, ...changes) as Weather;
}

export const NO_SEARCH: SearchPlan = { mode: 'off', lagMs: [0, 0], coldMs: 0 };

/** Off in most worlds: with it the answers lean on the counters no more. */
function searchFrom(prng: Prng): SearchPlan {
  if (prng.chance(0.75)) return NO_SEARCH;
  const lagMs = prng.pick([
    [0, 0],
    [2_000, 20_000],
    [5_000, 90_000],
  ] as const);
  const mode = prng.pick(['ambiguous', 'ambiguous', 'always'] as const);
  return { mode, lagMs, coldMs: prng.chance(0.3) ? 30_000 : 0 };
}

function recipeFrom(prng: Prng, mishaps: Readonly<Record<string, number>>): Recipe {
  const raid = prng.chance(0.08);
  return {
    guilds: raid
      ? 1
      : weighted(prng, [
          [2, 1],
          [3, 2],
          [3, 4],
          [1, 6],
        ]),
    joins: raid ? 400 : 160,
    taste: VARIED,
    traffic: raid ? () => bursts(150, 10_000, 60_000) : drawTraffic,
    bustle: prng.chance(0.15) ? 0 : prng.next(),
    ways: WAYS,
    mishaps,
    ghosts: 0,
  };
}

/** A1 to A6 hold: whatever else can go wrong may. */
export const inside: Mix = (seed) => {
  const prng = createPrng(mixed(seed, 'mix'));
  const off = prng.chance(0.1) ? 1 : prng.pick([0.3, 0.5, 0.8]);
  const troubles = draw(prng, Object.keys(INSIDE), off);
  const mishaps = draw(prng, MISHAPS, off);
  return {
    seed,
    script: inventScript(seed, recipeFrom(prng, mishaps)),
    weather: weatherFrom(troubles, prng, INSIDE),
    search: searchFrom(prng),
    troubles: { ...troubles, ...mishaps },
    promise: 'kept',
  };
};

/** At least one assumption is broken, on top of what may go wrong inside. */
export const outside: Mix = (seed) => {
  const prng = createPrng(mixed(seed, 'mix'));
  const inner = draw(prng, Object.keys(INSIDE), 0.8);
  const kinds = [...Object.keys(OUTSIDE), 'ghosts'];
  const outer = { [prng.pick(kinds)]: 1, ...draw(prng, kinds, 0.75) };
  const mishaps = draw(prng, MISHAPS, 0.8);
  const recipe = recipeFrom(prng, mishaps);
  return {
    seed,
    script: inventScript(seed, { ...recipe, ghosts: 0.05 * (outer.ghosts ?? 0) }),
    weather: weatherFrom({ ...inner, ...outer }, prng, { ...INSIDE, ...OUTSIDE }),
    search: searchFrom(prng),
    troubles: { ...inner, ...outer, ...mishaps },
    promise: 'broken',
  };
};
