import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BasicAssumption } from './attribution.ts';
import type { UserId } from './ids.ts';
import type { Observation } from './observation.ts';
import { at, gap, join, list, tell } from './story.ts';

const WEEK_S = 7 * 24 * 60 * 60;

/** What refutes each, at about the tenth second. */
const refutations: Readonly<Record<string, readonly [BasicAssumption, readonly Observation[]]>> = {
  'a member of whom no join was seen': [
    'A1',
    [{ kind: 'member-seen', at: at(10), userId: 'm' as UserId, joinedAt: at(5), member: null }],
  ],
  'an event that comes too late': ['A2', [join('m', 5, { told: 10 }), list(10.5, { A: 0 })]],
  'a count that falls again': ['A3', [list(6, { A: 1 }), list(10, { A: 0 }), list(10.9, { A: 1 })]],
  'a join from the future': ['A6', [join('m', 10, { told: 9 }), list(10.5, { A: 0 })]],
  'a clock that cannot be trusted': ['A6', [{ kind: 'clock-doubted', at: at(10) }]],
};

describe('an assumption that this guild refuted', () => {
  for (const [why, [assumption, journal]] of Object.entries(refutations)) {
    const watched = [gap(-1, 0), list(4.4, { A: 0 }), ...journal];
    const counts = assumption === 'A3' ? [1, 2] : [0, 1];
    const nextJoin = (seconds: number) => [
      list(seconds - 10, { A: counts[0]! }),
      join('x', seconds),
      list(seconds + 0.3, { A: counts[1]! }),
    ];

    it(`${why}: answers are likely at most and name ${assumption}`, () => {
      const { line, notes } = tell([...watched, ...nextJoin(300)]);
      assert.equal(line('x'), `likely invite:A if ${assumption}`);
      const refuted = notes.flatMap((each) => (each.kind === 'refuted' ? [each.assumption] : []));
      assert.deepEqual([...new Set(refuted)], [assumption]);
    });

    it(`${why}: a week later ${assumption} supports certain answers again`, () => {
      const { line } = tell([...watched, ...nextJoin(WEEK_S + 60)]);
      assert.equal(line('x'), 'certain invite:A');
    });
  }

  it('is not refuted by what a replay delays', () => {
    const { notes } = tell([
      list(0, { A: 0 }),
      join('x', 5, { told: 20, replayed: true }),
      list(20.5, { A: 1 }),
    ]);
    assert.deepEqual(notes, []);
  });
});
