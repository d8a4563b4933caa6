import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { emptyState, step } from './engine.ts';
import type { InviteCode } from './ids.ts';
import type { Observation } from './observation.ts';
import { approval, at, gap, invite, join, list, passed, tell } from './story.ts';

/** One-use invites that come and go, with no join between. */
const comeAndGo = (from: number, count: number): Observation[] =>
  Array.from({ length: count }, (_, n): Observation[] => {
    const born = from + n * 600;
    const code = `i${n}` as InviteCode;
    const made = invite(code, { createdAt: at(born), maxUses: 1 });
    return [
      { kind: 'invite-created', at: at(born), invite: made },
      { kind: 'invite-deleted', at: at(born + 300), code, channelId: null },
    ];
  }).flat();

const vanity = (seconds: number): Observation => {
  const [code, requestedAt] = ['v' as InviteCode, at(seconds - 0.1)];
  return { kind: 'vanity', at: at(seconds), requestedAt, code, uses: 3 };
};

const opened: Observation = {
  kind: 'guild',
  at: at(-5),
  vanityCode: 'v' as InviteCode,
  manualApproval: false,
};

describe('a guild that goes on for long', () => {
  it('keeps no invite for a sweep that nobody found by it can have used', () => {
    const { state } = tell([list(0, { A: 0 }), gap(100, 160), ...comeAndGo(1_000, 50)]);
    assert.notEqual(state.rest.unswept, null);
    assert.ok(state.rest.tombstones.length <= 1, `${state.rest.tombstones.length} are kept`);
  });

  it('keeps one for the sweep that somebody found by it may have used', () => {
    const living = list(0, { A: 0, Z: { uses: 0, maxUses: 1 } });
    const ended = { kind: 'invite-deleted', at: at(500), code: 'Z' as InviteCode, channelId: null };
    const { state } = tell([living, gap(100, 160), ended as Observation, ...comeAndGo(1_000, 5)]);
    assert.ok(state.rest.tombstones.some(({ code }) => code === 'Z'));
  });

  it('looks for who joined in a gap before it keeps hundreds of invites for them', () => {
    const codes = Array.from({ length: 300 }, (_, n) => `i${n}` as InviteCode);
    const living = list(0, Object.fromEntries(codes.map((code) => [code, 0])));
    const ends = codes.map((code, n): Observation => {
      return { kind: 'invite-deleted', at: at(1_000 + n * 60), code, channelId: null };
    });
    const { state, effects } = tell([living, gap(100, 160), ...ends, passed(30_000)]);
    assert.equal(effects.filter(({ kind }) => kind === 'fetch-members').length, 1);
    assert.equal(state.rest.tombstones.length, 0);
  });

  it('keeps no invite for a join that was there before it', () => {
    // The answer of w waits for a list, which in a quiet guild may be days away.
    const quiet = [list(0, { A: 0 }), gap(100, 160), join('w', 170), list(170.3, { A: 1 })];
    const { state } = tell([...quiet, ...comeAndGo(1_000, 50)]);
    assert.equal(state.rest.parked.length, 1);
    assert.ok(state.rest.tombstones.length <= 1, `${state.rest.tombstones.length} are kept`);
  });

  it('doubts only the first joins after a gap, also where it has a vanity link', () => {
    const joins = Array.from({ length: 20 }, (_, n) => {
      const seconds = 1_000 + n * 600;
      const lists = [list(seconds + 0.3, { A: n + 1 }), list(seconds + 5, { A: n + 1 })];
      return [join(`u${n}`, seconds), lists[0]!, vanity(seconds + 4), lists[1]!];
    });
    const journal = [opened, vanity(-4), list(0, { A: 0 }), gap(100, 160)];
    // The list and the counter are read where the engine asks for them.
    let state = emptyState();
    const records = new Map<string, string>();
    const asked = { vanity: 0, invites: 0 };
    for (const observation of [...journal, ...joins.flat(), passed(20_000)]) {
      const { kind } = observation;
      if ((kind === 'vanity' || kind === 'invites') && observation.at > at(0)) {
        state = step(state, { kind: 'time', at: observation.requestedAt }).state;
        const { vanityOpen, listOpen } = state.rest.lookup;
        if (!(kind === 'vanity' ? vanityOpen : listOpen)) continue;
        asked[kind] += 1;
      }
      const next = step(state, observation);
      state = next.state;
      for (const effect of next.effects) {
        if (effect.kind === 'record') {
          records.set(effect.attribution.userId, effect.attribution.certainty);
        }
        if (effect.kind !== 'fetch-members') continue;
        const { since, until, after } = effect;
        const page = { kind: 'members', at: observation.at, requestedAt: observation.at } as const;
        const read = { ...page, since, until, after, members: [], next: null };
        state = step(state, read).state;
      }
    }
    assert.equal(records.get('u0'), 'likely');
    for (let n = 3; n < 20; n += 1) assert.equal(records.get(`u${n}`), 'certain', `u${n}`);
    assert.ok(asked.vanity <= 3, `the counter was asked ${asked.vanity} times`);
    assert.ok(asked.invites <= 22, `the list was asked ${asked.invites} times for 20 joins`);
    assert.ok(state.rest.parked.length <= 2, `${state.rest.parked.length} are parked`);
  });
});

describe('an engine that waits for long', () => {
  const wakes = (journal: readonly Observation[]): number =>
    tell([...journal, passed(3 * 3_600)]).effects.filter(({ kind }) => kind === 'wake').length;

  it('is not woken again and again while a session is lost', () => {
    const lost: Observation = { kind: 'session', at: at(11), state: 'lost' };
    assert.ok(wakes([list(0, { A: 0 }), join('x', 10), list(10.3, { A: 1 }), lost]) < 20);
  });

  it('settles a join by approval though a bypass invite stays unreadable', () => {
    const bypass = { A: 0, P: { bypass: true, uses: 0 } };
    const journal = [approval(-1), list(0, bypass), join('x', 10)];
    const unread = list(10.3, { A: 1, P: { bypass: true, uses: null } });
    assert.ok(wakes([...journal, unread]) < 20);
    assert.match(tell([...journal, unread, passed(100)]).line('x'), /, settled$/);
  });

  it('asks for no wake in the past where a join comes with what was due', () => {
    let { state } = step(emptyState(), list(0, { A: 0 }));
    for (const observation of [join('x', 10), list(10.3, { A: 1 })]) {
      state = step(state, observation).state;
    }
    const y = join('y', 13.5, { told: 13.9 });
    state = step(state, y).state;
    assert.ok((state.rest.wakeAt ?? y.at + 1) > y.at);
  });
});
