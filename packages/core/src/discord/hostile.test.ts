import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { GuildId, UserId } from '../engine/ids.ts';
import { applicationFromPayload } from './application.ts';
import { auditEntryFromPayload } from './audit-entry.ts';
import {
  channelFromPayload,
  guildDeleteFromPayload,
  guildFromPayload,
  guildUpdateFromPayload,
  readyFromPayload,
  roleEventFromPayload,
} from './guild-events.ts';
import {
  inviteCreatedFromPayload,
  inviteDeletedFromPayload,
  inviteReadingsFromPayload,
  invitersFromPayload,
  vanityFromPayload,
} from './invites.ts';
import { joinFromPayload, leaveFromPayload, memberUpdateFromPayload } from './member-events.ts';
import { memberSearchFromPayload } from './member-search.ts';
import { messageFromPayload } from './message.ts';
import { isTargetsJobCompleted, targetsFromCsv } from './targets.ts';

const arrival = { at: 0, replayed: false };
const readers: Record<string, (payload: unknown) => unknown> = {
  join: (payload) => joinFromPayload(payload, arrival),
  leave: (payload) => leaveFromPayload(payload, arrival),
  memberUpdate: memberUpdateFromPayload,
  invites: (payload) => inviteReadingsFromPayload(payload, '10' as GuildId),
  inviters: invitersFromPayload,
  application: applicationFromPayload,
  inviteCreated: (payload) => inviteCreatedFromPayload(payload, 0),
  inviteDeleted: (payload) => inviteDeletedFromPayload(payload, 0),
  vanity: vanityFromPayload,
  targets: targetsFromCsv,
  job: isTargetsJobCompleted,
  audit: (payload) => auditEntryFromPayload(payload, 0),
  guild: (payload) => guildFromPayload(payload, '1' as UserId),
  guildUpdate: guildUpdateFromPayload,
  guildDelete: guildDeleteFromPayload,
  channel: channelFromPayload,
  role: roleEventFromPayload,
  ready: readyFromPayload,
  message: messageFromPayload,
  memberSearch: (payload) => memberSearchFromPayload(payload, '10' as GuildId),
  searchedMember: (member) =>
    memberSearchFromPayload({ guild_id: '10', members: [member] }, '10' as GuildId),
};

// Payloads that look right enough to get past the first checks.
const scalar = fc.oneof(
  fc.constantFrom(
    '10',
    '175928847299117063',
    'abc',
    '2026-11-22T13:39:20+00:00',
    '',
    'x'.repeat(200),
  ),
  fc.constantFrom(null, true, 0, -1, 1.5, 42, 40, 28, 20, 21, 22, 2 ** 60),
  fc.jsonValue({ maxDepth: 2 }),
);
const keys = fc.constantFrom(
  ...[
    'id',
    'guild_id',
    'user',
    'code',
    'joined_at',
    'roles',
    'flags',
    'channel',
    'inviter',
    'uses',
  ],
  ...['max_age', 'created_at', 'expires_at', 'changes', 'key', 'old_value', 'new_value', 'options'],
  ...['action_type', 'target_id', 'members', 'channels', 'permission_overwrites', 'type', 'guilds'],
  ...['permissions', 'role', 'role_id', 'features', '__proto__', 'length', 'nonce', 'author'],
  ...['member', 'source_invite_code', 'join_source_type', 'inviter_id', 'retry_after'],
);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(keys, tie('tree'), { maxKeys: 8 }),
  ),
}));

for (const [name, reader] of Object.entries(readers)) {
  test(`no JSON makes the reader of ${name} throw`, () => {
    fc.assert(
      fc.property(fc.oneof(tree, fc.jsonValue(), fc.anything()), (payload) => {
        assert.doesNotThrow(() => reader(payload));
      }),
      { numRuns: 500 },
    );
  });
}
