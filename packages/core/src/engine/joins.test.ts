import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { at, gap, join, leave, list, passed, tell } from './story.ts';

const before = list(0, { A: 0 });
const after = list(10.5, { A: 1 });
/** What was recorded and noted, by kind. */
const outcome = (...journal: Parameters<typeof tell>[0]) => {
  const { records, notes } = tell(journal);
  const joins = new Set(records.map(({ userId, joinedAt }) => `${userId}@${joinedAt - at(0)}`));
  return { joins: [...joins], notes: notes.map(({ kind }) => kind) };
};

describe('a member add', () => {
  it('is a join once, however often it is delivered', () => {
    assert.deepEqual(outcome(before, join('x', 10), join('x', 10, { told: 10.3 }), after), {
      joins: ['x@10000'],
      notes: ['repeat'],
    });
  });

  it('is a repeat if its time differs a little: the first one stays the key', () => {
    assert.deepEqual(outcome(before, join('x', 10), join('x', 10.2), after), {
      joins: ['x@10000'],
      notes: ['repeat'],
    });
  });

  it('is a repeat while the member is present, whatever its time', () => {
    assert.deepEqual(outcome(before, join('x', 5), join('x', 10), after), {
      joins: ['x@5000'],
      notes: ['repeat'],
    });
  });

  it('is a repeat if the store knows the member as present', () => {
    const member = { joinedAt: at(-900), present: true };
    assert.deepEqual(outcome(before, join('x', 10, { member }), after), {
      joins: [],
      notes: ['repeat'],
    });
  });

  it('is a new join after a leave', () => {
    const { joins } = outcome(before, join('x', 5), leave('x', 8), join('x', 10), after);
    assert.deepEqual(joins.sort(), ['x@10000', 'x@5000']);
  });

  it('is a new join after a gap that may have hidden a leave, and only then', () => {
    const twice = (from: number, to: number) =>
      outcome(before, join('x', 5), gap(from, to), join('x', 20), list(20.5, { A: 1 })).joins;
    assert.deepEqual(twice(8, 9).sort(), ['x@20000', 'x@5000']);
    assert.deepEqual(twice(1, 2), ['x@5000']);
  });

  it('is a repair of Discord if it tells of a join long ago', () => {
    assert.deepEqual(outcome(before, join('x', 10, { told: 71 }), list(71.5, { A: 0 })), {
      joins: [],
      notes: ['repair'],
    });
  });

  it('is a join long ago if a session replays it', () => {
    const replayed = join('x', 10, { told: 71, replayed: true });
    assert.deepEqual(outcome(before, replayed, list(71.5, { A: 1 })).joins, ['x@10000']);
  });

  it('is no join if it is of a guest or tells no time', () => {
    const guest = join('x', 10, { guest: true });
    const timeless = join('y', 10, { joinedAt: null });
    assert.deepEqual(outcome(before, guest, timeless, after), {
      joins: [],
      notes: ['guest', 'guest'],
    });
  });

  it('of a bot is decided at once and takes no use', () => {
    const { line } = tell([before, join('robot', 10, { bot: true }), join('x', 10), after]);
    assert.equal(line('robot'), 'certain bot, settled');
    assert.equal(line('x'), 'certain invite:A');
  });

  it('keeps its use when the member leaves at once', () => {
    const { line } = tell([before, join('x', 10), leave('x', 10.2), after, passed(20)]);
    assert.equal(line('x'), 'certain invite:A, settled');
  });
});
