import type { Observation } from '../../packages/core/src/engine/observation.ts';
import { START } from '../oracle/notation.ts';
import { chance } from './properties-chance.ts';
import { wildJournal } from './properties-wild.ts';

const TIMES = [START, 0, -1, Number.NaN, Infinity, -Infinity, START + 500, 1e300];
const TEXTS = ['A', '', '__proto__', 'constructor', '\u{1f600}'];

/** Nonsense in any field, of the right type: the engine must live through it. */
export function garbage(tape: readonly number[]): Observation[] {
  const draw = chance(tape);
  const nonsense = (value: unknown): unknown => {
    if (typeof value === 'number') return draw.pick(TIMES);
    if (typeof value === 'string') return draw.pick(TEXTS);
    return Array.isArray(value) ? [] : value;
  };
  return wildJournal(tape).map((observation) => {
    if (!draw.maybe(40)) return observation;
    const key = draw.pick(Object.keys(observation).filter((name) => name !== 'kind'));
    const value = (observation as unknown as Record<string, unknown>)[key];
    return { ...observation, [key]: nonsense(value) } as Observation;
  });
}
