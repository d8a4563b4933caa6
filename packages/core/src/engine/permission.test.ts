import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { InviteCode } from './ids.ts';
import { at, failed, join, list, passed, tell } from './story.ts';

describe('without the permission', () => {
  it('a refused list answers every open join at once and for good', () => {
    const { line, notes } = tell([list(0, { A: 0 }), join('x', 10), failed(10.3, 'refused')]);
    assert.equal(line('x'), 'unknown unknown:no-permission, settled');
    assert.deepEqual(
      notes.map(({ kind }) => kind),
      ['permission-lost'],
    );
  });

  it('a list without any count is a refusal, not a list of zeros', () => {
    const { line } = tell([
      list(0, { A: 4 }),
      join('x', 10),
      list(10.3, { A: null, B: null }),
      join('y', 20),
    ]);
    assert.equal(line('x'), 'unknown unknown:no-permission, settled');
    assert.equal(line('y'), 'unknown unknown:no-permission, settled');
  });

  it('an empty list is no refusal', () => {
    const { line } = tell([list(0, {}), join('x', 10), list(10.3, {})]);
    assert.equal(line('x'), 'likely no-invite');
  });

  it('a count that is missing among others is no refusal', () => {
    const { line } = tell([list(0, { A: 0, B: 0 }), join('x', 10), list(10.3, { A: null, B: 1 })]);
    assert.equal(line('x'), 'certain invite:B');
  });

  it('no list is asked for until the permission comes back', () => {
    const refused = [list(0, { A: 0 }), join('x', 10), failed(10.3, 'refused'), join('y', 20)];
    const asked = (journal: Parameters<typeof tell>[0]) =>
      tell(journal).effects.filter(({ kind }) => kind === 'fetch-invites').length;
    const back = { kind: 'access', at: at(30), counts: true, auditLog: true } as const;
    assert.equal(asked(refused), 1);
    assert.equal(asked([...refused, back]), 2);
  });

  it("a use that was made meanwhile and shows late is nobody else's for sure", () => {
    const access = (seconds: number, counts: boolean) =>
      ({ kind: 'access', at: at(seconds), counts, auditLog: true }) as const;
    const { line } = tell([
      list(0, { A: 0, B: 0 }),
      access(9, false),
      join('x', 10),
      access(50, true),
      list(50.2, { A: null, B: 0 }),
      join('y', 120),
      list(120.2, { A: 1, B: 0 }),
      list(124.2, { A: 1, B: 0 }),
      passed(130),
    ]);
    assert.equal(line('y'), 'ambiguous invite:A or no-invite, settled');
  });

  it('joins after the permission came back are answered again', () => {
    const { line } = tell([
      list(0, { A: 0 }),
      join('x', 10),
      failed(10.3, 'refused'),
      { kind: 'access', at: at(30), counts: true, auditLog: true },
      list(30.3, { A: 1 }),
      join('y', 40),
      list(40.3, { A: 2 }),
    ]);
    assert.equal(line('x'), 'unknown unknown:no-permission, settled');
    assert.equal(line('y'), 'certain invite:A');
  });
});

describe('a vanity link, without the permission', () => {
  it("a use that was made meanwhile is nobody else's for sure", () => {
    const vanity = (seconds: number, uses: number) =>
      ({
        kind: 'vanity',
        at: at(seconds),
        requestedAt: at(seconds - 0.1),
        code: 'v' as InviteCode,
        uses,
      }) as const;
    const access = (seconds: number, counts: boolean) =>
      ({ kind: 'access', at: at(seconds), counts, auditLog: true }) as const;
    const { line } = tell([
      { kind: 'guild', at: at(-5), vanityCode: 'v' as InviteCode, manualApproval: false },
      vanity(-4, 7),
      list(0, { A: 0 }),
      access(9, false),
      join('x', 10),
      access(50, true),
      list(50.2, { A: 0 }),
      join('y', 120),
      list(120.2, { A: 0 }),
      vanity(120.4, 8),
      list(124.2, { A: 0 }),
      vanity(124.4, 8),
      passed(130),
    ]);
    assert.equal(line('y'), 'ambiguous no-invite or vanity:v, settled');
  });
});

describe('without an answer', () => {
  const trying = Array.from({ length: 40 }, (_, n) => failed(12 + n * 15, 'unavailable'));

  it('a join is told as failed at first, and answered when a list comes', () => {
    const first = [list(0, { A: 0 }), join('x', 10), failed(10.3, 'unavailable')];
    assert.equal(tell(first).line('x'), 'unknown unknown:lookup-failed');
    assert.equal(tell([...first, list(20, { A: 1 })]).line('x'), 'certain invite:A');
  });

  it('a failure alone never makes it `no-invite`', () => {
    const { records } = tell([list(0, { A: 0 }), join('x', 10), ...trying, passed(609)]);
    assert.deepEqual([...new Set(records.map(({ certainty }) => certainty))], ['unknown']);
    assert.equal(records.at(-1)?.settled, false);
  });

  it('a join is given up after ten minutes of trying', () => {
    const { line } = tell([list(0, { A: 0 }), join('x', 10), ...trying, passed(620)]);
    assert.equal(line('x'), 'unknown unknown:lookup-failed, settled');
  });

  it('the reason is the budget where that kept the list from being asked for', () => {
    const { line } = tell([list(0, { A: 0 }), join('x', 10), failed(12, 'over-budget')]);
    assert.equal(line('x'), 'unknown unknown:over-budget');
  });
});
