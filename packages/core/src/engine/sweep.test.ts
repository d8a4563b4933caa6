import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { step } from './engine.ts';
import type { UserId } from './ids.ts';
import type { ListedMember, Observation } from './observation.ts';
import { restFromJson, restToJson } from './state-json.ts';
import { at, gap, join, leave, list, passed, type Told, tell } from './story.ts';
import { sweptSpan } from './sweep.ts';

const FROM = 10;
const TO = 70;
const { since, until } = sweptSpan({ since: at(FROM), until: at(TO) });
const calm = [list(0, { A: 5, B: 1 }), list(9, { A: 5, B: 1 })];
const turnedOver: Observation = { ...gap(FROM, TO), kind: 'gap', turnover: true } as Observation;

function member(user: string, joined: number, notes: Partial<ListedMember> = {}): ListedMember {
  return {
    userId: user as UserId,
    joinedAt: at(joined),
    bot: false,
    roleIds: [],
    member: null,
    ...notes,
  };
}

/** A page read in 0.2 s; the list ends with it unless a user is named. */
function page(
  seconds: number,
  members: readonly ListedMember[],
  {
    after = null,
    next = null,
  }: { readonly after?: string | null; readonly next?: string | null } = {},
): Observation {
  return {
    kind: 'members',
    at: at(seconds),
    requestedAt: at(seconds - 0.2),
    since,
    until,
    after: after as UserId | null,
    members,
    next: next as UserId | null,
  };
}

const asksFor = ({ effects }: Told): readonly unknown[] =>
  effects.flatMap((effect) => (effect.kind === 'fetch-members' ? [effect.after] : []));

