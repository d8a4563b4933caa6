import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GuildId } from '../engine/ids.ts';
import {
  inviteCreatedFromPayload,
  inviteDeletedFromPayload,
  inviteReadingsFromPayload,
  invitersFromPayload,
  vanityFromPayload,
} from './invites.ts';
import { profileFromPayload } from './profile.ts';

const GUILD = '10' as GuildId;
const CREATED = '2026-11-22T13:00:00.000000+00:00';
const CREATED_MS = Date.UTC(2026, 10, 22, 13);
const entry = {
  type: 0,
  code: 'abc-1',
  guild_id: '10',
  guild: { id: '10' },
  channel: { id: '40', name: 'general', type: 0 },
  inviter: { id: '50' },
  uses: 7,
  max_uses: 10,
  max_age: 3600,
  created_at: CREATED,
  expires_at: '2026-11-22T14:00:00+00:00',
};
const reading = {
  code: 'abc-1',
  inviterId: '50',
  channelId: '40',
  uses: 7,
  maxUses: 10,
  createdAt: CREATED_MS,
  expiresAt: CREATED_MS + 3_600_000,
  roleIds: [],
  targeted: false,
  bypass: false,
};

test('an entry of the list is read', () => {
  assert.deepEqual(inviteReadingsFromPayload([entry], GUILD), {
    invites: [reading],
    complete: true,
  });
});

const variants: readonly (readonly [string, object, object])[] = [
  ['a missing count is null, not 0', { uses: undefined }, { uses: null }],
  ['a count that is no number is null', { uses: '7' }, { uses: null }],
  ['a negative count is null', { uses: -1 }, { uses: null }],
  ['no limit is 0', { max_uses: undefined }, { maxUses: 0 }],
  ['a widget invite has no inviter', { inviter: undefined }, { inviterId: null }],
  ['a null expiry and no age is never', { expires_at: null, max_age: 0 }, { expiresAt: null }],
  [
    'without expires_at the age counts',
    { expires_at: undefined, max_age: 60 },
    { expiresAt: CREATED_MS + 60_000 },
  ],
  ['roles are read', { roles: [{ id: '60' }, null] }, { roleIds: ['60'] }],
  ['role ids are read', { role_ids: ['60'] }, { roleIds: ['60'] }],
  [
    'a targeted invite is recognised',
    { target_users_job_status: { status: 2 } },
    { targeted: true },
  ],
  ['a bypass invite is recognised', { flags: 8 }, { bypass: true }],
  ['a null channel is null', { channel: null }, { channelId: null }],
];
for (const [sentence, change, expected] of variants) {
  test(sentence, () => {
    const list = inviteReadingsFromPayload([{ ...entry, ...change }], GUILD);
    assert.deepEqual(list.invites, [{ ...reading, ...expected }]);
  });
}

const holes: readonly (readonly [string, unknown, number])[] = [
  ['a null list', null, 0],
  ['an object instead of a list', { message: 'hello' }, 0],
  ['a null entry', [entry, null], 1],
  ['an entry without a code', [entry, { ...entry, code: undefined }], 1],
  ['a code with a space', [{ ...entry, code: 'a b' }], 0],
  ['an entry of another guild', [entry, { ...entry, code: 'x', guild_id: '11' }], 1],
  ['a doubled code', [entry, { ...entry, uses: 9 }], 1],
];
for (const [what, list, count] of holes) {
  test(`${what} proves no absence`, () => {
    const answer = inviteReadingsFromPayload(list, GUILD);
    assert.deepEqual([answer.invites.length, answer.complete], [count, false]);
  });
}

test('a list of 1000 invites and an empty one are complete', () => {
  const many = Array.from({ length: 1000 }, (_, index) => ({ ...entry, code: `c${index}` }));
  assert.equal(inviteReadingsFromPayload(many, GUILD).invites.length, 1000);
  assert.equal(inviteReadingsFromPayload(many, GUILD).complete, true);
  assert.deepEqual(inviteReadingsFromPayload([], GUILD), { invites: [], complete: true });
});

test('a create event gives the invite without a count', () => {
  const created = inviteCreatedFromPayload(
    { ...entry, channel: undefined, channel_id: '40', uses: 0 },
    5,
  );
  assert.deepEqual(created, {
    kind: 'read',
    value: {
      guildId: '10',
      inviter: profileFromPayload({ id: '50' }),
      observation: { kind: 'invite-created', at: 5, invite: { ...reading, uses: null } },
    },
  });
});

test('a delete event names code and channel', () => {
  const payload = { guild_id: '10', code: 'abc', channel_id: '40' };
  assert.deepEqual(inviteDeletedFromPayload(payload, 5), {
    kind: 'read',
    value: {
      guildId: '10',
      observation: { kind: 'invite-deleted', at: 5, code: 'abc', channelId: '40' },
    },
  });
  assert.equal(inviteDeletedFromPayload({ guild_id: '10' }, 5).kind, 'malformed');
});

const vanities: readonly (readonly [unknown, unknown])[] = [
  [
    { code: 'town', uses: 3 },
    { kind: 'read', value: { code: 'town', uses: 3 } },
  ],
  [{ code: 'town' }, { kind: 'read', value: { code: 'town', uses: null } }],
  [
    { code: null, uses: 0 },
    { kind: 'read', value: { code: null, uses: null } },
  ],
  [{ code: 4 }, { kind: 'malformed', path: 'code' }],
  ['<html>', { kind: 'malformed', path: '' }],
];
for (const [answer, expected] of vanities) {
  test(`the vanity answer ${JSON.stringify(answer)} is read`, () => {
    assert.deepEqual(vanityFromPayload(answer), expected);
  });
}

test('the inviters of a list are named once', () => {
  const list = [entry, { ...entry, code: 'x' }, null, { inviter: null }, { inviter: { id: '51' } }];
  assert.deepEqual(
    invitersFromPayload(list).map(({ userId }) => userId),
    ['50', '51'],
  );
  assert.deepEqual(invitersFromPayload({ message: 'no' }), []);
});
