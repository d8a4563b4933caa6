import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Attribution } from './attribution.ts';
import type { InviteCode, UserId } from './ids.ts';
import type { Observation } from './observation.ts';
import { at, doubted, failed, gap, invite, join, list, passed, tell } from './story.ts';
import { sweptSpan } from './sweep.ts';

const deaf: Observation = { kind: 'access', at: at(-1), counts: true, auditLog: false };

/** The whole member list after a gap: who joined in it. */
function members(
  seconds: number,
  [from, to]: readonly [number, number],
  joined: Readonly<Record<string, number>>,
): Observation {
  const listed = Object.entries(joined).map(([user, joinedAt]) => {
    return {
      userId: user as UserId,
      joinedAt: at(joinedAt),
      bot: false,
      roleIds: [],
      member: null,
    };
  });
  const span = sweptSpan({ since: at(from), until: at(to) });
  const page = { requestedAt: at(seconds - 0.2), after: null, next: null, members: listed };
  return { kind: 'members', at: at(seconds), ...span, ...page };
}

/** A list that is asked for once a minute has passed without one; a join comes late after it. */
const reopened = [
  failed(10.6, 'unavailable'),
  join('y', 60),
  list(80, { A: 1, N: { uses: 3, createdAt: at(-10) } }),
  passed(84),
  join('w', 80.3, { told: 84.5 }),
];

function possible(records: readonly Attribution[], user: string): string[] {
  const last = records.findLast(({ userId }) => userId === user);
  return (last?.candidates ?? []).map(({ origin }) =>
    'code' in origin ? `${origin.code}` : origin.kind,
  );
}

describe('what a reopened join may have used', () => {
  it('is still known where the invite ended long ago', () => {
    const created = invite('Z', { uses: null, maxUses: 1, createdAt: at(9) });
    const { records } = tell([
      deaf,
      list(0, { A: 0, N: { uses: 3, createdAt: at(-10) } }),
      { kind: 'invite-created', at: at(9.1), invite: created },
      join('x', 10),
      { kind: 'invite-deleted', at: at(10.5), code: 'Z' as InviteCode, channelId: null },
      ...reopened,
    ]);
    assert.deepEqual(possible(records, 'x'), ['A', 'Z', 'no-invite']);
  });

  it('is still known where a new code only may have been used', () => {
    const { records } = tell([
      list(0, { A: 0 }),
      join('x', 10),
      list(10.3, { A: null, N: { uses: 3, createdAt: at(-10) } }),
      ...reopened,
    ]);
    assert.deepEqual(possible(records, 'x'), ['A', 'N', 'no-invite']);
  });
});

describe('a use that nobody known made', () => {
  it('waits for the end of a lost session, and for who joined in the gap that it becomes', () => {
    const { line } = tell([
      list(0, { A: 0 }),
      { kind: 'session', at: at(9), state: 'lost' },
      list(10.5, { A: 1 }),
      passed(100),
      { ...gap(8, 101), kind: 'gap', cause: 'session-lost', turnover: true } as Observation,
      members(102, [8, 101], { u: 10 }),
    ]);
    assert.equal(line('u'), 'likely invite:A if nobody-unseen');
  });

  it('waits for a sweep that has not begun', () => {
    const { line, effects } = tell([
      list(0, { A: 0 }),
      list(3.2, { A: 1 }),
      gap(5, 20),
      list(25, { A: 1 }),
      passed(100),
      join('y', 101),
      members(102, [5, 20], { u: 3.1 }),
    ]);
    assert.equal(effects.filter(({ kind }) => kind === 'fetch-members').length, 1);
    assert.match(line('u'), /^likely invite:A/);
  });

  it('begins a sweep though it is only possible, and though it was given to somebody', () => {
    const sweeps = (journal: readonly Observation[]): number =>
      tell([...journal, members(29, [11, 20], {})]).effects.filter(
        ({ kind }) => kind === 'fetch-members',
      ).length;
    const unseen = { uses: 2, createdAt: at(-10) };
    assert.equal(sweeps([list(0, { A: 0 }), gap(11, 20), list(25, { A: 0, N: unseen })]), 1);
    const given = [list(0, { A: 0 }), join('x', 10), list(10.9, { A: 1 })];
    assert.equal(sweeps([...given, gap(11, 20), list(25, { A: 1 })]), 1);
    assert.equal(sweeps([list(0, { A: 0 }), gap(11, 20), list(25, { A: 0 })]), 0);
  });
});

describe('doubt that a gap cast', () => {
  it('stays when those through whom it came are let go', () => {
    const { line } = tell([
      ...doubted,
      { kind: 'session', at: at(16.5), state: 'lost' },
      { kind: 'session', at: at(100), state: 'resumed' },
      list(100.3, { A: 1, B: 1 }),
      passed(110),
    ]);
    assert.equal(line('y'), 'likely invite:A if nobody-unseen, settled');
  });

  it('ends with a list after the lag, which is asked for once', () => {
    const quiet = [...doubted, list(21, { A: 1, B: 1 }), passed(200)];
    const { line, effects } = tell([...quiet, join('z', 300), list(300.3, { A: 2, B: 1 })]);
    assert.equal(line('z'), 'certain invite:A');
    const asked = effects.filter(({ kind }) => kind === 'fetch-invites').length;
    assert.equal(asked, 4);
    const without = tell([...doubted, passed(200), join('z', 300), list(300.3, { A: 2, B: 1 })]);
    assert.equal(without.line('z'), 'likely invite:A if nobody-unseen');
  });
});

describe('an engine with nothing but old things to wait for', () => {
  it('asks for no wake of its own', () => {
    const { state } = tell([list(0, { A: 0 }), list(3.2, { A: 1 }), gap(5, 20), passed(200)]);
    assert.equal(state.rest.parked.length, 1);
    assert.equal(state.rest.wakeAt, null);
  });
});
