import { describe, it } from 'node:test';
import { expectAnswers } from './expect-answers.ts';
import { gap, join, list } from './notation.ts';

describe('the oracle, counting', () => {
  it('gives a lone join the one use that was counted', () => {
    const journal = [list(0, 0.2, { A: 3, B: 7 }), join('x', 10), list(10.1, 10.3, { A: 4, B: 7 })];
    expectAnswers(journal, ['x certain invite:A of invite:A']);
  });

  it('gives two joins the two uses of one code', () => {
    const journal = [
      list(0, 0.2, { A: 3 }),
      join('x', 10),
      join('y', 10.1),
      list(10.2, 10.4, { A: 5 }),
    ];
    expectAnswers(journal, ['x certain invite:A of invite:A', 'y certain invite:A of invite:A']);
  });

  it('cannot tell two joins over two codes apart', () => {
    const journal = [
      list(0, 0.2, { A: 3, B: 7 }),
      join('x', 10),
      join('y', 10.1),
      list(10.2, 10.4, { A: 4, B: 8 }),
    ];
    expectAnswers(journal, [
      'x ambiguous ? of invite:A invite:B',
      'y ambiguous ? of invite:A invite:B',
    ]);
  });

  it('cannot tell a discovery join from an invite join in one tick', () => {
    const journal = [
      list(0, 0.2, { A: 3 }),
      join('x', 10),
      join('y', 10.1),
      list(10.2, 10.4, { A: 4 }),
    ];
    expectAnswers(journal, [
      'x ambiguous ? of invite:A no-invite',
      'y ambiguous ? of invite:A no-invite',
    ]);
  });

  it('says at most likely where no counter moved', () => {
    const journal = [list(0, 0.2, { A: 3 }), join('x', 10), list(14, 14.2, { A: 3 })];
    expectAnswers(journal, ['x likely no-invite of no-invite']);
  });

  it('leaves out a join for which nobody looked yet', () => {
    expectAnswers([list(0, 0.2, { A: 3 }), join('x', 10)], []);
  });

  it('makes no promise while more uses were counted than members came', () => {
    const journal = [list(0, 0.2, { A: 3 }), join('x', 10), list(10.1, 10.3, { A: 5 })];
    expectAnswers(journal, ['x likely invite:A of invite:A']);
  });

  it('does not give an old surplus to a later join', () => {
    const journal = [
      list(0, 0.2, { A: 3, B: 7 }),
      list(5, 5.2, { A: 4, B: 7 }),
      join('x', 10),
      list(10.1, 10.3, { A: 4, B: 8 }),
    ];
    expectAnswers(journal, ['x certain invite:B of invite:B']);
  });

  it('leans on the surplus being somebody else’s where it is fresh', () => {
    const journal = [
      list(0, 0.2, { A: 3, B: 7 }),
      list(9.6, 9.8, { A: 4, B: 7 }),
      join('x', 10),
      list(10.1, 10.3, { A: 4, B: 8 }),
    ];
    expectAnswers(journal, ['x likely invite:B of invite:A invite:B if surplus-is-not-theirs']);
  });

  it('lets a late use belong to a join before the previous list, and leans on no lag', () => {
    const journal = [
      list(0, 0.2, { A: 3 }),
      join('x', 10),
      list(11, 11.1, { A: 3 }),
      join('y', 13),
      list(13.1, 13.3, { A: 4 }),
    ];
    expectAnswers(journal, [
      'x likely no-invite of invite:A no-invite if no-lag',
      'y likely invite:A of invite:A no-invite if no-lag',
    ]);
  });

  it('knows that a use cannot lag for longer than H and both clock errors', () => {
    const journal = (requested: number) => [
      list(0, 0.2, { A: 3 }),
      join('x', 10),
      list(requested, requested, { A: 3 }),
      list(requested + 1, requested + 1, { A: 4 }),
    ];
    expectAnswers(journal(13.5), ['x certain invite:A of invite:A']);
    expectAnswers(journal(13.6), ['x likely no-invite of no-invite']);
  });

  it('takes a stale count for no reading at all', () => {
    const journal = [list(0, 0.2, { A: 3 }), join('x', 10), list(10.1, 10.3, { A: 2 })];
    expectAnswers(journal, ['x ambiguous ? of invite:A no-invite']);
    expectAnswers([...journal, list(14, 14.2, { A: 4 })], ['x certain invite:A of invite:A']);
  });

  it('believes a lower count after three complete lists over thirty seconds', () => {
    const journal = [
      list(0, 0.2, { A: 3 }),
      list(1, 1.2, { A: 1 }),
      list(15, 15.2, { A: 1 }),
      list(31, 31.2, { A: 1 }),
      join('x', 40),
      list(40.1, 40.3, { A: 2 }),
    ];
    expectAnswers(journal, ['x certain invite:A of invite:A']);
  });

  it('counts a new code from nothing only if it is younger than the previous list', () => {
    const journal = (age: number) => [
      list(5, 5.2, { A: 3 }),
      join('x', 10),
      list(10.1, 10.3, { A: 3, N: { uses: 1, created: age } }),
    ];
    expectAnswers(journal(8), ['x certain invite:N of invite:N']);
    expectAnswers(journal(4), ['x ambiguous ? of invite:N no-invite']);
  });

  it('has no baseline for joins before the first list', () => {
    const journal = [join('x', 0), list(0.2, 0.3, { A: 3 }), list(9, 9.2, { A: 3 })];
    expectAnswers(journal, ['x unknown unknown:no-baseline of no-invite unknown:no-baseline']);
  });

  it('makes no promise across a gap', () => {
    const journal = [list(0, 0.2, { A: 3 }), gap(4, 6), join('x', 10), list(10.1, 10.3, { A: 4 })];
    expectAnswers(journal, ['x likely invite:A of invite:A']);
  });
});
