import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { GuildId, UserId } from '../engine/ids.ts';
import { memberPageBody, memberSearchBody, memberSearchFromPayload } from './member-search.ts';

const GUILD = '10' as GuildId;
const JOINED = '2026-11-22T13:39:20.123456+00:00';
const JOINED_MS = Date.UTC(2026, 10, 22, 13, 39, 20, 123);
const member = { user: { id: '20', username: 'ada' }, joined_at: JOINED, roles: [], flags: 0 };
const entry = { member, source_invite_code: 'abc', join_source_type: 5, inviter_id: '50' };

const answerOf = (members: readonly unknown[], more: object = {}): object => ({
  guild_id: GUILD,
  members,
  page_result_count: members.length,
  total_result_count: members.length,
  ...more,
});

/** The origins that are read from entries which differ from an ordinary one in this. */
function originsOf(...changes: readonly object[]): readonly unknown[] {
  const entries = changes.map((change) => ({ ...entry, ...change }));
  const reading = memberSearchFromPayload(answerOf(entries), GUILD);
  assert.ok(reading.kind === 'found');
  return reading.members.map(({ origin }) => origin);
}

const invite = (inviterId: string | null) => ({ kind: 'invite', code: 'abc', inviterId });

const sources: readonly (readonly [string, object, unknown])[] = [
  ['an invite is named with its inviter', {}, invite('50')],
  ['an invite of the widget has none', { inviter_id: null }, invite(null)],
  ['an invite without a code is no report', { source_invite_code: null }, null],
  ['an unspecified type with a code is an invite', { join_source_type: 0 }, invite('50')],
  ['so is a null type with a code', { join_source_type: null }, invite('50')],
  ['and a missing type with a code', { join_source_type: undefined }, invite('50')],
  [
    'an unspecified type without a code is no report',
    { join_source_type: 0, source_invite_code: null, inviter_id: null },
    null,
  ],
  [
    'nothing at all is no report',
    { join_source_type: undefined, source_invite_code: undefined, inviter_id: undefined },
    null,
  ],
  ['a bot that added them', { join_source_type: 1, source_invite_code: null }, { kind: 'oauth' }],
  ['an integration', { join_source_type: 2, source_invite_code: null }, { kind: 'integration' }],
  ['Server Discovery', { join_source_type: 3, source_invite_code: null }, { kind: 'discovery' }],
  ['a student hub', { join_source_type: 4, source_invite_code: null }, { kind: 'hub' }],
  ['the vanity link', { join_source_type: 6, inviter_id: null }, { kind: 'vanity', code: 'abc' }],
  ['a vanity link without a code', { join_source_type: 6, source_invite_code: null }, null],
  ['an approved request', { join_source_type: 7 }, { kind: 'application', code: 'abc' }],
  [
    'an approved request without a code',
    { join_source_type: 7, source_invite_code: null },
    { kind: 'application', code: null },
  ],
  ['a lobby', { join_source_type: 8, source_invite_code: null }, { kind: 'lobby' }],
  ['a number that is still to come', { join_source_type: 99 }, { kind: 'other', type: 99 }],
  ['the number after the last known', { join_source_type: 9 }, { kind: 'other', type: 9 }],
];
for (const [sentence, change, expected] of sources) {
  test(`the source is read: ${sentence}`, () => assert.deepEqual(originsOf(change), [expected]));
}

const useless: readonly (readonly [string, object])[] = [
  ['a null member', { member: null }],
  ['a member without a user', { member: { joined_at: JOINED } }],
  ['a user without an id', { member: { ...member, user: {} } }],
  ['an id that is a number', { member: { ...member, user: { id: 20 } } }],
  ['no time of joining, as of a guest', { member: { ...member, joined_at: null } }],
  ['a time that is none', { member: { ...member, joined_at: 'yesterday' } }],
  ['a code that is a number', { source_invite_code: 42 }],
  ['a code with a space', { source_invite_code: 'a b' }],
  ['a type that is a text', { join_source_type: '5' }],
  ['a negative type', { join_source_type: -1 }],
  ['half a type', { join_source_type: 5.5 }],
  ['an inviter that is an object', { inviter_id: {} }],
];
for (const [what, change] of useless) {
  test(`an entry with ${what} is left out, its neighbours are not`, () => {
    const reading = memberSearchFromPayload(answerOf([{ ...entry, ...change }, entry]), GUILD);
    assert.ok(reading.kind === 'found');
    assert.deepEqual([reading.members.length, reading.entries], [1, 2]);
  });
}

describe('an answer', () => {
  test('carries who, since when, and whether it is a bot', () => {
    const bot = { ...entry, member: { ...member, user: { id: '21', bot: true } } };
    const found = memberSearchFromPayload(answerOf([entry, null, bot]), GUILD);
    const read = { joinedAt: JOINED_MS, origin: invite('50') };
    assert.deepEqual(found, {
      kind: 'found',
      members: [
        { userId: '20', bot: false, ...read },
        { userId: '21', bot: true, ...read },
      ],
      entries: 3,
      total: 3,
    });
  });

  test('that does not say how many there are is read all the same', () => {
    const found = memberSearchFromPayload(answerOf([], { total_result_count: '7' }), GUILD);
    assert.deepEqual(found, { kind: 'found', members: [], entries: 0, total: null });
  });

  const cold = { message: 'Index not yet available.', code: 110_000, documents_indexed: 0 };
  const table: readonly (readonly [string, unknown, unknown])[] = [
    [
      'from an index that is not built says for how long',
      { ...cold, retry_after: 15 },
      { kind: 'not-indexed', retryAfterMs: 15_000 },
    ],
    [
      'that says 0 s is waited for all the same',
      { ...cold, retry_after: 0 },
      { kind: 'not-indexed', retryAfterMs: 5_000 },
    ],
    [
      'that does not say for how long is waited for too',
      cold,
      { kind: 'not-indexed', retryAfterMs: 5_000 },
    ],
    [
      'that says for ever is not believed',
      { ...cold, retry_after: Number.POSITIVE_INFINITY },
      { kind: 'not-indexed', retryAfterMs: 3_600_000 },
    ],
    [
      'about another guild says nothing',
      answerOf([entry], { guild_id: '11' }),
      { kind: 'malformed', path: 'guild_id' },
    ],
    [
      'that names no guild says nothing',
      answerOf([entry], { guild_id: undefined }),
      { kind: 'malformed', path: 'guild_id' },
    ],
    ['without members says nothing', { guild_id: '10' }, { kind: 'malformed', path: 'members' }],
    [
      'whose members are no list says nothing',
      answerOf([], { members: { 0: entry } }),
      { kind: 'malformed', path: 'members' },
    ],
    ['that is null says nothing', null, { kind: 'malformed', path: '' }],
    ['that is a page says nothing', '<html>', { kind: 'malformed', path: '' }],
  ];
  for (const [sentence, answer, expected] of table) {
    test(sentence, () => assert.deepEqual(memberSearchFromPayload(answer, GUILD), expected));
  }
});

describe('a request', () => {
  test('names the members it is about', () => {
    const userIds = ['111' as UserId, '222' as UserId];
    assert.deepEqual(memberSearchBody(userIds), {
      limit: 10,
      and_query: { user_id: { or_query: ['111', '222'] } },
    });
  });

  test('for a page goes by the time of joining, first joins first', () => {
    assert.deepEqual(memberPageBody({ since: 5, until: 9, limit: 1000 }), {
      limit: 1000,
      sort: 2,
      and_query: { guild_joined_at: { range: { gte: 5, lte: 9 } } },
    });
  });
});
