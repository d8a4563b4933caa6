import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ChannelId,
  type ChannelReading,
  type GuildArrival,
  type GuildId,
  type Overwrite,
  PERMISSION as P,
  type RoleId,
  type UserId,
} from 'wherefrom';
import { GuildDirectory } from './guild-directory.ts';

const GUILD = '10' as GuildId;
const role = (id: string, ...permissions: bigint[]) => ({
  id: id as RoleId,
  permissions: permissions.reduce((all, one) => all | one, 0n),
});
const channel = (
  id: string,
  overwrites: readonly Overwrite[] = [],
  name = 'join-logs',
  type = 0,
): ChannelReading => ({
  id: id as ChannelId,
  name,
  type,
  overwrites,
  obfuscated: false,
});
const hidden: Overwrite = { id: '10' as RoleId, type: 'role', allow: 0n, deny: P.viewChannel };
const guild: GuildArrival = {
  guildId: GUILD,
  name: 'Town',
  ownerId: '99' as UserId,
  vanityCode: null,
  manualApproval: false,
  roles: [
    role('10', P.viewChannel),
    role('31', P.manageGuild, P.viewAuditLog, P.sendMessages),
    role('32', P.administrator),
  ],
  unavailable: false,
  memberCount: 3,
  channels: [channel('41')],
  myRoleIds: ['31' as RoleId],
  addedAt: null,
};

function directoryOf(change: Partial<GuildArrival> = {}): GuildDirectory {
  const directory = new GuildDirectory();
  directory.become('1' as UserId);
  directory.arrive({ ...guild, ...change }, 0);
  return directory;
}

test('access follows from our roles, and from what becomes of them', () => {
  const directory = directoryOf();
  assert.deepEqual(directory.accessTo(GUILD), { counts: true, auditLog: true, search: 'off' });
  directory.roleChanged({
    guildId: GUILD,
    roleId: '31' as RoleId,
    role: role('31', P.viewAuditLog),
  });
  assert.deepEqual(directory.accessTo(GUILD), { counts: false, auditLog: true, search: 'off' });
  directory.roleChanged({ guildId: GUILD, roleId: '31' as RoleId, role: null });
  assert.deepEqual(directory.accessTo(GUILD), { counts: false, auditLog: false, search: 'off' });
  directory.myRolesChanged(GUILD, ['32' as RoleId]);
  assert.deepEqual(directory.accessTo(GUILD), { counts: true, auditLog: true, search: 'off' });
  directory.remove(GUILD);
  assert.equal(directory.accessTo(GUILD), null);
});

const choices: readonly (readonly [string, readonly ChannelReading[], unknown])[] = [
  ['the channel named join-logs is the log', [channel('41')], { id: '41', everyoneReads: true }],
  ['the oldest of several is', [channel('100'), channel('41')], { id: '41', everyoneReads: true }],
  ['a voice channel of that name is none', [channel('41', [], 'join-logs', 2)], null],
  ['another name is none', [channel('41', [], 'general')], null],
  ['an obfuscated one is none', [{ ...channel('41'), obfuscated: true }], null],
  [
    'one that the bot cannot see is passed over',
    [channel('41', [hidden]), channel('42')],
    { id: '42', everyoneReads: true },
  ],
  [
    'one that only the bot sees is the log, and not everyone reads it',
    [
      channel('41', [
        hidden,
        { id: '1' as UserId, type: 'member', allow: P.viewChannel, deny: 0n },
      ]),
    ],
    { id: '41', everyoneReads: false },
  ],
];
for (const [sentence, channels, expected] of choices) {
  test(sentence, () => assert.deepEqual(directoryOf({ channels }).channelFor(GUILD), expected));
}

test('the log follows channels that are made, renamed and deleted', () => {
  const directory = directoryOf({ channels: [] });
  const id = () => directory.channelFor(GUILD)?.id ?? null;
  assert.equal(id(), null);
  directory.channelChanged({ guildId: GUILD, channel: channel('50') });
  assert.equal(id(), '50');
  directory.channelChanged({ guildId: GUILD, channel: channel('50', [], 'welcome') });
  assert.equal(id(), null);
  directory.channelChanged({ guildId: GUILD, channel: channel('50') });
  directory.channelDeleted(GUILD, '50' as ChannelId);
  assert.equal(id(), null);
});

test('a guild that arrives again without our member keeps the roles known before', () => {
  const directory = directoryOf();
  directory.arrive({ ...guild, myRoleIds: null }, 0);
  assert.deepEqual(directory.accessTo(GUILD), { counts: true, auditLog: true, search: 'off' });
});

test('the history of the log is readable only with the permission', () => {
  const directory = new GuildDirectory();
  directory.become('1' as UserId);
  const log = channel('50');
  directory.arrive({ ...guild, channels: [log], myRoleIds: ['31' as RoleId] }, 0);
  assert.equal(directory.mayReadHistory(log.id), false);
  const allowed: Overwrite = {
    id: '31' as RoleId,
    type: 'role',
    allow: P.readMessageHistory,
    deny: 0n,
  };
  directory.channelChanged({ guildId: GUILD, channel: channel('50', [allowed]) });
  assert.equal(directory.mayReadHistory(log.id), true);
  assert.equal(directory.mayReadHistory('51' as ChannelId), false);
});
