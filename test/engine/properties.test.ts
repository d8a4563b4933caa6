import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { CLOCK_ERROR_MS } from '../../packages/core/src/engine/constants.ts';
import type { ListedMember, Observation } from '../../packages/core/src/engine/observation.ts';
import { answerAll } from '../oracle/answers.ts';
import { matchWorlds } from '../oracle/matching.ts';
import { SOUND } from '../oracle/rules.ts';
import { enumerateWorlds } from '../oracle/worlds.ts';
import { PARKING_REGRESSIONS } from './parking-regressions.ts';
import {
  answersOf,
  differences,
  type Engine,
  effectsOf,
  engine,
  recordsOf,
  withWakes,
} from './properties-engine.ts';
import { garbage } from './properties-garbage.ts';
import { printJournal } from './properties-print.ts';
import { REGRESSIONS } from './properties-regressions.ts';
import { shrinkTape } from './properties-shrink.ts';
import { wildJournal } from './properties-wild.ts';
import { joinKey, type TruthfulJournal, truthfulJournal } from './random-journal.ts';

const RUNS = Number(process.env.RUNS ?? 2_000);
const SEED = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const TAPES = fc.array(fc.nat({ max: 0xffff }), { maxLength: 600, size: 'max' });

type Tape = readonly number[];

/** Runs a check over random tapes and shows the smallest journal that fails. */
function holds(check: (tape: Tape) => string[], journalOf: (tape: Tape) => readonly Observation[]) {
  const fails = (tape: Tape): boolean => check(tape).length > 0;
  const property = fc.property(TAPES, (tape) => !fails(tape));
  const result = fc.check(property, {
    seed: SEED,
    numRuns: RUNS,
    unbiased: true,
    endOnFailure: true,
  });
  if (!result.failed) return;
  const tape = shrinkTape(result.counterexample?.[0] ?? [], fails);
  const found = [printJournal(journalOf(tape)), ...check(tape)].join('\n');
  assert.fail(`SEED=${SEED} RUNS=${RUNS}\n${found}\ntape ${JSON.stringify(tape)}`);
}

const truthfulObservations = (tape: Tape) => truthfulJournal(tape).observations;

/** Where answers and truth contradict each other. */
function lies(journal: TruthfulJournal, answers: ReturnType<typeof answersOf>): string[] {
  return answers.flatMap(({ userId, joinedAt, certainty, origin, candidates }) => {
    const truth = journal.truths.get(joinKey(userId, joinedAt)) ?? [];
    const said = `${userId} ${certainty} ${origin} of ${candidates}, in truth ${truth}`;
    if (certainty === 'certain' && !truth.includes(origin ?? '')) return [said];
    // A join that was missed may have made the use that another one now must take.
    if (journal.lost || candidates.includes('unknown:no-baseline')) return [];
    return truth.some((each) => candidates.includes(each)) ? [] : [said];
  });
}

/** The member list is read as soon as a gap has ended. */
function withMembers({ observations, missed }: TruthfulJournal): Observation[] {
  return observations.flatMap((each): Observation[] => {
    if (each.kind !== 'gap') return [each];
    const { at, from: since, to: until } = each;
    // Our clock told of the gap; theirs says when they joined.
    const span = { since: since - 5_000, until: until + CLOCK_ERROR_MS };
    const page = { kind: 'members', at, requestedAt: at, ...span } as const;
    return [each, { ...page, after: null, members: missed, next: null }];
  });
}

describe(`the definition of right (seed ${SEED})`, () => {
  it('never contradicts the truth of a world that keeps the assumptions', () => {
    holds((tape) => {
      const journal = truthfulJournal(tape);
      return lies(journal, answerAll(withMembers(journal), enumerateWorlds, SOUND));
    }, truthfulObservations);
  });

  for (const [name, journalOf] of [
    ['truthful', truthfulObservations],
    ['wild', wildJournal],
  ] as const) {
    it(`is the same by matching as by trying all worlds (${name})`, () => {
      holds((tape) => {
        const journal = journalOf(tape);
        const slow = JSON.stringify(answerAll(journal, enumerateWorlds));
        const fast = JSON.stringify(answerAll(journal, matchWorlds));
        return slow === fast ? [] : [slow, fast];
      }, journalOf);
    });
  }
});

const skip = engine === null ? 'the engine is not written yet' : false;

describe(`the engine against the oracle (seed ${SEED})`, { skip }, () => {
  const used = engine as Engine;
  const differ = (journal: readonly Observation[], missed: readonly ListedMember[] = []) =>
    differences(used, journal, (seen) => answerAll(seen, enumerateWorlds), missed);

  it('never contradicts the truth of a world that keeps the assumptions', () => {
    holds((tape) => {
      const journal = truthfulJournal(tape);
      const woken = withWakes(used, journal.observations, journal.missed);
      return lies(journal, answersOf(used, woken));
    }, truthfulObservations);
  });

  it('answers truthful journals as the oracle does', () => {
    holds((tape) => {
      const { observations, missed } = truthfulJournal(tape);
      return differ(observations, missed);
    }, truthfulObservations);
  });

  it('answers wild journals as the oracle does', () => {
    holds((tape) => differ(wildJournal(tape)), wildJournal);
  });

  for (const { why, journal } of [...REGRESSIONS, ...PARKING_REGRESSIONS]) {
    it(`answers as the oracle does: ${why}`, () => {
      assert.deepEqual(differ(journal), [], printJournal(journal));
    });
  }

  it('has the same effects for the same journal', () => {
    holds((tape) => {
      const [first, second] = [
        effectsOf(used, wildJournal(tape)),
        effectsOf(used, wildJournal(tape)),
      ];
      return JSON.stringify(first) === JSON.stringify(second) ? [] : ['the effects differ'];
    }, wildJournal);
  });

  it('counts a join once that is delivered twice', () => {
    const doubled = (tape: Tape): readonly Observation[] =>
      wildJournal(tape).flatMap((each): Observation[] =>
        each.kind === 'join' ? [each, each] : [each],
      );
    holds((tape) => {
      const once = recordsOf(effectsOf(used, wildJournal(tape)));
      const twice = recordsOf(effectsOf(used, doubled(tape)));
      return JSON.stringify([...once]) === JSON.stringify([...twice]) ? [] : ['the answers differ'];
    }, doubled);
  });

  it('never throws, whatever it observes', () => {
    holds((tape) => {
      try {
        effectsOf(used, garbage(tape));
        return [];
      } catch (error) {
        return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
      }
    }, garbage);
  });
});
