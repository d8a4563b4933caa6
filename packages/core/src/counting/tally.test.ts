import assert from 'node:assert/strict';
import test from 'node:test';
import * as fc from 'fast-check';
import { type Correction, seasonStart, standingCorrections } from './corrections.ts';
import { DEFAULT_COUNTING_RULE } from './counting-rule.ts';
import { leaderboard } from './leaderboard.ts';
import { by, DAY, day, entry, joined, oneOf, user } from './scene.ts';
import { scoreJoins } from './score.ts';
import type { SettledJoin } from './settled-join.ts';
import { EMPTY_TALLY, type Tally, tallies } from './tally.ts';

const NOW = day(30);
const ALL = { from: null, to: null };

function tallied(joins: readonly SettledJoin[], entries: readonly Correction[] = []) {
  return tallies(scoreJoins(joins, entries, DEFAULT_COUNTING_RULE, NOW), entries, ALL);
}

function shown({ regular, left, fake, bonus, total, group }: Tally): string {
  return `${regular} - ${left} - ${fake} + ${bonus} = ${total}, group ${group}`;
}

test('the total is regular - left - fake + bonus', () => {
  const joins = [
    joined('a', 1, by('ann')),
    joined('b', 2, by('ann')),
    joined('c', 3, by('ann'), { leftAt: day(4) }),
    joined('d', 4, by('ann'), { accountCreatedAt: day(3), leftAt: day(5) }),
  ];
  const entries = [
    entry('1', 5, { kind: 'bonus', userId: user('ann'), amount: 5 }),
    entry('2', 6, { kind: 'bonus', userId: user('ann'), amount: -2 }),
  ];
  assert.equal(shown(tallied(joins, entries).get(user('ann'))!), '4 - 1 - 1 + 3 = 5, group 0');
});

test('who cannot be told apart is credited by the sums, apart from the total', () => {
  const sums = [
    [by('ann'), 2],
    [by('bob'), 1],
  ] as const;
  const board = tallied(['a', 'b', 'c'].map((name, n) => oneOf(name, 1 + n / 1000, sums)));
  assert.equal(shown(board.get(user('ann'))!), '0 - 0 - 0 + 0 = 0, group 2');
  assert.equal(shown(board.get(user('bob'))!), '0 - 0 - 0 + 0 = 0, group 1');
});

test('the part of a member who left, or is fake, counts no more', () => {
  const sums = [
    [by('ann'), 2],
    [by('bob'), 2],
  ] as const;
  const board = tallied([
    oneOf('a', 1, sums),
    oneOf('b', 1.001, sums),
    oneOf('c', 1.002, sums, { leftAt: day(2) }),
    oneOf('d', 1.003, sums, { accountCreatedAt: day(0) }),
  ]);
  assert.equal(shown(board.get(user('ann'))!), '0 - 0 - 0 + 0 = 0, group 1');
});

test('a span holds the joins and the bonuses that happened in it', () => {
  const joins = [1, 2, 3].map((at) => joined(`m${at}`, at, by('ann')));
  const entries = [1, 2, 3].map((at) =>
    entry(`${at}`, at, { kind: 'bonus', userId: user('ann'), amount: 10 ** at }),
  );
  const scored = scoreJoins(joins, entries, DEFAULT_COUNTING_RULE, NOW);
  const second = tallies(scored, entries, { from: day(2), to: day(3) });
  assert.equal(shown(second.get(user('ann'))!), '1 - 0 - 0 + 100 = 101, group 0');
});

test('an undone reset gives the season before it back, and undoing that takes it again', () => {
  const entries = [
    entry('1', 1, { kind: 'season' }),
    entry('2', 5, { kind: 'season' }),
    entry('3', 6, { kind: 'undo', entryId: '2' }),
    entry('4', 7, { kind: 'undo', entryId: '3' }),
  ];
  const startAfter = (count: number): number | null =>
    seasonStart(standingCorrections(entries.slice(0, count)), NOW);
  assert.deepEqual([0, 1, 2, 3, 4].map(startAfter), [null, day(1), day(5), day(1), day(5)]);
});

