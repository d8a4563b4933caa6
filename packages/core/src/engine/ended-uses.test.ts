import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { InviteCode } from './ids.ts';
import type { Observation } from './observation.ts';
import { at, gap, invite, join, list, passed, tell } from './story.ts';

const made = (seconds: number, maxUses = 1): Observation => {
  const born = invite('X', { uses: null, maxUses, createdAt: at(seconds) });
  return { kind: 'invite-created', at: at(seconds + 0.1), invite: born };
};
const ended = (seconds: number): Observation => {
  return { kind: 'invite-deleted', at: at(seconds), code: 'X' as InviteCode, channelId: null };
};
/** Told long after, it opens again what had settled. */
const late = (user: string, joined: number, told: number): Observation =>
  join(user, joined, { told, replayed: true });

/** Two may have used the invite before it ended, and others share what was read much later. */
const sharedLater = (begun: Observation): readonly Observation[] => [
  list(0, { A: 5, B: 0 }),
  begun,
  join('x', 10),
  join('y', 10.2),
  ended(10.4),
  list(55, { A: 6, B: 0 }),
  join('other', 75),
  list(75.2, { A: 6, B: 1 }),
  passed(79),
  late('z', 11.2, 80),
  list(80.3, { A: 6, B: 1 }),
];

describe('uses are kept as long as the joins that may have made them', () => {
  it('where an invite was used up, and others share what was read much later', () => {
    const { line } = tell(sharedLater(made(9)));
    for (const user of ['x', 'y']) {
      assert.equal(line(user), 'ambiguous invite:A or invite:X or no-invite, settled');
    }
    assert.equal(line('z'), 'ambiguous invite:A or no-invite, settled');
  });

  it('where one was used up, and a use of somebody unseen may still show', () => {
    const { line } = tell([
      list(0, { A: 5, B: 0 }),
      gap(2, 5),
      made(9),
      join('x', 10),
      ended(10.4),
      join('y', 10.7),
      // Asked for before the lag was over, and it is the last for long.
      list(11, { A: 6, B: 0 }),
      passed(90),
      late('z', 11.2, 100),
      list(100.3, { A: 6, B: 1 }),
    ]);
    assert.doesNotMatch(line('x'), /no-invite/);
    for (const user of ['x', 'y']) assert.match(line(user), /invite:X/);
  });

  it('where an invite ended and need not have had any', () => {
    const { line } = tell(sharedLater(made(9, 0)));
    for (const user of ['x', 'y']) {
      assert.equal(line(user), 'ambiguous invite:A or invite:X or no-invite, settled');
    }
  });

  it('where the first count of an invite may hold some', () => {
    const { line } = tell([
      list(0, { A: 5, B: 0 }),
      join('x', 10),
      join('y', 10.2),
      list(14, { A: null, B: 0, X: 7 }),
      list(55, { A: 6, B: 0, X: 7 }),
      join('other', 81),
      list(81.2, { A: 6, B: 1, X: 7 }),
      passed(84),
      late('z', 20, 85),
      list(85.3, { A: 6, B: 1, X: 7 }),
    ]);
    for (const user of ['x', 'y']) {
      assert.equal(line(user), 'ambiguous invite:A or invite:X or no-invite, settled');
    }
  });
});
