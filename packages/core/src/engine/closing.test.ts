import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { InviteCode } from './ids.ts';
import { at, failed, gap, invite, join, list, passed, tell } from './story.ts';

describe('a component that stays open', () => {
  it('is closed after a minute: the candidates stay', () => {
    const raid = Array.from({ length: 80 }, (_, n) => [
      join(`u${n}`, 10 + n),
      list(10.3 + n, { A: Math.ceil((n + 1) / 2), B: Math.floor((n + 1) / 2) }),
    ]).flat();
    const { records, state } = tell([list(0, { A: 0, B: 0 }), ...raid, passed(120)]);
    const last = new Map(records.map((record) => [record.userId, record]));
    assert.equal(last.size, 80);
    for (const record of last.values()) {
      assert.ok(record.settled, `${record.userId} is settled`);
      assert.notEqual(record.certainty, 'unknown');
    }
    assert.equal(state.rest.joins.length, 0);
  });

  it('gives what is left over to its neighbours as possible uses only', () => {
    // x can be told from nobody while the count of A is missing; y comes after the minute.
    const blind = Array.from({ length: 30 }, (_, n) => list(13 + n * 2.2, { A: null, B: 0 }));
    const { line } = tell([
      list(0, { A: 0, B: 0 }),
      join('x', 10),
      list(10.4, { A: null, B: 0 }),
      ...blind,
      join('y', 78),
      list(78.3, { A: 1, B: 0 }),
      list(82, { A: 1, B: 0 }),
    ]);
    assert.equal(line('x'), 'ambiguous invite:A or no-invite, settled');
    assert.equal(line('y'), 'ambiguous invite:A or no-invite');
  });

  it('closes nobody while the session is lost', () => {
    const { line } = tell([
      list(0, { A: 5, B: 0 }),
      join('x', 10),
      list(10.4, { A: 6, B: null }),
      { kind: 'session', at: at(11), state: 'lost' },
      passed(100),
    ]);
    assert.equal(line('x'), 'certain invite:A');
  });

  it('closes a join whose use was read before its event, too', () => {
    const { line } = tell([
      list(0, { A: 5, B: 0 }),
      list(10.4, { A: 6, B: null }),
      join('x', 10, { told: 10.6 }),
      passed(71),
    ]);
    assert.equal(line('x'), 'certain invite:A, settled');
  });

  it('names the vanity link where its reading comes too late', () => {
    const { line } = tell([
      { kind: 'guild', at: at(-5), vanityCode: 'v' as InviteCode, manualApproval: false },
      list(0, { A: 0, B: 0 }),
      join('x', 10),
      join('y', 10.2),
      failed(10.5, 'unavailable'),
      list(12.7, { A: 1, B: 0 }),
      list(14.2, { A: 1, B: 0 }),
      passed(80),
      { kind: 'lookup-failed', at: at(190), what: 'vanity', failure: 'unavailable' },
      passed(191),
    ]);
    for (const user of ['x', 'y']) {
      assert.equal(line(user), 'ambiguous invite:A or no-invite or vanity:v, settled');
    }
  });

  it('reads the vanity counter after the lag, however often others had it read before', () => {
    const vanity = (seconds: number) => {
      const [code, requestedAt] = ['v' as InviteCode, at(seconds - 0.1)];
      return { kind: 'vanity', at: at(seconds), requestedAt, code, uses: 7 } as const;
    };
    const { state } = tell([
      { kind: 'guild', at: at(-5), vanityCode: 'v' as InviteCode, manualApproval: false },
      vanity(-4),
      list(0, { A: 0 }),
      join('x', 10),
      list(10.2, { A: 0 }),
      vanity(10.4),
      vanity(13.4),
      list(13.8, { A: 0 }),
    ]);
    assert.ok(state.rest.lookup.vanityOpen);
  });

  it('gives up after ten minutes where no vanity reading ever came', () => {
    const { line } = tell([
      { kind: 'guild', at: at(-5), vanityCode: 'v' as InviteCode, manualApproval: false },
      list(0, { A: 0, B: 0 }),
      join('x', 10),
      list(10.2, { A: 0, B: 0 }),
      list(14.2, { A: 0, B: 0 }),
      passed(611),
    ]);
    assert.equal(line('x'), 'unknown unknown:lookup-failed, settled');
  });

  it('waits a minute at most for a count that lags, and asks for no list meanwhile', () => {
    const { line, state, effects } = tell([
      list(0, { A: 5, B: 0 }),
      join('x', 10),
      join('y', 10.2),
      list(10.4, { A: 6, B: 0 }),
      list(11, { A: 5, B: 1 }),
      passed(70.5),
    ]);
    for (const user of ['x', 'y']) {
      assert.equal(line(user), 'ambiguous invite:A or invite:B, settled');
    }
    assert.equal(state.rest.joins.length, 0);
    assert.equal(effects.filter(({ kind }) => kind === 'fetch-invites').length, 2);
  });

  it('is not closed before a list was read because an invite vanished meanwhile', () => {
    const invites = [invite('A', { uses: 0, maxUses: 1 }), invite('B', { uses: 0 })];
    const read = { kind: 'invites', at: at(0), requestedAt: at(-0.2), complete: true } as const;
    const { line } = tell([
      { ...read, invites },
      join('x', 10),
      { kind: 'invite-deleted', at: at(80), code: 'A' as InviteCode, channelId: null },
      join('y', 80.1),
      list(90, { B: 1 }),
      passed(100),
    ]);
    assert.equal(line('x'), 'ambiguous invite:A or invite:B, settled');
    assert.equal(line('y'), 'ambiguous invite:A or invite:B, settled');
  });

  it('is closed no sooner than events of its newest uses can have come', () => {
    const waited = [
      list(0, { A: 0 }),
      join('x', 5),
      failed(5.4, 'unavailable'),
      list(70, { A: 1 }),
      passed(72.9),
    ];
    assert.equal(tell(waited).line('x'), 'certain invite:A');
    assert.equal(tell([...waited, passed(73.1)]).line('x'), 'certain invite:A, settled');
    const { line, notes } = tell([
      ...waited,
      join('y', 70.2, { told: 72.95 }),
      list(73.2, { A: 1 }),
    ]);
    assert.equal(line('x'), 'ambiguous invite:A or no-invite, settled');
    assert.ok(!notes.some(({ kind }) => kind === 'reopened'));
  });

  it('promises nothing of a join whose use somebody may still take by pushing others aside', () => {
    const waited = [
      list(0, { A: 0, B: 0 }),
      join('x', 5),
      failed(5.4, 'unavailable'),
      join('y', 64.4),
      list(64.6, { A: 1, B: 0 }),
      list(66.5, { A: 1, B: 1 }),
      list(67.9, { A: 1, B: 1 }),
    ];
    // In truth x used nothing, y used A, and z, whose event is on its way, used B.
    const { line } = tell([...waited, join('z', 66.3, { told: 68.2 }), passed(68.3)]);
    assert.doesNotMatch(line('x'), /^certain/);
    assert.equal(tell(waited).line('x'), 'likely invite:A if nobody-unseen, settled');
  });

  it('does not count the time in which nothing was heard', () => {
    const { line, notes } = tell([
      list(0, { A: 0 }),
      join('u', 99),
      list(99.3, { A: 1 }),
      gap(100, 170),
      join('w', 180),
      list(180.3, { A: 2 }),
      passed(184),
    ]);
    assert.equal(line('w'), 'likely invite:A if nobody-unseen, settled');
    assert.ok(!notes.some(({ kind }) => kind === 'closed'));
  });
});
