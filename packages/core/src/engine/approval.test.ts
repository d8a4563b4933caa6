import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { approval, join, list, tell } from './story.ts';

describe('in a guild with manual approval', () => {
  const used = [approval(0), list(0.5, { A: 0, B: 0, C: 0 }), list(5, { A: 1, B: 2, C: 0 })];

  it('a join is an application, ambiguous among the codes used before it', () => {
    const { line } = tell([...used, join('x', 60), list(60.3, { A: 1, B: 2, C: 0 })]);
    assert.equal(line('x'), 'ambiguous application:null');
    const { records } = tell([...used, join('x', 60), list(60.3, { A: 1, B: 2, C: 0 })]);
    assert.deepEqual(
      records.at(-1)?.candidates.map(({ origin }) => 'code' in origin && origin.code),
      ['A', 'B', null],
    );
  });

  it('a count that rises with the approval makes nothing certain', () => {
    const { line } = tell([...used, join('x', 60), list(60.3, { A: 2, B: 2, C: 0 })]);
    assert.match(line('x'), /^ambiguous application/);
  });

  it('an invite that skips the queue counts as everywhere else', () => {
    const { line } = tell([
      approval(0),
      list(0.5, { A: 0, B: { bypass: true } }),
      join('x', 60),
      list(60.3, { A: 0, B: { bypass: true, uses: 1 } }),
    ]);
    assert.equal(line('x'), 'certain invite:B');
  });

  it('one that may have skipped the queue is a candidate among the others', () => {
    const { records } = tell([
      approval(0),
      list(0.5, { A: 0, B: { bypass: true } }),
      join('x', 60),
      join('y', 60),
      list(60.3, { A: 1, B: { bypass: true, uses: 1 } }),
    ]);
    const last = records.findLast(({ userId }) => userId === 'x');
    assert.equal(last?.certainty, 'ambiguous');
    assert.deepEqual(
      last?.candidates.map(({ origin }) => origin.kind),
      ['invite', 'application', 'application'],
    );
  });
});
