import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bareWorld } from '../testing.ts';
import type { Cursors } from '../world/search.ts';
import { composeSnowflake } from '../world/snowflake.ts';

type Found = { readonly user: { readonly id: string }; readonly joined_at: string };
type Answer = {
  readonly members: readonly { readonly member: Found }[];
  readonly page_result_count: number;
  readonly total_result_count: number;
};

/** Above the ids of everybody else. */
const BASE = 4_000_000_000_000_000_000n;
/** A place in time that has nothing to do with the place among ids. */
const CAST = {
  ann: { id: 3, joinedAtMs: 1000, via: { kind: 'invite', code: 'A' }, flags: 1 },
  bob: { id: 1, joinedAtMs: 2000, via: { kind: 'invite', code: 'a' }, pending: true },
  cat: { id: 4, joinedAtMs: 2000, via: { kind: 'vanity' } },
  dan: { id: 2, joinedAtMs: 3000, via: { kind: 'none', path: 'hub' }, flags: 2 },
} as const;
type Name = keyof typeof CAST;
const NAMES = Object.keys(CAST) as readonly Name[];

const idOf = (name: Name): string => `${BASE + BigInt(CAST[name].id)}`;

/** The four of the cast, among the owner and the bot, who are older. */
function scene(fillers = 0, cursors: Cursors = 'value') {
  const invites = [{ code: 'A' }, { code: 'a' }];
  const it = bareWorld({ vanity: { code: 'v' }, invites, fillers }, { search: { cursors } });
  const startMs = 4_000_000_000_000;
  for (const name of NAMES) {
    const { id: _, joinedAtMs, ...details } = CAST[name];
    const more = { userId: idOf(name), joinedAtMs: startMs + joinedAtMs, ...details };
    it.act({ kind: 'join', guildId: it.guildId, ...more });
  }
  const place = (name: Name) => ({
    user_id: idOf(name),
    guild_joined_at: startMs + CAST[name].joinedAtMs,
  });
  const ask = (body: object) =>
    it.ask('POST', `/guilds/${it.guildId}/members-search`, { body: { ...body } }).reply;
  const find = (body: object): Answer => ask(body).body as Answer;
  const names = (body: object): string => {
    const ids = find(body).members.map(({ member }) => member.user.id);
    return ids.flatMap((id) => NAMES.find((name) => idOf(name) === id) ?? []).join(' ');
  };
  return { ...it, startMs, place, ask, find, names };
}

describe('a filter', () => {
  const it = scene();
  const at = (ms: number): number => it.startMs + ms;
  const users = (...names: Name[]) => ({ user_id: { or_query: names.map(idOf) } });
  const codes = (...or_query: string[]) => ({ source_invite_code: { or_query } });
  const rows: readonly (readonly [string, object, string])[] = [
    ['one id', { and_query: users('bob') }, 'bob'],
    ['several ids, one twice', { and_query: users('dan', 'ann', 'dan') }, 'ann dan'],
    [
      'ids within bounds',
      { and_query: { user_id: { range: { gte: idOf('dan'), lte: idOf('ann') } } } },
      'ann dan',
    ],
    ['ids from below', { and_query: { user_id: { range: { gte: idOf('cat') } } } }, 'cat'],
    [
      'times within bounds',
      { and_query: { guild_joined_at: { range: { gte: at(1001), lte: at(2000) } } } },
      'bob cat',
    ],
    ['times from below', { and_query: { guild_joined_at: { range: { gte: at(2001) } } } }, 'dan'],
    ['types', { and_query: { join_source_type: { or_query: [4, 6] } } }, 'cat dan'],
    ['codes, by their case', { and_query: codes('a', 'v') }, 'bob cat'],
    ['pending ones', { and_query: { is_pending: true } }, 'bob'],
    ['returned ones, by the flag', { and_query: { did_rejoin: true } }, 'ann'],
    ['several filters at once', { and_query: { ...users('ann', 'bob'), ...codes('A') } }, 'ann'],
    ['several filters or one', { or_query: { ...users('cat'), ...codes('A') } }, 'ann cat'],
    [
      'both kinds together',
      { and_query: { is_pending: false }, or_query: { ...users('bob', 'cat'), ...codes('A') } },
      'ann cat',
    ],
  ];
  for (const [what, body, expected] of rows) {
    test(`by ${what}`, () => {
      assert.equal(it.names({ sort: 2, ...body }), expected);
      assert.equal(it.find(body).total_result_count, expected.split(' ').length);
    });
  }
});

