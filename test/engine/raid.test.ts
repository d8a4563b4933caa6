import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Attribution } from '../../packages/core/src/engine/attribution.ts';
import { COUNT_LAG_MS, EVENT_DELAY_MS } from '../../packages/core/src/engine/constants.ts';
import type { Observation } from '../../packages/core/src/engine/observation.ts';
import { invite, join, START } from '../oracle/notation.ts';
import { type Chance, chance } from './properties-chance.ts';
import { type Engine, engine, withWakes } from './properties-engine.ts';
import { inOrder } from './random-journal.ts';

const RAIDS = Number(process.env.RAIDS ?? 3);
const SEED = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const RAID_MS = 60_000;
const WATCHED_MS = 90_000;
const LIST_MS = 600;
const CODES = ['A', 'B', 'C', 'D', 'E'] as const;

interface Raider {
  readonly user: string;
  readonly ms: number;
  readonly code: string | null;
  readonly shownMs: number;
}

interface Raid {
  readonly raiders: readonly Raider[];
  readonly observations: readonly Observation[];
}

/** Hundreds of joins over several codes, within the assumptions; nobody is missed. */
function raid(tape: readonly number[]): Raid {
  const draw = chance(tape);
  const count = 200 + draw.below(201);
  const lagging = draw.maybe(50);
  const raiders = Array.from({ length: count }, (_, n) => raider(draw, n, lagging));
  const events = raiders.map(({ user, ms }) => {
    const delayMs = draw.pick([100, 0, 300, 1_500, EVENT_DELAY_MS]);
    return join(user, ms / 1_000, { at: (ms + delayMs) / 1_000 });
  });
  const lists: Observation[] = [];
  for (let ms = -1_000; ms < WATCHED_MS; ms += LIST_MS) {
    const spanMs = draw.pick([100, 50, 200, 400]);
    lists.push(listAt(raiders, ms, ms + spanMs, ms + draw.below(spanMs + 1)));
  }
  const last: Observation = { kind: 'time', at: START + WATCHED_MS + 120_000 };
  return { raiders, observations: [...inOrder([...events, ...lists]), last] };
}

function raider(draw: Chance, n: number, lagging: boolean): Raider {
  // In waves, so that some of it can be told apart.
  const ms = 10_000 * draw.below(RAID_MS / 10_000) + draw.below(draw.pick([6_000, 2_000, 10_000]));
  const code = draw.maybe(5) ? null : draw.pick(CODES);
  const lagMs = lagging ? draw.below(COUNT_LAG_MS + 1) : 0;
  return { user: `u${n}`, ms, code, shownMs: ms + lagMs };
}

function listAt(
  raiders: readonly Raider[],
  requestedMs: number,
  answeredMs: number,
  momentMs: number,
): Observation {
  const invites = CODES.map((code) => {
    const uses = raiders.filter((each) => each.code === code && each.shownMs <= momentMs).length;
    return invite(code, { uses });
  });
  const [requestedAt, at] = [START + requestedMs, START + answeredMs];
  return { kind: 'invites', at, requestedAt, invites, complete: true };
}

interface Outcome {
  readonly answers: ReadonlyMap<string, Attribution>;
  readonly longestMs: number;
  readonly totalMs: number;
}

function play(used: Engine, observations: readonly Observation[]): Outcome {
  const answers = new Map<string, Attribution>();
  let state = used.emptyState();
  let longestMs = 0;
  const began = performance.now();
  for (const observation of observations) {
    const stepBegan = performance.now();
    const next = used.step(state, observation);
    longestMs = Math.max(longestMs, performance.now() - stepBegan);
    state = next.state;
    for (const effect of next.effects) {
      if (effect.kind === 'record') answers.set(effect.attribution.userId, effect.attribution);
    }
  }
  return { answers, longestMs, totalMs: performance.now() - began };
}

/** What every answer of a raid must keep to, settled or not. */
function broken({ raiders }: Raid, { answers, longestMs, totalMs }: Outcome): string[] {
  const found = raiders.flatMap(({ user, code }) => {
    const answer = answers.get(user);
    if (answer === undefined) return [`${user} has no answer`];
    const names = answer.candidates.map(({ origin }) => ('code' in origin ? origin.code : null));
    const said = `${user} ${answer.certainty} ${names}, in truth ${code}`;
    if (!answer.settled) return [`${said}: never settled`];
    return names.includes(code as (typeof names)[number]) ? [] : [said];
  });
  // Generous: machines under load are slow, and a quadratic engine is slower by far.
  if (longestMs > 1_000) found.push(`a step took ${longestMs} ms`);
  if (totalMs > 20_000) found.push(`the raid took ${totalMs} ms`);
  return found;
}

describe(`a raid of hundreds over several invites (seed ${SEED})`, {
  skip: engine === null,
}, () => {
  it('is answered quickly, truthfully and to the end', () => {
    const tapes = fc.array(fc.nat({ max: 0xffff }), { minLength: 2_500, maxLength: 2_500 });
    fc.assert(
      fc.property(tapes, (tape) => {
        const whole = raid(tape);
        const woken = withWakes(engine as Engine, whole.observations);
        assert.deepEqual(broken(whole, play(engine as Engine, woken)), []);
      }),
      { seed: SEED, numRuns: RAIDS, unbiased: true, endOnFailure: true },
    );
  });
});
