import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Attribution, Origin } from './attribution.ts';
import { step } from './engine.ts';
import type { InviteCode, UserId } from './ids.ts';
import type { Observation, SearchHit, SearchMode } from './observation.ts';
import { at, join, list, failed as listFailed, passed, type Told, tell } from './story.ts';

const mode = (search: SearchMode, seconds = -5): Observation => ({
  kind: 'access',
  at: at(seconds),
  counts: true,
  auditLog: true,
  search,
});

const byInvite = (code: string): Origin => ({
  kind: 'invite',
  code: code as InviteCode,
  inviterId: 'somebody' as UserId,
});

const hit = (user: string, joined: number, origin: Origin | null): SearchHit => ({
  userId: user as UserId,
  joinedAt: at(joined),
  origin,
});

/** What a search brought; the tracker adds the answers that were given before. */
function searched(told: Told, seconds: number, hits: readonly SearchHit[]): Observation {
  const asked = told.effects.findLast((effect) => effect.kind === 'search-members')?.userIds ?? [];
  const answerOf = (userId: UserId): Attribution | undefined =>
    told.records.findLast((record) => record.userId === userId);
  const known = asked.map(answerOf).filter((answer) => answer !== undefined);
  return { kind: 'searched', at: at(seconds), requestedAt: at(seconds - 0.1), asked, hits, known };
}

function failed(
  seconds: number,
  failure: Extract<Observation, { readonly kind: 'search-failed' }>['failure'],
  retryAt: number | null = null,
): Observation {
  return { kind: 'search-failed', at: at(seconds), failure, retryAt };
}

/** Two joins in one instant, one by each of two invites: nobody can tell them apart. */
const pair = (search: SearchMode): readonly Observation[] => [
  mode(search),
  list(0, { A: 0, B: 0 }),
  join('u1', 10),
  join('u2', 10),
  list(10.4, { A: 1, B: 1 }),
];

const lone = (search: SearchMode, joined = 10): readonly Observation[] => [
  mode(search),
  list(0, { A: 0, B: 0 }),
  join('u1', joined),
  list(10.4, { A: 1, B: 0 }),
];

const asks = ({ effects }: Told): readonly (readonly string[])[] =>
  effects.flatMap((effect) => (effect.kind === 'search-members' ? [effect.userIds] : []));