describe('a page', () => {
  const by = (sort: number) => ({ sort, and_query: { guild_joined_at: { range: { gte: 4e12 } } } });
  const sorts = ['dan cat bob ann', 'ann bob cat dan', 'cat ann dan bob', 'bob dan ann cat'];
  for (const [index, expected] of sorts.entries()) {
    test(`in sort ${index + 1} has ${expected}`, () => {
      assert.equal(scene().names(by(index + 1)), expected);
    });
  }

  test('is sorted by the latest join unless asked otherwise, and has 25 entries', () => {
    const it = scene(30);
    const { members, page_result_count, total_result_count } = it.find({});
    assert.deepEqual([members.length, page_result_count, total_result_count], [25, 25, 36]);
    assert.equal(it.names({}), 'dan cat bob ann');
  });

  const cursors: readonly (readonly [Cursors, number, 'before' | 'after', Name, string])[] = [
    ['value', 1, 'before', 'cat', 'bob ann'],
    ['value', 1, 'after', 'cat', 'dan'],
    ['value', 2, 'before', 'cat', 'ann bob'],
    ['value', 2, 'after', 'bob', 'cat dan'],
    ['value', 3, 'before', 'ann', 'dan bob'],
    ['value', 4, 'after', 'dan', 'ann cat'],
    ['order', 1, 'before', 'cat', 'dan'],
    ['order', 1, 'after', 'cat', 'bob ann'],
    ['order', 2, 'before', 'cat', 'ann bob'],
    ['order', 2, 'after', 'bob', 'cat dan'],
    ['order', 3, 'after', 'ann', 'dan bob'],
    ['order', 4, 'after', 'dan', 'ann cat'],
  ];
  for (const [meaning, sort, side, name, expected] of cursors) {
    test(`${side} ${name} in sort ${sort} is ${expected}, read by ${meaning}`, () => {
      const it = scene(0, meaning);
      const body = { ...by(sort), [side]: it.place(name) };
      assert.equal(it.names(body), expected);
      assert.equal(it.find(body).total_result_count, 4);
    });
  }

  test('lies next to its cursor, on whichever side that is', () => {
    const it = scene();
    assert.equal(it.names({ ...by(1), limit: 1, after: it.place('ann') }), 'bob');
    assert.equal(it.names({ ...by(2), limit: 1, before: it.place('dan') }), 'cat');
    const between = { before: it.place('dan'), after: it.place('ann') };
    assert.equal(it.names({ ...by(1), limit: 1, ...between }), 'cat');
  });

  for (const sort of [1, 2, 3, 4]) {
    test(`after page leaves nobody out and shows nobody twice, in sort ${sort}`, () => {
      const it = scene(100);
      const side = sort % 2 === 1 ? 'before' : 'after';
      const seen: string[] = [];
      for (let cursor = {}; ; ) {
        const { members } = it.find({ sort, limit: 7, ...cursor });
        seen.push(...members.map(({ member }) => member.user.id));
        assert.ok(seen.length < 1000, 'the pages do not end');
        const last = members.at(-1)?.member;
        if (last === undefined) break;
        const guild_joined_at = Date.parse(last.joined_at);
        cursor = { [side]: { user_id: last.user.id, guild_joined_at } };
      }
      assert.equal(seen.length, 106);
      const whole = it.find({ sort, limit: 1000 }).members.map(({ member }) => member.user.id);
      assert.deepEqual(seen, whole);
    });
  }

  test('of a guild of 100,000 takes less than composing its ids', () => {
    const it = scene(100_000);
    const bestMs = (run: (round: number) => void): number => {
      const takes = [1, 2, 3, 4, 1, 2, 3, 4].map((round) => {
        const beganMs = performance.now();
        run(round);
        return performance.now() - beganMs;
      });
      return Math.min(...takes);
    };
    const pageMs = bestMs((sort) => {
      assert.equal(it.find({ sort, limit: 1000 }).total_result_count, 100_006);
    });
    // Measured against the least that a search without care would do, so that a busy machine is no matter.
    const idsMs = bestMs((low) => {
      for (let each = 0; each < 100_000; each += 1) composeSnowflake(it.startMs + each, low);
    });
    assert.ok(pageMs < idsMs, `${pageMs} ms, and ${idsMs} ms for as many ids`);
  });
});

