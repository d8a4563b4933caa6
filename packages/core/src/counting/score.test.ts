import assert from 'node:assert/strict';
import test from 'node:test';
import type { Certainty } from '../engine/attribution.ts';
import { type CountingRule, DEFAULT_COUNTING_RULE, type FakeSign } from './counting-rule.ts';
import { by, DAY, day, entry, joined, oneOf, user } from './scene.ts';
import { scoreJoins } from './score.ts';
import type { SettledJoin } from './settled-join.ts';

const LENIENT: CountingRule = { ...DEFAULT_COUNTING_RULE, fake: { match: 'any', signs: [] } };
const NOW = day(30);

function signed(match: 'any' | 'all', ...signs: readonly FakeSign[]): CountingRule {
  return { ...DEFAULT_COUNTING_RULE, fake: { match, signs } };
}

function outcomes(joins: readonly SettledJoin[], rule: CountingRule): string {
  const words = scoreJoins(joins, [], rule, NOW).map(({ userId, outcome, reasons }) =>
    [userId, outcome, ...reasons].join(' '),
  );
  return words.join(', ');
}

const withinMs = null;
const young = joined('young', 1, by('ann'), { accountCreatedAt: day(0) });
const gone = joined('gone', 1, by('ann'), { leftAt: day(1.01) });
const rows: readonly [string, readonly SettledJoin[], CountingRule, string][] = [
  ['who is here counts', [joined('a', 1, by('ann'))], DEFAULT_COUNTING_RULE, 'a counts'],
  ['who left is taken back', [gone], LENIENT, 'gone left'],
  ['who left late counts on', [gone], { ...LENIENT, leftWithinMs: 600_000 }, 'gone counts'],
  ['a young account', [young], DEFAULT_COUNTING_RULE, 'young fake young-account'],
  [
    'an account exactly as old as asked',
    [joined('a', 3, by('ann'), { accountCreatedAt: day(0) })],
    DEFAULT_COUNTING_RULE,
    'a counts',
  ],
  ['their own link', [joined('ann', 1, by('ann'))], DEFAULT_COUNTING_RULE, 'ann fake own-link'],
  [
    'all signs are named, and a fake is no leave as well',
    [joined('ann', 1, by('ann'), { accountCreatedAt: day(0), leftAt: day(2) })],
    DEFAULT_COUNTING_RULE,
    'ann fake young-account own-link',
  ],
  [
    'all signs are asked for, and one does not hold',
    [young],
    signed('all', { kind: 'young-account', underMs: 3 * DAY }, { kind: 'own-link' }),
    'young counts',
  ],
  ['no sign is asked for', [young], signed('all'), 'young counts'],
  [
    'back through the same inviter, by another link, and with a stay elsewhere between',
    [
      joined('a', 1, by('ann'), { leftAt: day(2) }),
      joined('a', 3, by('bob'), { leftAt: day(4) }),
      joined('a', 5, by('ann', 'second')),
    ],
    DEFAULT_COUNTING_RULE,
    'a left, a left, a fake returning',
  ],
  [
    'back through another inviter within ten days, and after them',
    [
      joined('a', 1, by('ann'), { leftAt: day(2) }),
      joined('a', 10, by('bob'), { leftAt: day(11) }),
      joined('a', 21, by('cat')),
    ],
    signed('any', { kind: 'returning', through: 'other-inviter', withinMs: 10 * DAY }),
    'a left, a fake returning, a counts',
  ],
  [
    'back, but by which link is not known: it is neither the same nor another',
    [
      joined('a', 1, by('ann'), { leftAt: day(2) }),
      oneOf('a', 3, [
        [by('ann'), 1],
        [by('bob'), 1],
      ]),
    ],
    signed(
      'any',
      { kind: 'returning', through: 'same-inviter', withinMs },
      { kind: 'returning', through: 'other-inviter', withinMs },
    ),
    'a left, a counts',
  ],
  [
    'back by a known link, and how they came before is not known',
    [
      joined('a', 1, by('ann'), { certainty: 'unknown', leftAt: day(2) }),
      joined('a', 3, by('bob')),
    ],
    signed('any', { kind: 'returning', through: 'other-inviter', withinMs }),
    'a left, a counts',
  ],
  [
    'gone within a minute',
    [joined('a', 1, by('ann'), { leftAt: day(1) + 59_999 })],
    signed('any', { kind: 'quick-leave', underMs: 60_000 }),
    'a fake quick-leave',
  ],
  [
    'signs that nobody looked up condemn nobody',
    [joined('a', 1, by('ann'), { hasAvatar: null, hasQuarantinedName: null, isPending: null })],
    signed('any', { kind: 'no-avatar' }, { kind: 'quarantined-name' }, { kind: 'pending' }),
    'a counts',
  ],
  [
    'signs that were looked up do',
    [joined('a', 1, by('ann'), { hasAvatar: false, hasQuarantinedName: true, isPending: true })],
    signed('all', { kind: 'no-avatar' }, { kind: 'quarantined-name' }, { kind: 'pending' }),
    'a fake no-avatar quarantined-name pending',
  ],
];

