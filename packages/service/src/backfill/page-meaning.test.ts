import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { MemberPageWanted, SearchedMember, UserId } from 'wherefrom';
import { meaningOf, type PageRead, slicesOf } from './page-meaning.ts';

const LIMIT = 4;
const member = (joinedAt: number, n = joinedAt): SearchedMember => {
  return { userId: String(n) as UserId, joinedAt, bot: false, origin: null };
};
const wanted = (since = 0): MemberPageWanted => ({ since, until: 100, limit: LIMIT });
const page = (times: readonly number[], more: Partial<PageRead> = {}): PageRead => {
  const members = times.map((time, n) => member(time, 1_000 * n + time));
  return { members, entries: times.length, total: null, ...more };
};

const table: readonly (readonly [string, PageRead, MemberPageWanted, unknown, number | null])[] = [
  ['an empty page is the last', page([]), wanted(), [], null],
  ['a page with all there are is the last', page([1, 2], { total: 2 }), wanted(), [1, 2], null],
  ['its order does not matter then', page([2, 1], { total: 2 }), wanted(), [2, 1], null],
  [
    'of a page among others the last instant is read anew',
    page([1, 2, 3, 3], { total: 9 }),
    wanted(),
    [1, 2],
    3,
  ],
  ['also where nobody says how many there are', page([1, 2, 3]), wanted(), [1, 2], 3],
  ['also where the page is shorter than asked for', page([1, 2], { total: 9 }), wanted(), [1], 2],
  [
    'a full page is not the last whatever it says',
    page([1, 2, 3, 4], { total: 4 }),
    wanted(),
    [1, 2, 3],
    4,
  ],
  ['one instant is taken as a whole', page([5, 5], { total: 9 }), wanted(5), [5, 5], 6],
  ['so is a last one without a total', page([5]), wanted(5), [5], 6],
  [
    'entries that could not be read leave the others',
    page([1, 2], { entries: 4 }),
    wanted(),
    [1],
    2,
  ],
  [
    'people from another time are passed over',
    page([1, 50, 60, 101], { total: 9 }),
    wanted(40),
    [50],
    60,
  ],
];
for (const [sentence, read, asked, times, next] of table) {
  test(sentence, () => {
    const meaning = meaningOf(read, asked);
    assert.ok(meaning.kind === 'progress');
    assert.deepEqual(
      [meaning.members.map(({ joinedAt }) => joinedAt), meaning.next],
      [times, next],
    );
  });
}

const useless: readonly (readonly [string, PageRead, MemberPageWanted, RegExp])[] = [
  ['the same page again', page([1, 2, 3, 4], { total: 9 }), wanted(50), /had joined in the time/],
  ['a page of which nothing could be read', page([], { entries: 3 }), wanted(), /had joined/],
  ['a page from the other end', page([9, 8, 7, 6], { total: 20 }), wanted(), /order/],
];
for (const [what, read, asked, why] of useless) {
  test(`${what} is no progress`, () => {
    const meaning = meaningOf(read, asked);
    assert.ok(meaning.kind === 'stuck');
    assert.match(meaning.why, why);
  });
}

describe('a page in slices', () => {
  const slices = (times: readonly number[], next: number | null = null) => {
    const { members } = page(times);
    return slicesOf({ kind: 'progress', members, next }, 2).map((slice) => [
      slice.members.map(({ joinedAt }) => joinedAt),
      slice.next,
    ]);
  };
  const cuts: readonly (readonly [string, readonly number[], unknown])[] = [
    ['of nobody is one slice', [], [[[], 9]]],
    [
      'goes on where the next slice begins',
      [1, 2, 3, 4, 5],
      [
        [[1, 2], 3],
        [[3, 4], 5],
        [[5], 9],
      ],
    ],
    [
      'is not cut within an instant',
      [1, 2, 2, 2, 3],
      [
        [[1, 2, 2, 2], 3],
        [[3], 9],
      ],
    ],
    [
      'is put in order first',
      [4, 1, 3, 2],
      [
        [[1, 2], 3],
        [[3, 4], 9],
      ],
    ],
  ];
  for (const [sentence, times, expected] of cuts) {
    test(sentence, () => assert.deepEqual(slices(times, 9), expected));
  }

  test('that is the last ends with its last slice', () => {
    assert.deepEqual(slices([1, 2, 3]), [
      [[1, 2], 3],
      [[3], null],
    ]);
  });
});

/** All pages of a search over people who joined at these times. */
function readAll(times: readonly number[], search: (asked: MemberPageWanted) => PageRead) {
  const seen: number[] = [];
  for (let since = 0, pages = 0; ; pages += 1) {
    assert.ok(pages <= times.length + 2, 'it ends');
    const meaning = meaningOf(search(wanted(since)), wanted(since));
    if (meaning.kind === 'stuck') return { seen, stuck: meaning.why };
    seen.push(...meaning.members.map(({ joinedAt }) => joinedAt));
    if (meaning.next === null) return { seen, stuck: null };
    since = meaning.next;
  }
}

describe('paging', () => {
  const times = [3, 5, 5, 8, 13, 21, 21, 21, 34, 55, 89];
  const fitting = ({ since, until }: MemberPageWanted): readonly number[] =>
    times.filter((time) => time >= since && time <= until);
  const searches: readonly (readonly [string, (asked: MemberPageWanted) => PageRead])[] = [
    [
      'a search as described',
      (asked) => page(fitting(asked).slice(0, LIMIT), { total: fitting(asked).length }),
    ],
    ['one that tells no total', (asked) => page(fitting(asked).slice(0, LIMIT))],
    [
      'one whose total is of the whole server',
      (asked) => page(fitting(asked).slice(0, LIMIT), { total: 4_711 }),
    ],
    [
      'one that gives less than asked for',
      (asked) => page(fitting(asked).slice(0, 3), { total: fitting(asked).length }),
    ],
  ];
  for (const [what, search] of searches) {
    test(`reads everybody once from ${what}`, () => {
      assert.deepEqual(readAll(times, search), { seen: times, stuck: null });
    });
  }

  test('ends where the search does not heed the time', () => {
    const { seen, stuck } = readAll(times, () => page(times.slice(0, LIMIT), { total: 11 }));
    assert.deepEqual(seen, [3, 5, 5, 8]);
    assert.match(stuck ?? '', /had joined in the time/);
  });
});
