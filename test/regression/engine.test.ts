import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Row } from './notation.ts';
import { playEngine } from './play-engine.ts';
import { ROWS } from './rows.ts';
import { complaintsOf } from './verdict.ts';

describe('the engine, row by row', () => {
  for (const row of ROWS) {
    it(`${row.id}: ${row.title}`, () => {
      const { outcome, journals } = playEngine(row);
      const complaints = complaintsOf(row, outcome);
      // The journal is the bug report: it replays to the same answers.
      const journal = journals.flat().map((each) => JSON.stringify(each));
      assert.deepEqual(complaints, [], `${complaints.join('\n')}\n${journal.join('\n')}`);
    });
  }
});

describe('the rows', () => {
  it('have numbers of their own', () => {
    const ids = ROWS.map((row) => row.id);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('name the other world wherever the answer is weaker than the truth', () => {
    const weak = ROWS.filter((row) => [...row.expect.values()].some(isOpen));
    const silent = weak.filter((row) => row.otherWorld === null);
    assert.deepEqual(
      silent.map((row) => row.id),
      [],
    );
  });

  for (const row of ROWS) {
    it(`${row.id} can fail`, () => {
      const { outcome } = playEngine(row);
      for (const wrong of wrongVersionsOf(row)) {
        assert.notDeepEqual(complaintsOf(wrong, outcome), [], JSON.stringify([...wrong.expect]));
      }
    });
  }
});

/** Several candidates, or one that leans on an assumption. */
function isOpen(answer: string): boolean {
  return answer.includes('ambiguous') || answer.includes(' if ');
}

/** The row with one of its claims turned wrong, for each of them. */
function wrongVersionsOf(row: Row): Row[] {
  const altered = (answers: ReadonlyMap<string, string>, member: string): Map<string, string> =>
    new Map(answers).set(member, 'Q certain');
  // Nothing rules anything out where the answer says that it may be anything.
  const knowable = [...row.truth.keys()].filter((member) => {
    return !/unknown$|no-baseline/.test(row.expect.get(member) ?? '');
  });
  return [
    ...[...row.expect.keys()].map((member) => ({ ...row, expect: altered(row.expect, member) })),
    ...[...row.first.keys()].map((member) => ({ ...row, first: altered(row.first, member) })),
    ...knowable.map((member) => ({ ...row, truth: new Map(row.truth).set(member, 'Q') })),
    ...(row.calls === null ? [] : [{ ...row, calls: '99 lists' }]),
  ];
}
