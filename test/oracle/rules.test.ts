import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Observation } from '../../packages/core/src/engine/observation.ts';
import { answerAll } from './answers.ts';
import { created, deleted, gap, join, list, passed } from './notation.ts';
import { SOUND, TO_THE_LETTER } from './rules.ts';
import { enumerateWorlds } from './worlds.ts';

/** Who got what, how surely: first to the letter, then by the sound reading. */
function bothReadings(journal: readonly Observation[], user: string): string[] {
  return [TO_THE_LETTER, SOUND].map((rules) => {
    const answer = answerAll(journal, enumerateWorlds, rules).find((each) => each.userId === user);
    return `${answer?.certainty} ${answer?.candidates.join(' ')}`;
  });
}

describe('where the agreed semantics, to the letter, may lie', () => {
  it('a use from inside a gap may show only in a step after it', () => {
    // u used A at 7.5, lost in the gap, visible after 3 s. x used B, whose channel then vanished.
    const journal = [
      list(0, 0.2, { A: 0, B: 0 }),
      gap(7, 8),
      list(10, 10.2, { A: 0, B: 0 }),
      join('x', 10.4),
      deleted('B', 10.5),
      list(10.6, 10.8, { A: 1 }),
      passed(20),
    ];
    assert.deepEqual(bothReadings(journal, 'x'), ['certain invite:A', 'likely invite:A']);
  });

  it('an event under way when the gap began is lost with it', () => {
    // u used A at 9.9; its event would have come at 10.3. x came from nowhere.
    const journal = [
      list(0, 0.2, { A: 0 }),
      join('x', 9.5),
      list(9.9, 10, { A: 1 }),
      gap(10.1, 12),
      passed(20),
    ];
    assert.deepEqual(bothReadings(journal, 'x'), ['certain invite:A', 'likely invite:A']);
  });

  it('the audit log was silent because its entry fell into a gap', () => {
    const journal = [
      list(0, 0.2, { A: { uses: 0, max: 1 } }),
      join('x', 9.8),
      deleted('A', 10),
      gap(11, 12),
      list(13.5, 13.6, {}),
      passed(20),
    ];
    assert.deepEqual(bothReadings(journal, 'x'), ['certain invite:A', 'likely invite:A no-invite']);
  });

  it('an incomplete list may have left out a code that nobody knew', () => {
    const n = { uses: 1, created: 9 };
    const journal = [
      list(0, 0.2, { A: 0 }),
      join('x', 10),
      list(14, 14.2, { A: 0 }, false),
      list(18, 18.2, { A: 0, N: n }),
    ];
    assert.deepEqual(bothReadings(journal, 'x'), ['likely no-invite', 'certain invite:N']);
  });

  it('an added assumption excludes nothing that the counts demand', () => {
    // Two uses, two joins. Without lag the first did not use A: then it must have used N.
    const journal = [
      list(0, 0.2, { A: 0 }),
      join('x', 8.5),
      list(9.3, 9.5, { A: 0 }),
      created('N', 9.6, { created: 9 }),
      join('y', 11),
      list(13, 13.2, { A: 1, N: { uses: 1, created: 9 } }),
    ];
    const [answer] = answerAll(journal, enumerateWorlds);
    assert.deepEqual(answer?.candidates, ['invite:A', 'invite:N']);
    assert.equal(`${answer?.certainty} ${answer?.origin}`, 'likely invite:N');
  });
});