describe('a bad search is refused, with the path of the field', () => {
  const it = scene();
  const list = (or_query: unknown) => ({ and_query: { source_invite_code: { or_query } } });
  const rows: readonly (readonly [string, object])[] = [
    ['limit', { limit: 0 }],
    ['limit', { limit: 1001 }],
    ['limit', { limit: '25' }],
    ['limit', { limit: 2.5 }],
    ['sort', { sort: 0 }],
    ['sort', { sort: 5 }],
    ['colour', { colour: 'red' }],
    ['and_query', { and_query: [] }],
    ['or_query', { or_query: null }],
    ['and_query.name', { and_query: { name: 'ann' } }],
    ['and_query.constructor', { and_query: { constructor: {} } }],
    ['and_query.user_id', { and_query: { user_id: '1' } }],
    ['and_query.user_id', { and_query: { user_id: { or_query: [1] } } }],
    ['and_query.user_id', { and_query: { user_id: { or_query: ['ann'] } } }],
    ['and_query.user_id.and_query', { and_query: { user_id: { and_query: ['1'] } } }],
    ['or_query.user_id.range.gt', { or_query: { user_id: { range: { gt: '1' } } } }],
    ['or_query.user_id.range.lte', { or_query: { user_id: { range: { lte: 1 } } } }],
    ['and_query.source_invite_code', list('A')],
    ['and_query.source_invite_code', list([])],
    ['and_query.source_invite_code', list(Array(11).fill('A'))],
    ['and_query.source_invite_code', list([''])],
    ['and_query.source_invite_code', list(['A'.repeat(101)])],
    ['and_query.source_invite_code', { and_query: { source_invite_code: {} } }],
    ['and_query.join_source_type', { and_query: { join_source_type: { or_query: ['5'] } } }],
    [
      'and_query.guild_joined_at.range.gte',
      { and_query: { guild_joined_at: { range: { gte: '2026-01-01' } } } },
    ],
    ['and_query.is_pending', { and_query: { is_pending: 'true' } }],
    ['before.user_id', { before: { guild_joined_at: 1 } }],
    ['before.guild_joined_at', { before: { user_id: '1' } }],
    ['after.guild_joined_at', { after: { user_id: '1', guild_joined_at: '1' } }],
  ];
  for (const [path, body] of rows) {
    test(`${path}: ${JSON.stringify(body).slice(0, 70)}`, () => {
      const reply = it.ask(body);
      const { code, errors } = reply.body as { code: number; errors: unknown };
      assert.deepEqual([reply.status, code], [400, 50035]);
      const at = path.split('.').reduce((place, step) => Object(place)[step], errors);
      assert.equal(Object(at)._errors?.length, 1);
    });
  }

  test('ten items of a hundred characters are not too many', () => {
    assert.equal(it.ask(list(Array(10).fill('A'.repeat(100)))).status, 200);
  });
});
