import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GuildId, RoleId, UserId } from '../engine/ids.ts';
import {
  accessOf,
  channelPermissions,
  guildPermissions,
  type MemberStanding,
  type Overwrite,
  overwriteFromPayload,
  PERMISSION as P,
  roleFromPayload,
} from './permissions.ts';

const guildId = '10' as GuildId;
const me: MemberStanding = {
  guildId,
  userId: '20' as UserId,
  roleIds: ['31', '32'] as RoleId[],
  ownerId: '99' as UserId,
};
const roles = (permissions: Record<string, bigint>) => (id: RoleId) => permissions[id];

const guildTable: readonly (readonly [string, Record<string, bigint>, MemberStanding, bigint])[] = [
  [
    '@everyone and the own roles add up',
    { 10: P.viewChannel, 31: P.manageGuild },
    me,
    P.viewChannel | P.manageGuild,
  ],
  ['the roles of others do not count', { 10: 0n, 33: P.manageGuild }, me, 0n],
  ['unknown roles allow nothing', {}, me, 0n],
];
for (const [sentence, permissions, member, expected] of guildTable) {
  test(sentence, () => assert.equal(guildPermissions(member, roles(permissions)), expected));
}

test('an administrator and the owner may do everything', () => {
  const administrator = guildPermissions(me, roles({ 31: P.administrator }));
  const owner = guildPermissions({ ...me, ownerId: me.userId }, roles({}));
  assert.deepEqual(accessOf(administrator), { counts: true, auditLog: true });
  assert.deepEqual(accessOf(owner), { counts: true, auditLog: true });
});

test('access is Manage Server and View Audit Log', () => {
  assert.deepEqual(accessOf(P.manageGuild), { counts: true, auditLog: false });
  assert.deepEqual(accessOf(P.viewAuditLog), { counts: false, auditLog: true });
});

const over = (id: string, type: 'role' | 'member', allow: bigint, deny: bigint): Overwrite => ({
  id: id as RoleId,
  type,
  allow,
  deny,
});
const base = P.viewChannel | P.sendMessages;
const channelTable: readonly (readonly [string, readonly Overwrite[], bigint])[] = [
  ['without exceptions the guild decides', [], base],
  ['@everyone may be shut out', [over('10', 'role', 0n, P.viewChannel)], 0n],
  [
    'an own role lets the bot back in',
    [over('31', 'role', P.viewChannel, 0n), over('10', 'role', 0n, P.viewChannel)],
    base,
  ],
  [
    'among own roles allow beats deny',
    [over('31', 'role', P.sendMessages, 0n), over('32', 'role', 0n, P.sendMessages)],
    base,
  ],
  [
    'the bot itself comes last',
    [over('31', 'role', P.sendMessages, 0n), over('20', 'member', 0n, P.sendMessages)],
    P.viewChannel,
  ],
  [
    'other roles and members do not matter',
    [over('33', 'role', 0n, base), over('21', 'member', 0n, base)],
    base,
  ],
];
for (const [sentence, overwrites, expected] of channelTable) {
  test(sentence, () => assert.equal(channelPermissions(base, me, overwrites), expected));
}

test('no channel shuts out an administrator', () => {
  const all = channelPermissions(P.administrator, me, [over('10', 'role', 0n, P.viewChannel)]);
  assert.equal(all, P.administrator);
});

test('unreadable permissions allow nothing', () => {
  assert.deepEqual(roleFromPayload({ id: '31', permissions: 'many' }), {
    id: '31',
    permissions: 0n,
  });
  assert.equal(roleFromPayload({ permissions: '8' }), null);
  assert.equal(overwriteFromPayload({ id: '31', type: 7, allow: '8' }), null);
});