test('an undo of what is not there, or comes later, does nothing', () => {
  const entries = [
    entry('1', 1, { kind: 'undo', entryId: '2' }),
    entry('2', 2, { kind: 'bonus', userId: user('ann'), amount: 1 }),
    entry('3', 3, { kind: 'undo', entryId: 'nothing' }),
    entry('4', 4, { kind: 'undo', entryId: '4' }),
  ];
  assert.deepEqual(
    standingCorrections(entries).map(({ id }) => id),
    ['2'],
  );
});

test('equal values share a rank, the next is skipped, hidden people leave no gap', () => {
  const of = (total: number, group = 0): Tally => ({ ...EMPTY_TALLY, total, group });
  const board = new Map([
    [user('cat'), of(3)],
    [user('ann'), of(1, 2)],
    [user('bob'), of(9)],
    [user('dan'), of(1)],
    [user('eve'), of(0)],
  ]);
  const rows = leaderboard(board, 'total', new Set([user('bob')]));
  assert.deepEqual(
    rows.map(({ rank, userId, value }) => `${rank} ${userId} ${value}`),
    ['1 ann 3', '1 cat 3', '3 dan 1'],
  );
});

const people = ['ann', 'bob', 'cat', 'dan'];
const someJoins = fc.array(
  fc.record({
    name: fc.constantFrom(...people, 'eve', 'fox'),
    at: fc.integer({ min: 0, max: 25 }),
    inviter: fc.constantFrom(...people),
    age: fc.integer({ min: 0, max: 6 }),
    stayed: fc.option(fc.integer({ min: 1, max: 10 })),
  }),
  { maxLength: 40 },
);

function historyOf(told: typeof someJoins extends fc.Arbitrary<infer T> ? T : never) {
  // One stay at a time: a later join of the same member begins after the one before has ended.
  return told.map(({ name, at, inviter, age, stayed }, n) =>
    joined(`${name}`, at + n / 1000, by(inviter), {
      accountCreatedAt: day(at - age),
      leftAt: stayed === null ? null : day(at + n / 1000) + stayed * DAY,
    }),
  );
}

test('every join is credited once: counters add up to the joins, in any order of telling', () => {
  fc.assert(
    fc.property(someJoins, fc.infiniteStream(fc.nat()), (told, keys) => {
      const joins = historyOf(told);
      const board = tallied(joins);
      const sum = (counter: keyof Tally): number =>
        [...board.values()].reduce((all, tally) => all + tally[counter], 0);
      assert.equal(sum('regular'), joins.length);
      const scored = scoreJoins(joins, [], DEFAULT_COUNTING_RULE, NOW);
      const counting = scored.filter(({ outcome }) => outcome === 'counts').length;
      assert.equal(sum('total'), counting);
      const shuffled = joins
        .map((join) => ({ join, key: keys.next().value ?? 0 }))
        .sort((one, other) => one.key - other.key)
        .map(({ join }) => join);
      assert.deepEqual(new Map(tallied(shuffled)), new Map([...board]));
    }),
    { seed: 20261126, numRuns: 300 },
  );
});

test('spans that cut the time leave nothing out and count nothing twice', () => {
  fc.assert(
    fc.property(someJoins, fc.integer({ min: 0, max: 30 }), (told, cut) => {
      const scored = scoreJoins(historyOf(told), [], DEFAULT_COUNTING_RULE, NOW);
      const before = tallies(scored, [], { from: null, to: day(cut) });
      const after = tallies(scored, [], { from: day(cut), to: null });
      for (const [userId, tally] of tallies(scored, [], ALL)) {
        const parts = [before, after].map((part) => part.get(userId) ?? EMPTY_TALLY);
        assert.equal(tally.total, parts[0]!.total + parts[1]!.total);
        assert.equal(tally.qualified, parts[0]!.qualified + parts[1]!.qualified);
      }
    }),
    { seed: 20261127, numRuns: 300 },
  );
});
