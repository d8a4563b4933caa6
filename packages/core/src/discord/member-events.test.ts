import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinFromPayload, leaveFromPayload, memberUpdateFromPayload } from './member-events.ts';
import { profileFromPayload } from './profile.ts';

const JOINED = '2026-11-22T13:39:20.123456+00:00';
const JOINED_MS = Date.UTC(2026, 10, 22, 13, 39, 20, 123);
const arrival = { at: 5, replayed: false };
const member = {
  guild_id: '10',
  user: { id: '20', username: 'ada', global_name: 'Ada', discriminator: '0', avatar: 'abc' },
  roles: ['30', null, 'x'],
  joined_at: JOINED,
  flags: 0,
  pending: true,
};

test('an add event becomes a join', () => {
  assert.deepEqual(joinFromPayload(member, { at: 5, replayed: true }), {
    kind: 'read',
    value: {
      guildId: '10',
      profile: {
        userId: '20',
        username: 'ada',
        displayName: 'Ada',
        bot: false,
        createdAt: 1_420_070_400_000,
        hasAvatar: true,
      },
      facts: { pending: true, quarantinedName: false },
      observation: {
        kind: 'join',
        at: 5,
        userId: '20',
        joinedAt: JOINED_MS,
        bot: false,
        guest: false,
        roleIds: ['30'],
        replayed: true,
        member: null,
      },
    },
  });
});

test('a null joined_at and the guest flag both make a guest', () => {
  for (const payload of [
    { ...member, joined_at: null },
    { ...member, flags: 16 },
  ]) {
    const join = joinFromPayload(payload, arrival);
    assert.equal(join.kind === 'read' && join.value.observation.guest, true);
  }
});

const broken: readonly (readonly [string, unknown, string])[] = [
  ['no object', null, 'guild_id'],
  ['no guild', { ...member, guild_id: undefined }, 'guild_id'],
  ['no user', { ...member, user: undefined }, 'user.id'],
  ['a number as id', { ...member, user: { id: 20 } }, 'user.id'],
  ['no joined_at', { ...member, joined_at: undefined }, 'joined_at'],
  ['a strange joined_at', { ...member, joined_at: 'soon' }, 'joined_at'],
];
for (const [what, payload, path] of broken) {
  test(`a join with ${what} is malformed at ${path}`, () => {
    assert.deepEqual(joinFromPayload(payload, arrival), { kind: 'malformed', path });
  });
}

test('a bot keeps its four digits, a person without display name the username', () => {
  const bot = profileFromPayload({ id: '1', username: 'robo', discriminator: '0007', bot: true });
  assert.deepEqual([bot?.username, bot?.displayName, bot?.bot], ['robo#0007', 'robo', true]);
});

test('a remove event becomes a leave', () => {
  const leave = leaveFromPayload({ guild_id: '10', user: { id: '20' } }, arrival);
  assert.deepEqual(leave.kind === 'read' && leave.value.observation, {
    kind: 'leave',
    at: 5,
    userId: '20',
  });
});

test('a member update tells the roles and when the member joined', () => {
  const update = memberUpdateFromPayload(member);
  assert.ok(update.kind === 'read');
  const { guildId, profile, roleIds, joinedAt } = update.value;
  assert.deepEqual([guildId, profile.userId, roleIds, joinedAt], ['10', '20', ['30'], JOINED_MS]);
});
