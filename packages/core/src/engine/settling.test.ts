import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { doubted, gap, join, list, passed, tell } from './story.ts';

describe('settling', () => {
  const explained = [list(0, { A: 0, B: 0 }), join('x', 10), list(10.5, { A: 1, B: 0 })];

  it('waits three seconds after the answer that explains the join', () => {
    assert.equal(tell([...explained, passed(13.4)]).line('x'), 'certain invite:A');
    assert.equal(tell([...explained, passed(13.6)]).line('x'), 'certain invite:A, settled');
  });

  it('takes a settled join and its uses out of the window', () => {
    const { rest } = tell([...explained, passed(14)]).state;
    assert.equal(rest.joins.length, 0);
    assert.equal(rest.classes.length, 0);
    assert.deepEqual(
      rest.parked.find(({ joins }) => joins.length > 0)?.joins.map(({ userId }) => userId),
      ['x'],
    );
  });

  it('is undone by a late event that may have made the same use, and that is noted', () => {
    const { line, notes } = tell([
      ...explained,
      passed(14),
      join('y', 10.2, { told: 20 }),
      list(20.2, { A: 1, B: 0 }),
    ]);
    assert.equal(line('x'), 'ambiguous invite:A or no-invite');
    assert.equal(line('y'), 'ambiguous invite:A or no-invite');
    assert.deepEqual(
      notes
        .filter(({ kind }) => kind === 'reopened')
        .map((each) => 'userId' in each && each.userId),
      ['x'],
    );
  });

  it('settles again after a late event', () => {
    const { line } = tell([
      ...explained,
      passed(14),
      join('y', 10.2, { told: 20 }),
      list(20.2, { A: 1, B: 1 }),
      list(24, { A: 1, B: 1 }),
      passed(40),
    ]);
    assert.match(line('x'), /settled$/);
    assert.match(line('y'), /settled$/);
  });

  it('is not undone by a join at another time', () => {
    const { line, notes } = tell([
      ...explained,
      passed(14),
      join('y', 20),
      list(20.2, { A: 1, B: 1 }),
    ]);
    assert.equal(line('x'), 'certain invite:A, settled');
    assert.equal(line('y'), 'certain invite:B');
    assert.equal(notes.filter(({ kind }) => kind === 'reopened').length, 0);
  });

  it('lets nobody settle without a use as long as lists have holes', () => {
    const hole = { complete: false };
    const journal = [
      list(0, { A: 0 }),
      join('x', 10),
      list(10.5, { A: 0 }, hole),
      list(14, { A: 0 }, hole),
      list(15.5, { A: 0 }, hole),
    ];
    assert.equal(tell([...journal, passed(30)]).line('x'), 'likely no-invite');
    assert.equal(tell([...journal, passed(71)]).line('x'), 'likely no-invite, settled');
    const whole = [...journal, list(30, { A: 0 }), passed(34)];
    assert.equal(tell(whole).line('x'), 'likely no-invite, settled');
  });

  it('does not happen in a gap: what would have kept the answer open may have been missed', () => {
    const { line } = tell([...explained, gap(12, 60), passed(70)]);
    assert.equal(line('x'), 'likely invite:A if nobody-unseen, settled');
  });

  it('leaves in doubt whoever may have lost a use to somebody who lost theirs in a gap', () => {
    const { line } = tell(doubted);
    assert.equal(line('x'), 'likely invite:B if nobody-unseen, settled');
    assert.equal(line('y'), 'likely invite:A if nobody-unseen');
  });
});
