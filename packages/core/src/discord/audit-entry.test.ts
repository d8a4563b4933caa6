import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditEntryFromPayload } from './audit-entry.ts';

const ID = '175928847299117063';
const MADE = 1_462_015_105_796;
const entry = (fields: object) => ({ guild_id: '10', id: ID, user_id: '50', ...fields });
const old = (changes: object) =>
  Object.entries(changes).map(([key, value]) => ({ key, old_value: value }));
const made = (changes: object) =>
  Object.entries(changes).map(([key, value]) => ({ key, new_value: value }));
const observed = (observation: object) => ({ kind: 'observation', observation });

const invite = {
  code: 'abc',
  inviterId: '50',
  channelId: '40',
  uses: null,
  maxUses: 5,
  createdAt: MADE,
  expiresAt: MADE + 60_000,
  roleIds: [],
  targeted: false,
  bypass: false,
};

const table: readonly (readonly [string, object, object])[] = [
  [
    'a deleted invite brings its final count',
    { action_type: 42, changes: old({ code: 'abc', uses: 9 }) },
    observed({ kind: 'invite-revoked', at: 5, code: 'abc', revokedAt: MADE, uses: 9 }),
  ],
  [
    'a deleted invite without a count has none',
    { action_type: 42, changes: old({ code: 'abc' }) },
    observed({ kind: 'invite-revoked', at: 5, code: 'abc', revokedAt: MADE, uses: null }),
  ],
  [
    'a made invite is known by the id of its entry',
    {
      action_type: 40,
      changes: made({
        code: 'abc',
        channel_id: '40',
        inviter_id: '50',
        max_uses: 5,
        max_age: 60,
        uses: 0,
      }),
    },
    observed({ kind: 'invite-created', at: 5, invite }),
  ],
  [
    'an added bot has an adder',
    { action_type: 28, target_id: '70' },
    observed({ kind: 'bot-added', at: 5, botId: '70', adderId: '50' }),
  ],
  [
    'a kick is a reason to leave',
    { action_type: 20, target_id: '20' },
    {
      kind: 'leave-reason',
      leave: { kind: 'removed', userId: '20', reason: 'kicked', by: '50', at: MADE },
    },
  ],
  [
    'a ban is a reason to leave',
    { action_type: 22, target_id: '20', user_id: null },
    {
      kind: 'leave-reason',
      leave: { kind: 'removed', userId: '20', reason: 'banned', by: null, at: MADE },
    },
  ],
  [
    'a prune counts its members',
    {
      action_type: 21,
      target_id: null,
      options: { members_removed: '12', delete_member_days: '7' },
    },
    { kind: 'leave-reason', leave: { kind: 'pruned', members: 12, by: '50', at: MADE } },
  ],
  ['the end of a ban is nobody leaving', { action_type: 23, target_id: '20' }, { kind: 'ignored' }],
  ['a deleted channel has an event of its own', { action_type: 12 }, { kind: 'ignored' }],
  ['an unknown action is ignored', { action_type: 'x' }, { kind: 'ignored' }],
];
for (const [sentence, fields, meaning] of table) {
  test(sentence, () => {
    assert.deepEqual(auditEntryFromPayload(entry(fields), 5), {
      kind: 'read',
      value: { guildId: '10', meaning },
    });
  });
}

const broken: readonly (readonly [object, string])[] = [
  [{ guild_id: 10 }, 'guild_id'],
  [{ id: 'x' }, 'id'],
  [{ action_type: 42 }, 'changes.code'],
  [{ action_type: 42, changes: [null, 3, { key: 4 }] }, 'changes.code'],
  [{ action_type: 40, changes: old({ code: 'abc' }) }, 'changes.code'],
  [{ action_type: 28, target_id: null }, 'target_id'],
  [{ action_type: 20 }, 'target_id'],
];
for (const [fields, path] of broken) {
  test(`an entry with ${JSON.stringify(fields)} is malformed at ${path}`, () => {
    assert.deepEqual(auditEntryFromPayload(entry(fields), 5), { kind: 'malformed', path });
  });
}
