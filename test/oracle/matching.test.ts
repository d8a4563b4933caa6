import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Observation } from '../../packages/core/src/engine/observation.ts';
import { wildJournal } from '../engine/properties-wild.ts';
import { truthfulJournal } from '../engine/random-journal.ts';
import { matchingOracle } from './matching.ts';
import { join, list } from './notation.ts';
import { oracle } from './oracle.ts';

/** The numbers of a plain generator: the same in every run. */
function tape(seed: number): number[] {
  let state = seed;
  return Array.from({ length: 600 }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) & 0xffff;
  });
}

describe('matching', () => {
  it('answers as the enumerator does', () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const journal = truthfulJournal(tape(seed)).observations;
      assert.deepEqual(matchingOracle(journal), oracle(journal), `truthful, seed ${seed}`);
      const wild = wildJournal(tape(seed));
      assert.deepEqual(matchingOracle(wild), oracle(wild), `wild, seed ${seed}`);
    }
  });

  it('answers a raid of a hundred joins over three codes', () => {
    const joins = Array.from({ length: 100 }, (_, index) => join(`u${index}`, 10 + index / 10));
    const journal: Observation[] = [
      list(0, 0.2, { A: 0, B: 0, C: 0 }),
      ...joins,
      list(20.2, 20.4, { A: 60, B: 40, C: 0 }),
    ];
    const answers = matchingOracle(journal);
    assert.equal(answers.length, 100);
    for (const answer of answers) {
      assert.equal(answer.certainty, 'ambiguous');
      assert.deepEqual(answer.candidates, ['invite:A', 'invite:B']);
    }
  });

  it('tells a hundred joins apart that a list lies between', () => {
    const journal: Observation[] = [list(0, 0.2, { A: 0, B: 0 })];
    for (let index = 0; index < 100; index += 1) {
      const joined = 10 + 5 * index;
      const counts = { A: Math.ceil((index + 1) / 2), B: Math.floor((index + 1) / 2) };
      journal.push(join(`u${index}`, joined), list(joined + 0.2, joined + 0.4, counts));
    }
    const answers = matchingOracle(journal);
    const origins = answers.map(({ certainty, origin }) => `${certainty} ${origin}`);
    const expected = answers.map((_, index) => `certain invite:${index % 2 === 0 ? 'A' : 'B'}`);
    assert.deepEqual(origins, expected);
  });
});
