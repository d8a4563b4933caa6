import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { InviteCode } from './ids.ts';
import type { Observation } from './observation.ts';
import { at, join, list, passed, tell } from './story.ts';

const CODE = 'v' as InviteCode;
const opened: Observation = { kind: 'guild', at: at(-5), vanityCode: CODE, manualApproval: false };

/** The counter, asked for 0.1 s before it answered. */
function vanity(answered: number, uses: number): Observation {
  return { kind: 'vanity', at: at(answered), requestedAt: at(answered - 0.1), code: CODE, uses };
}

describe('the vanity counter', () => {
  const used = [
    opened,
    list(0, { A: 0 }),
    vanity(0.2, 164),
    join('x', 10),
    list(10.4, { A: 0 }),
    vanity(10.6, 165),
  ];

  it('is not believed when it falls at once: the higher count was no use of the next one', () => {
    const { line, notes } = tell([
      ...used,
      join('y', 12.5),
      list(12.8, { A: 0 }),
      vanity(13, 164),
      list(14, { A: 0 }),
      list(16.6, { A: 0 }),
      vanity(17, 165),
      passed(30),
    ]);
    assert.equal(line('x'), 'certain vanity:v, settled');
    assert.equal(line('y'), 'likely no-invite, settled');
    assert.ok(notes.some(({ kind }) => kind === 'count-fell'));
  });

  it('begins anew where three readings over half a minute are lower', () => {
    const { line } = tell([
      ...used,
      vanity(60, 3),
      vanity(75, 3),
      vanity(91, 3),
      join('y', 100),
      list(100.4, { A: 0 }),
      vanity(100.6, 4),
      passed(120),
    ]);
    assert.equal(line('y'), 'certain vanity:v, settled');
  });

  it('does not come back by a reading that was under way when the code was taken away', () => {
    const { line, state } = tell([
      opened,
      vanity(0.2, 164),
      list(0.3, { A: 0 }),
      { ...opened, at: at(4.95), vanityCode: null },
      vanity(5, 164),
      join('x', 20),
      list(20.4, { A: 0 }),
      list(24, { A: 0 }),
      passed(30),
    ]);
    assert.equal(state.rest.vanity.code, null);
    assert.equal(line('x'), 'likely no-invite, settled');
  });

  it('may have been used until the code was taken away, read or not', () => {
    const { line } = tell([
      opened,
      list(0, { A: 0 }),
      join('x', 10),
      { ...opened, at: at(10.2), vanityCode: null },
      list(10.4, { A: 0 }),
      list(14, { A: 0 }),
      passed(30),
    ]);
    assert.equal(line('x'), 'ambiguous no-invite or vanity:v, settled');
  });
});
