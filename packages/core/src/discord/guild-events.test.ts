import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UserId } from '../engine/ids.ts';
import {
  channelFromPayload,
  guildDeleteFromPayload,
  guildFromPayload,
  guildUpdateFromPayload,
  readyFromPayload,
  roleEventFromPayload,
} from './guild-events.ts';

const ME = '1' as UserId;
const guild = {
  id: '10',
  name: 'Town',
  owner_id: '99',
  vanity_url_code: 'town',
  features: ['VANITY_URL', 'MEMBER_VERIFICATION_MANUAL_APPROVAL'],
  roles: [{ id: '10', permissions: '1024' }, null],
  member_count: 12,
  joined_at: '2026-11-22T13:00:00.000000+00:00',
  members: [null, { user: { id: '2' }, roles: ['8'] }, { user: { id: '1' }, roles: ['31'] }],
  channels: [
    {
      id: '40',
      name: 'join-logs',
      type: 0,
      permission_overwrites: [{ id: '10', type: 0, allow: '0', deny: '1024' }],
    },
    {
      id: '41',
      name: '___hidden___',
      type: 0,
      flags: 1 << 17,
      permission_overwrites: [{ id: '10', type: 0, allow: '8', deny: '0' }],
    },
    { name: 'no id', type: 0 },
  ],
};
const reading = {
  guildId: '10',
  name: 'Town',
  ownerId: '99',
  vanityCode: 'town',
  manualApproval: true,
  roles: [{ id: '10', permissions: 1024n }],
};

test('a guild is read, and a hidden channel keeps neither name nor overwrites', () => {
  assert.deepEqual(guildFromPayload(guild, ME), {
    kind: 'read',
    value: {
      ...reading,
      unavailable: false,
      memberCount: 12,
      myRoleIds: ['31'],
      addedAt: Date.UTC(2026, 10, 22, 13),
      channels: [
        {
          id: '40',
          name: 'join-logs',
          type: 0,
          obfuscated: false,
          overwrites: [{ id: '10', type: 'role', allow: 0n, deny: 1024n }],
        },
        { id: '41', name: '', type: 0, obfuscated: true, overwrites: [] },
      ],
    },
  });
});

test('a guild update is read, and plain features need no approval', () => {
  assert.deepEqual(guildUpdateFromPayload({ ...guild, features: [], vanity_url_code: null }), {
    kind: 'read',
    value: { ...reading, manualApproval: false, vanityCode: null },
  });
});

test('only an unavailable guild is an outage', () => {
  const removed = (payload: unknown) => {
    const answer = guildDeleteFromPayload(payload);
    return answer.kind === 'read' ? answer.value.removed : answer;
  };
  assert.equal(removed({ id: '10', unavailable: true }), false);
  assert.equal(removed({ id: '10' }), true);
  assert.deepEqual(removed({}), { kind: 'malformed', path: 'id' });
});

test('role and channel events are read', () => {
  assert.deepEqual(roleEventFromPayload({ guild_id: '10', role: { id: '31', permissions: '8' } }), {
    kind: 'read',
    value: { guildId: '10', roleId: '31', role: { id: '31', permissions: 8n } },
  });
  assert.deepEqual(roleEventFromPayload({ guild_id: '10', role_id: '31' }), {
    kind: 'read',
    value: { guildId: '10', roleId: '31', role: null },
  });
  assert.equal(roleEventFromPayload({ guild_id: '10' }).kind, 'malformed');
  assert.deepEqual(channelFromPayload({ guild_id: '10', id: '40', type: 0, name: 'x' }), {
    kind: 'read',
    value: {
      guildId: '10',
      channel: { id: '40', name: 'x', type: 0, overwrites: [], obfuscated: false },
    },
  });
});

test('ready names us, the guilds to come, and how the session is resumed', () => {
  const ready = {
    user: { id: '1' },
    guilds: [{ id: '10' }, null],
    session_id: 'abc',
    resume_gateway_url: 'wss://here',
    shard: [0, 2],
  };
  const value = { myId: '1', guildIds: ['10'] };
  assert.deepEqual(readyFromPayload(ready), {
    kind: 'read',
    value: { ...value, sessionId: 'abc', resumeUrl: 'wss://here', shardCount: 2 },
  });
  assert.deepEqual(readyFromPayload({ user: { id: '1' }, guilds: [{ id: '10' }], shard: 'x' }), {
    kind: 'read',
    value: { ...value, sessionId: null, resumeUrl: null, shardCount: 1 },
  });
});
