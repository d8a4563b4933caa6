import { createPrng } from '@wherefrom/emulator';
import { integer, mixed } from './chance.ts';
import { inventScript, type Recipe } from './invent.ts';
import { type Mix, NO_SEARCH, type World } from './mixes.ts';
import type { Taste } from './settings.ts';
import { bursts, poisson, type Traffic } from './traffic.ts';
import { FAIR, type Weather } from './weather.ts';

/** What most communities are like: some invites, few limits, seldom a missing permission. */
const COMMON: Taste = {
  approval: 0,
  roles: 0.1,
  targets: 0,
  vanity: 0.35,
  limits: 0.2,
  expiries: 0.15,
  blind: 0.1,
  invites: [
    [2, 3],
    [4, 8],
    [3, 20],
    [1, 60],
  ],
};

const WAYS: Recipe['ways'] = [
  [82, 'invite'],
  [10, 'vanity'],
  [6, 'discovery'],
  [2, 'bot'],
];

/** A fair day with what happens now and then: slow answers, a count that shows late, an error. */
const ORDINARY: Weather = {
  ...FAIR,
  clockErrorMs: 20,
  eventDelayMs: [5, 250],
  slowEventMs: [250, 1_500],
  slowEvents: 0.02,
  lagMs: [0, 1_500],
  lagging: 0.03,
  presenceMs: 300,
  slowAnswerMs: [120, 3_000],
  slowAnswers: 0.02,
  errors: 0.005,
  timeouts: 0.001,
  messagesLost: 0.002,
  repeats: 0.003,
};

function worldOf(seed: number, recipe: Recipe, weather: Weather, search: World['search']): World {
  const script = inventScript(seed, recipe);
  return { seed, script, weather, search, troubles: {}, promise: 'kept' };
}

/** People come when the bot has read its first lists: its start is another figure. */
const STARTED_MS = 20_000;

function afterStart(traffic: Traffic): Traffic {
  return (prng, people) => traffic(prng, people).map((at) => at + STARTED_MS);
}

function recipe(traffic: Traffic, changes: Partial<Recipe> = {}): Recipe {
  return {
    guilds: 4,
    joins: 240,
    taste: COMMON,
    traffic: () => afterStart(traffic),
    bustle: 0.3,
    ways: WAYS,
    mishaps: {},
    ghosts: 0,
    ...changes,
  };
}

/** So many joins per guild on average, each for itself; 100 ms a round trip; nothing fails. */
function calmWith(meanMs: number, search: World['search']): Mix {
  const quiet = recipe(poisson(meanMs), { bustle: 0, taste: { ...COMMON, blind: 0 } });
  return (seed) => worldOf(seed, quiet, FAIR, search);
}

/** One join per guild and minute. */
export const calm: Mix = calmWith(60_000, NO_SEARCH);
/** One in ten minutes, as in most communities. */
export const quiet: Mix = calmWith(600_000, NO_SEARCH);

/** Member search for joins that the counters leave open, its index as late as the emulator's is. */
const SEARCHED: World['search'] = { mode: 'ambiguous', lagMs: [2_000, 20_000], coldMs: 0 };

export const calmSearched: Mix = calmWith(60_000, SEARCHED);

/**
 * The published ordinary mix: joins from one a minute to bursts of some twenty, invites that come
 * and go, members who leave and return, weather as above, and in a third of the worlds each a
 * restart, a lost session, an outage, or a permission that is taken and given back.
 */
export const ordinary: Mix = (seed) => {
  const prng = createPrng(mixed(seed, 'ordinary'));
  const traffic = prng.pick([
    poisson(60_000),
    poisson(60_000),
    poisson(20_000),
    bursts(4, 10_000, 90_000),
    bursts(20, 30_000, 300_000),
  ]);
  const kinds = ['resumes', 'losses', 'restarts', 'kills', 'outages', 'permissions'];
  const mishaps = prng.chance(1 / 3) ? { [prng.pick(kinds)]: 0.3 } : {};
  return worldOf(seed, recipe(traffic, { mishaps }), ORDINARY, NO_SEARCH);
};

/** A raid: 1,000 people over five invites within 20 s. */
function raidWith(search: World['search']): Mix {
  return (seed) => {
    const traffic: Traffic = (prng, people) =>
      Array.from({ length: people }, () => 30_000 + integer(prng, 0, 20_000)).sort((a, b) => a - b);
    const taste: Taste = {
      ...COMMON,
      vanity: 0,
      limits: 0,
      expiries: 0,
      blind: 0,
      roles: 0,
      invites: [[1, 5]],
    };
    const one = recipe(traffic, {
      guilds: 1,
      joins: 1_000,
      taste,
      bustle: 0,
      ways: [[1, 'invite']],
    });
    return worldOf(seed, one, FAIR, search);
  };
}

export const raid: Mix = raidWith(NO_SEARCH);
export const raidSearched: Mix = raidWith(SEARCHED);
