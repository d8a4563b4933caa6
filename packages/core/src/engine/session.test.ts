import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { step } from './engine.ts';
import type { Observation } from './observation.ts';
import { restFromJson, restToJson } from './state-json.ts';
import { at, invite, join, list, passed, type Told, tell } from './story.ts';

const session = (seconds: number, state: 'lost' | 'resumed'): Observation => ({
  kind: 'session',
  at: at(seconds),
  state,
});

/** What a process that goes on with the stored state records: nothing woke it in between. */
function goesOn(before: Told, observations: readonly Observation[]): readonly string[] {
  let state = { ...before.state, rest: restFromJson(restToJson(before.state.rest)) };
  const said: string[] = [];
  for (const observation of observations) {
    const next = step(state, observation);
    state = next.state;
    for (const effect of next.effects) {
      if (effect.kind !== 'record') continue;
      const { userId, certainty, settled } = effect.attribution;
      said.push(`${userId} ${certainty}${settled ? ', settled' : ''}`);
    }
  }
  return said;
}

describe('while events are held back', () => {
  it('nothing settles that came due between the end of a process and the next one', () => {
    const before = tell([list(0, { A: 0, B: 0 }), join('x', 10), list(10.4, { A: 1, B: 0 })]);
    assert.equal(before.line('x'), 'certain invite:A');
    const held = join('y', 10.3, { told: 30.1, replayed: true });
    const said = goesOn(before, [session(30, 'lost'), held, session(30.2, 'resumed')]);
    assert.deepEqual(said, ['x ambiguous']);
  });

  it('the silence of the audit log proves nothing: the entry may be among them', () => {
    const { code } = invite('A');
    const before = tell([
      list(0, { A: { uses: 0, maxUses: 1 }, B: 0 }),
      join('x', 10),
      { kind: 'invite-deleted', at: at(10.2), code, channelId: null },
      list(10.5, { B: 0 }),
    ]);
    assert.match(before.line('x'), /^likely invite:A/);
    assert.deepEqual(goesOn(before, [session(60, 'lost'), session(61, 'resumed')]), []);
  });

  it('no component is closed for its age', () => {
    const { line } = tell([
      list(0, { A: 0, B: 0 }),
      join('x', 10),
      list(10.4, { A: 0, B: 0 }),
      list(14, { A: 1, B: 0 }),
      session(15, 'lost'),
      passed(90),
      join('y', 13.5, { told: 95, replayed: true }),
      session(95.5, 'resumed'),
      list(96, { A: 1, B: 0 }),
      passed(200),
    ]);
    assert.equal(line('x'), 'ambiguous invite:A or no-invite, settled');
    assert.equal(line('y'), 'ambiguous invite:A or no-invite, settled');
  });
});