for (const [sentence, joins, rule, expected] of rows) {
  test(`counting: ${sentence}`, () => assert.equal(outcomes(joins, rule), expected));
}

test('only what is known well enough is credited', () => {
  const credits = (creditsLikely: boolean): string[] =>
    (['certain', 'reported', 'likely', 'unknown'] satisfies Certainty[]).map((certainty) => {
      const join = joined('a', 1, by('ann'), { certainty });
      return scoreJoins([join], [], { ...LENIENT, creditsLikely }, NOW)[0]!.credit.kind;
    });
  assert.deepEqual(credits(true), ['inviter', 'inviter', 'inviter', 'nobody']);
  assert.deepEqual(credits(false), ['inviter', 'inviter', 'nobody', 'nobody']);
});

test('two links of the same person leave the link open and the inviter certain', () => {
  const join = oneOf('a', 1, [
    [by('ann', 'one'), 1],
    [by('ann', 'two'), 1],
  ]);
  const [scored] = scoreJoins([join], [], LENIENT, NOW);
  assert.deepEqual(scored!.credit, { kind: 'inviter', inviterId: user('ann') });
});

test('a blocked inviter is credited with nothing, and the join is still judged', () => {
  const rule = { ...LENIENT, blocked: [user('ann')] };
  const [whole, part] = scoreJoins(
    [
      joined('a', 1, by('ann')),
      oneOf('b', 2, [
        [by('ann'), 1],
        [by('bob'), 1],
      ]),
    ],
    [],
    rule,
    NOW,
  );
  assert.deepEqual([whole!.credit.kind, whole!.outcome], ['nobody', 'counts']);
  assert.deepEqual(part!.credit, {
    kind: 'group',
    parts: [{ inviterId: user('bob'), part: 0.5 }],
  });
});

test('a stay of the time that is asked for qualifies, whatever comes later', () => {
  const rule = { ...LENIENT, qualified: { ...LENIENT.qualified, stayedMs: 7 * DAY } };
  const joins = [
    joined('long', 1, by('ann'), { leftAt: day(8) }),
    joined('short', 1.5, by('ann'), { leftAt: day(8) }),
    joined('new', 23.1, by('ann')),
  ];
  const standings = scoreJoins(joins, [], rule, NOW).map(({ standing }) => standing);
  assert.deepEqual(standings, ['qualified', 'failed', 'pending']);
});

test('what is asked for and not known keeps a member pending', () => {
  const asked = { stayedMs: 0, roleId: null, passedScreening: true, wrote: true };
  const rule = { ...LENIENT, qualified: asked };
  const joins = [
    joined('silent', 1, by('ann')),
    joined('screened', 2, by('ann'), { isPending: null, firstMessageAt: day(3) }),
    joined('all', 3, by('ann'), { firstMessageAt: day(4) }),
    joined('gone', 4, by('ann'), { leftAt: day(5) }),
  ];
  const standings = scoreJoins(joins, [], rule, NOW).map(({ standing }) => standing);
  assert.deepEqual(standings, ['pending', 'pending', 'qualified', 'failed']);
});

test('what happens after the asked time is not seen', () => {
  const joins = [joined('a', 1, by('ann'), { leftAt: day(5) }), joined('b', 6, by('ann'))];
  const scored = scoreJoins(joins, [], LENIENT, day(4));
  assert.deepEqual(
    scored.map(({ userId, outcome }) => `${userId} ${outcome}`),
    ['a counts'],
  );
});

test('a person who says how a member came stands above every inference, until it is undone', () => {
  const wrong = joined('a', 1, by('ann'));
  const key = { userId: wrong.userId, joinedAt: wrong.joinedAt };
  const entries = [
    entry('1', 2, { kind: 'correct', ...key, origin: by('bob') }),
    entry('2', 3, { kind: 'undo', entryId: '1' }),
  ];
  const creditAt = (now: number): string => {
    const { credit } = scoreJoins([wrong], entries, LENIENT, day(now))[0]!;
    return credit.kind === 'inviter' ? credit.inviterId : credit.kind;
  };
  assert.deepEqual([creditAt(1.5), creditAt(2.5), creditAt(3.5)], ['ann', 'bob', 'ann']);
});
