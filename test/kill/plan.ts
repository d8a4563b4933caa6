import { createPrng, type Prng } from '@wherefrom/emulator';
import { approachTo, type Boundary, boundaryNames, type Need } from './boundaries.ts';
import type { EndAt } from './victim.ts';

/** How one life of the process is to end. */
export interface PlannedEnd {
  readonly endAt: EndAt | null;
  /** Without a boundary: so long after its start it is killed from outside. */
  readonly afterMs: number;
  readonly needs: Need;
}

/** Of every hundred kills so many come at a boundary, the others at any moment. */
const AT_BOUNDARIES = 0.78;
/** While it starts, connects and hears what it missed. */
const STARTING_MS = [0, 2_000] as const;
const LIVING_MS = [1_000, 7_000] as const;

/** The kills of one seed: each boundary about equally often, in any order, and random moments. */
export function planOf(kills: number, seed: number): readonly PlannedEnd[] {
  const chance = createPrng(seed);
  const living = boundaryNames.filter((name) => approachTo(name).needs !== 'new-file');
  const wanted = Math.round(kills * AT_BOUNDARIES);
  const names: Boundary[] = [];
  while (names.length < wanted) names.push(...shuffled(living, chance));
  const ends = [
    ...names.slice(0, wanted).map((boundary) => endAt(boundary, chance)),
    ...Array.from({ length: kills - wanted }, () => atRandom(chance)),
  ];
  // Nobody can find who came before the bot was there: the first session is not ended.
  const [first, ...rest] = [firstEnd(), ...shuffled(ends, chance)].slice(0, kills);
  const calm = rest.findIndex(({ needs }) => needs !== 'new-session');
  if (calm > 0) rest.unshift(...rest.splice(calm, 1));
  return first === undefined ? [] : [first, ...rest];
}

/** What ends a process that has not even a database yet. */
export function firstStarts(): readonly PlannedEnd[] {
  return boundaryNames
    .filter((name) => approachTo(name).needs === 'new-file')
    .map((boundary) => ({ endAt: { boundary, nth: 1 }, afterMs: 0, needs: 'new-file' }));
}

/** A kill at a boundary when the process comes there for the so manieth time, or after so many ms. */
export function planFor(kill: readonly [Boundary, number] | number): PlannedEnd {
  if (typeof kill === 'number') return { endAt: null, afterMs: kill, needs: 'nothing' };
  const [boundary, nth] = kill;
  return { endAt: { boundary, nth }, afterMs: 0, needs: approachTo(boundary).needs };
}

function endAt(boundary: Boundary, chance: Prng): PlannedEnd {
  return planFor([boundary, 1 + Math.floor(chance.next() * approachTo(boundary).upTo)]);
}

function atRandom(chance: Prng): PlannedEnd {
  const range = chance.chance(0.4) ? STARTING_MS : LIVING_MS;
  return planFor(Math.round(chance.between(range)));
}

/** The session is stored, and nothing else is. */
function firstEnd(): PlannedEnd {
  return { ...planFor(['session: after commit', 1]), needs: 'nothing' };
}

export function wordsOf({ endAt, afterMs }: PlannedEnd): string {
  return endAt === null ? `after ${afterMs} ms` : `${endAt.boundary}, time ${endAt.nth}`;
}

function shuffled<T>(things: readonly T[], chance: Prng): T[] {
  const drawn = things.map((thing) => ({ thing, at: chance.next() }));
  return drawn.sort((a, b) => a.at - b.at).map(({ thing }) => thing);
}
