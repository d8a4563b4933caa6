import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { named, type Said, type Source } from '../../bench/peers/answer.ts';
import { tallyOf, type Verdict, verdictOnAll } from '../../bench/peers/score.ts';

/**
 * Capital letters are invites, V is the vanity link, `none` a join by no invite. `A|B` is a choice
 * that is left open, `?` says unknown, `err` says failed, and nothing is silence. Several answers
 * to one join stand in their order. A tracker is `terse` (it has no word for bots and for no
 * invite), `wordy` (it has both) or `revising` (wordy, and its last answer replaces the others).
 */
const TABLE = `
  truth | answers  | tracker  | verdict
  A     | A        | terse    | right
  A     | B        | terse    | wrong
  A     | V        | terse    | wrong
  A     | none     | wordy    | wrong
  A     | bot      | wordy    | wrong
  V     | V        | terse    | right
  V     | A        | terse    | wrong
  none  | none     | wordy    | right
  none  | V        | terse    | wrong
  bot   | bot      | wordy    | right
  bot   | A        | terse    | wrong
  A     | A|B      | revising | ambiguous
  none  | A|none   | revising | ambiguous
  C     | A|B      | revising | wrong
  A     | ?        | terse    | missed
  A     | ?        | wordy    | missed
  V     | ?        | terse    | missed
  none  | ?        | terse    | right
  bot   | ?        | terse    | right
  none  | ?        | wordy    | missed
  bot   | ?        | wordy    | missed
  A     | err      | terse    | missed
  none  | err      | terse    | missed
  A     |          | terse    | missed
  none  |          | terse    | missed
  A     | A B      | terse    | wrong
  A     | B A      | terse    | wrong
  A     | A ?      | terse    | right
  A     | ? A      | terse    | right
  A     | err ?    | terse    | missed
  A     | B A      | revising | right
  A     | A B      | revising | wrong
  A     | none A|B | revising | ambiguous
  A     | A ?      | revising | missed
`;

const TRACKERS = {
  terse: { words: { none: false, bot: false }, revises: false },
  wordy: { words: { none: true, bot: true }, revises: false },
  revising: { words: { none: true, bot: true }, revises: true },
};

function sourceFrom(text: string): Source {
  if (text === 'none' || text === 'bot') return { kind: text };
  return text === 'V' ? { kind: 'vanity' } : { kind: 'invite', code: text };
}

function saidFrom(text: string): Said {
  if (text === '?') return { kind: 'unknown' };
  if (text === 'err') return { kind: 'failed' };
  if (!text.includes('|')) return named(sourceFrom(text));
  return { kind: 'ambiguous', candidates: text.split('|').map(sourceFrom) };
}

describe('the score of an answer', () => {
  for (const line of TABLE.trim().split('\n').slice(1)) {
    const [truth = '', answers = '', tracker = '', verdict = ''] = line
      .split(/ \| /)
      .map((cell) => cell.trim());
    test(`a ${tracker} tracker that says "${answers}" of ${truth} is ${verdict}`, () => {
      const said = answers.split(' ').filter((answer) => answer !== '');
      const by = TRACKERS[tracker as keyof typeof TRACKERS];
      assert.equal(verdictOnAll(sourceFrom(truth), said.map(saidFrom), by), verdict);
    });
  }

  test('every join is in the tally once', () => {
    const verdicts: Verdict[] = ['right', 'missed', 'wrong', 'right', 'ambiguous'];
    assert.deepEqual(tallyOf(verdicts), { right: 2, wrong: 1, ambiguous: 1, missed: 1 });
  });
});