describe('member search', () => {
  it('is not asked while it is off', () => {
    assert.deepEqual(asks(tell([...pair('off'), passed(300)])), []);
  });

  it('is asked five seconds after a join that the counters leave open', () => {
    assert.deepEqual(asks(tell([...pair('ambiguous'), passed(14.9)])), []);
    assert.deepEqual(asks(tell([...pair('ambiguous'), passed(15.5)])), [['u1', 'u2']]);
  });

  it('is not asked for a certain join, but for a sample of one in fifty', () => {
    const askedFor = (joined: number): boolean =>
      asks(tell([...lone('ambiguous', joined), passed(20)])).length > 0;
    const sampled = Array.from({ length: 500 }, (_, n) => 9.5 + n / 1_000).filter(askedFor);
    assert.ok(sampled.length >= 2 && sampled.length <= 25, `${sampled.length} of 500`);
  });

  it('is asked for every join where it is always on', () => {
    assert.deepEqual(asks(tell([...lone('always'), passed(20)])), [['u1']]);
  });

  it('asks for at most ten, and one call at a time', () => {
    const many = Array.from({ length: 12 }, (_, n) => join(`u${n}`, 10));
    const told = tell([
      mode('ambiguous'),
      list(0, { A: 0, B: 0 }),
      ...many,
      list(10.4, { A: 6, B: 6 }),
      passed(60),
    ]);
    assert.deepEqual(
      asks(told).map((users) => users.length),
      [10],
    );
    const more = tell([...journalOf(many), searched(told, 15.5, []), passed(16.2)]);
    assert.deepEqual(
      asks(more).map((users) => users.length),
      [10, 2],
    );
  });

  it('wins over what was inferred, and keeps both in the evidence', () => {
    const told = tell([...pair('ambiguous'), passed(15.5)]);
    const answer = searched(told, 16, [hit('u1', 10, byInvite('B'))]);
    const after = tell([...pair('ambiguous'), passed(15.5), answer, passed(100)]);
    assert.equal(after.line('u1'), 'reported invite:B, settled');
    assert.equal(after.line('u2'), 'ambiguous invite:A or invite:B, settled');
    const record = after.records.findLast(({ userId }) => userId === 'u1')!;
    assert.ok(record.evidence.some(({ kind }) => kind === 'counted'));
    const reported = record.evidence.find(({ kind }) => kind === 'reported');
    assert.ok(reported?.kind === 'reported' && reported.inferred.certainty === 'ambiguous');
  });

  it('names what no counter can: how somebody came without an invite', () => {
    const journal = [
      mode('ambiguous'),
      list(0, { A: 0 }),
      join('u1', 10),
      list(10.4, { A: 0 }),
      list(12, { A: 0 }),
      list(14, { A: 0 }),
      passed(20),
    ];
    const answer = searched(tell(journal), 20.2, [hit('u1', 10, { kind: 'discovery' })]);
    assert.equal(tell([...journal, answer]).line('u1'), 'reported discovery, settled');
  });

  it('takes a number that is still to come for an answer only where no counter speaks', () => {
    const other: Origin = { kind: 'other', type: 99 };
    for (const journal of [pair('ambiguous'), lone('always')]) {
      const told = tell([...journal, passed(15.5)]);
      const before = told.line('u1');
      const after = tell([...journal, passed(15.5), searched(told, 16, [hit('u1', 10, other)])]);
      assert.equal(after.line('u1'), before);
      assert.equal(after.state.rest.search.checked, 0);
    }
    const dark = [
      mode('ambiguous'),
      list(0, { A: 0 }),
      join('u1', 10),
      ...[10.4, 12, 14].map((seconds) => list(seconds, { A: 0 })),
      passed(20),
    ];
    const answer = searched(tell(dark), 20.2, [hit('u1', 10, other)]);
    assert.equal(tell([...dark, answer]).line('u1'), 'reported other, settled');
  });

  it('is filled in with what the guild knows: whose a code is, and which is the vanity link', () => {
    const told = tell([...pair('ambiguous'), passed(15.5)]);
    const nobody: Origin = { kind: 'invite', code: 'B' as InviteCode, inviterId: null };
    const answer = searched(told, 16, [hit('u1', 10, nobody)]);
    const record = tell([...pair('ambiguous'), passed(15.5), answer]).records.at(-1);
    assert.deepEqual(record?.origin, { ...nobody, inviterId: 'B-owner' });
    const vanity: Observation = {
      kind: 'guild',
      at: at(-5),
      vanityCode: 'town' as InviteCode,
      manualApproval: false,
    };
    const journal = [vanity, ...pair('ambiguous'), passed(15.5)];
    const byLink = searched(tell(journal), 16, [hit('u1', 10, byInvite('town'))]);
    assert.equal(tell([...journal, byLink]).line('u1'), 'reported vanity:town, settled');
  });

  it('counts only for the join it is about: an earlier membership is no answer', () => {
    const told = tell([...pair('ambiguous'), passed(15.5)]);
    const stale = searched(told, 16, [
      hit('u1', -4000, byInvite('A')),
      hit('u2', 12.1, byInvite('A')),
    ]);
    const after = tell([...pair('ambiguous'), passed(15.5), stale, passed(30)]);
    assert.match(after.line('u1'), /^ambiguous/);
    assert.match(after.line('u2'), /^ambiguous/);
    assert.equal(asks(after).length, 2);
  });

  it('is asked again after 15, 45 and 120 seconds, and then no more', () => {
    const times: number[] = [];
    let { state, effects } = tell([...pair('ambiguous'), passed(15.2)]);
    for (let second = 15.2; second < 400; second += 0.5) {
      if (effects.some((effect) => effect.kind === 'search-members')) {
        times.push(Math.floor(second));
        ({ state } = step(state, {
          kind: 'searched',
          at: at(second),
          requestedAt: at(second),
          asked: ['u1' as UserId, 'u2' as UserId],
          hits: [],
          known: [],
        }));
      }
      ({ state, effects } = step(state, passed(second + 0.5)));
    }
    assert.deepEqual(times, [15, 25, 55, 130]);
    assert.deepEqual(state.rest.search.targets, []);
  });

  it('takes a record without a source for no report', () => {
    const told = tell([...pair('ambiguous'), passed(15.5)]);
    const nothing = searched(told, 16, [hit('u1', 10, null)]);
    const after = tell([...pair('ambiguous'), passed(15.5), nothing]);
    assert.match(after.line('u1'), /^ambiguous/);
  });

  it('measures how often it agrees with what had been certain', () => {
    const told = tell([...lone('always'), passed(15.5)]);
    const agree = tell([
      ...lone('always'),
      passed(15.5),
      searched(told, 16, [hit('u1', 10, byInvite('A'))]),
    ]);
    assert.deepEqual(
      agree.notes.map(({ kind }) => kind),
      ['search-agreed'],
    );
    const differ = tell([
      ...lone('always'),
      passed(15.5),
      searched(told, 16, [hit('u1', 10, byInvite('B'))]),
    ]);
    const { checked, agreed } = differ.state.rest.search;
    assert.deepEqual({ checked, agreed }, { checked: 1, agreed: 0 });
    assert.equal(differ.line('u1'), 'reported invite:B, settled');
  });

  it('waits as long as an index that is not there yet asks for', () => {
    const told = tell([
      ...pair('ambiguous'),
      passed(15.2),
      failed(15.3, 'not-indexed', at(45.3)),
      passed(80),
    ]);
    assert.equal(asks(told).length, 2);
    const early = tell([
      ...pair('ambiguous'),
      passed(15.2),
      failed(15.3, 'not-indexed', at(45.3)),
      passed(45),
    ]);
    assert.equal(asks(early).length, 1);
  });

  it('waits for no time of a clock that was an hour ahead', () => {
    const doubted: Observation = { kind: 'clock-doubted', at: at(-3_600) };
    const told = tell([...pair('always'), doubted, passed(-3_590)]);
    assert.deepEqual(asks(told), [['u1', 'u2']]);
  });

  it('stops in this guild after a refusal, until a permission changes', () => {
    const refused = [...pair('ambiguous'), passed(15.2), failed(15.3, 'refused')];
    const later = [join('u3', 20), join('u4', 20), list(20.4, { A: 2, B: 2 })];
    assert.equal(asks(tell([...refused, ...later, passed(60)])).length, 1);
    assert.equal(asks(tell([...refused, mode('ambiguous', 19), ...later, passed(60)])).length, 2);
  });

  it('stops where the endpoint was withdrawn', () => {
    const gone = [...pair('ambiguous'), passed(15.2), failed(15.3, 'withdrawn', at(86_400))];
    const later = [join('u3', 20), join('u4', 20), list(20.4, { A: 2, B: 2 })];
    assert.equal(asks(tell([...gone, ...later, passed(3_600)])).length, 1);
  });
});

function journalOf(many: readonly Observation[]): readonly Observation[] {
  return [
    mode('ambiguous'),
    list(0, { A: 0, B: 0 }),
    ...many,
    list(10.4, { A: 6, B: 6 }),
    passed(15.2),
  ];
}

describe('a join whose record came before its count', () => {
  it('leaves its use to nobody else for sure', () => {
    const first = [
      mode('always'),
      list(0, { A: 0, B: 0 }),
      join('u1', 10),
      listFailed(10.4, 'unavailable'),
      passed(15.2),
    ];
    const { line } = tell([
      ...first,
      searched(tell(first), 15.4, [hit('u1', 10, byInvite('A'))]),
      join('u2', 120),
      list(120.3, { A: 1, B: 0 }),
      list(124, { A: 1, B: 0 }),
      passed(130),
    ]);
    assert.match(line('u1'), /^reported invite:A/);
    assert.equal(line('u2'), 'ambiguous invite:A or no-invite, settled');
  });
});