describe('members who joined in a gap', () => {
  it('are looked for when member_count tells of them', () => {
    assert.deepEqual(asksFor(tell([...calm, turnedOver])), [null]);
  });

  it('are looked for only once all of a replay has come', () => {
    const replaying: Observation = { ...turnedOver, replaying: true } as Observation;
    const joined = { ...join('u1', 71), kind: 'join', replayed: true } as Observation;
    assert.deepEqual(asksFor(tell([...calm, replaying, joined])), []);
    const resumed: Observation = { kind: 'session', at: at(72), state: 'resumed' };
    assert.deepEqual(asksFor(tell([...calm, replaying, joined, resumed])), [null]);
  });

  it('are looked for when the first list after the gap shows a use', () => {
    assert.deepEqual(asksFor(tell([...calm, gap(FROM, TO), list(75, { A: 6, B: 1 })])), [null]);
  });

  it('are looked for when somebody joins after the gap', () => {
    assert.deepEqual(asksFor(tell([...calm, gap(FROM, TO), join('u1', 500)])), [null]);
  });

  it('are not looked for where nothing shows that anybody came', () => {
    const told = tell([...calm, gap(FROM, TO), list(75, { A: 5, B: 1 }), leave('u9', 80)]);
    assert.deepEqual(asksFor(told), []);
  });

  it('are not looked for at the first start: they are no joins that we missed', () => {
    const start: Observation = { ...gap(0, TO), kind: 'gap', cause: 'first-start' } as Observation;
    assert.deepEqual(asksFor(tell([start, join('u1', 500)])), []);
  });

  it('are answered late, as likely at most', () => {
    const told = tell([
      ...calm,
      turnedOver,
      list(75, { A: 6, B: 1 }),
      page(76, [member('u1', 40)]),
      passed(90),
    ]);
    assert.equal(told.line('u1'), 'likely invite:A if nobody-unseen, settled');
    assert.equal(told.records.at(-1)!.whileAway, true);
  });

  it('share one window with the first joins after it', () => {
    const { line } = tell([
      ...calm,
      turnedOver,
      join('u2', 70.4),
      list(75, { A: 6, B: 2 }),
      page(76, [member('u1', 69.9)]),
      passed(90),
    ]);
    assert.equal(line('u1'), 'ambiguous invite:A or invite:B, settled');
    assert.equal(line('u2'), 'ambiguous invite:A or invite:B, settled');
  });

  it('keep that window open until the list has been read', () => {
    const { line } = tell([
      ...calm,
      turnedOver,
      join('u2', 70.4),
      list(75, { A: 6, B: 2 }),
      page(140, [], { next: '500' }),
    ]);
    assert.doesNotMatch(line('u2'), /settled/);
  });

  it('are found page by page, each page after the last', () => {
    const told = tell([
      ...calm,
      turnedOver,
      page(75, [member('u1', 40)], { next: '500' }),
      page(76, [member('u2', 41)], { after: '500' }),
      list(80, { A: 7, B: 1 }),
      passed(95),
    ]);
    assert.deepEqual(asksFor(told), [null, '500']);
    assert.match(told.line('u1'), /invite:A/);
    assert.match(told.line('u2'), /invite:A/);
    assert.ok(told.notes.some((note) => note.kind === 'swept' && note.found === 2 && note.whole));
  });

  it('are found by the next process where this one ended in the middle', () => {
    const { state } = tell([...calm, turnedOver, page(75, [member('u1', 40)], { next: '500' })]);
    const restored = { ...state, rest: restFromJson(restToJson(state.rest)) };
    const { effects } = step(restored, passed(200));
    const asked = effects.find((effect) => effect.kind === 'fetch-members');
    assert.equal(asked?.after, '500');
  });

  it('are no joins if they are known, or joined at another time', () => {
    const told = tell([
      ...calm,
      join('u0', 5),
      list(6, { A: 6, B: 1 }),
      turnedOver,
      page(75, [
        member('u0', 5, { member: { joinedAt: at(5), present: true } }),
        member('u8', -3000, { member: null }),
        member('u9', 300),
      ]),
      passed(90),
    ]);
    assert.deepEqual(
      told.records.filter(({ whileAway }) => whileAway),
      [],
    );
  });

  it('are one join each, however often a page names them', () => {
    const told = tell([
      ...calm,
      turnedOver,
      page(75, [member('u1', 40), member('u1', 40), member('u1', 40.001)]),
      list(76, { A: 6, B: 1 }),
      passed(90),
    ]);
    assert.equal(told.line('u1'), 'likely invite:A if nobody-unseen, settled');
    assert.ok(told.notes.some((note) => note.kind === 'swept' && note.found === 1));
  });

  it('are no second join when their event comes after all', () => {
    const told = tell([
      ...calm,
      turnedOver,
      page(75, [member('u1', 69.8)]),
      join('u1', 69.8, { told: 75.1, member: { joinedAt: at(69.8), present: true } }),
      list(80, { A: 6, B: 1 }),
      passed(95),
    ]);
    const joins = new Set(told.records.map(({ userId, joinedAt }) => `${userId}/${joinedAt}`));
    assert.equal(joins.size, 1);
    assert.ok(told.notes.some((note) => note.kind === 'repeat'));
  });

  it('count although they have left again by the end of the list', () => {
    const told = tell([
      ...calm,
      turnedOver,
      page(75, [member('u1', 40)], { next: '500' }),
      leave('u1', 75.5),
      page(76, [], { after: '500' }),
      list(80, { A: 6, B: 1 }),
      passed(95),
    ]);
    assert.match(told.line('u1'), /likely invite:A/);
  });

  it('name a bot as a bot', () => {
    const told = tell([...calm, turnedOver, page(75, [member('b1', 40, { bot: true })])]);
    assert.equal(told.line('b1'), 'certain bot, settled');
    assert.equal(told.records.at(-1)!.whileAway, true);
  });

  it('are those of both gaps where another gap comes before the list was read', () => {
    const second: Observation = { ...gap(80, 90), kind: 'gap', turnover: true } as Observation;
    const both = sweptSpan({ since: at(FROM), until: at(90) });
    const whole: Observation = {
      ...page(95, [member('u1', 40), member('u2', 85)]),
      ...both,
    } as Observation;
    const told = tell([
      ...calm,
      turnedOver,
      page(75, [member('u1', 40)], { next: '500' }),
      second,
      // Asked for before the second gap: it lacks who joined in that one.
      page(91, [], { after: '500' }),
      whole,
      list(97, { A: 7, B: 1 }),
      passed(115),
    ]);
    assert.match(told.line('u1'), /invite:A/);
    assert.match(told.line('u2'), /invite:A/);
  });

  it('are given up where the list is refused, and the joins after it are answered', () => {
    const refused: Observation = {
      kind: 'lookup-failed',
      at: at(75),
      what: 'members',
      failure: 'refused',
    };
    const told = tell([
      ...calm,
      turnedOver,
      join('u2', 70.4),
      refused,
      page(75.2, [], { after: 'never' }),
      list(76, { A: 5, B: 2 }),
      passed(95),
    ]);
    assert.match(told.line('u2'), /^likely invite:B.*settled$/);
    assert.ok(told.notes.some((note) => note.kind === 'swept' && !note.whole));
  });

  it('are answered although the clock is doubted before the list was read', () => {
    const told = tell([
      ...calm,
      turnedOver,
      page(75, [member('u1', 40)], { next: '500' }),
      { kind: 'clock-doubted', at: at(76) },
      passed(90),
    ]);
    assert.equal(told.line('u1'), 'unknown unknown:gap, settled');
    assert.equal(told.records.at(-1)!.whileAway, true);
  });

  it('are given up where a list goes round in circles', () => {
    const told = tell([
      ...calm,
      turnedOver,
      page(75, [], { next: '500' }),
      page(76, [], { after: '500', next: '500' }),
      passed(80),
    ]);
    assert.ok(told.notes.some((note) => note.kind === 'swept' && !note.whole));
  });

  it('are not closed at once because somebody else has waited for a minute', () => {
    const { line } = tell([
      ...calm,
      join('w', 9.5),
      turnedOver,
      list(70.3, {}, { complete: false }),
      page(70.6, [member('x', 40)]),
      passed(72),
    ]);
    assert.doesNotMatch(line('x'), /settled/);
  });
});
