import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openHouse } from './house.ts';

const TIMEOUT = { timeout: 60_000 };
const HUGE = 'x'.repeat(200_000);
const FOREIGN = '987654321098765432';
/** What ends every message of a zlib stream. */
const FLUSH = Buffer.of(0, 0, 0xff, 0xff);

const EVENTS = [
  'READY',
  'RESUMED',
  'GUILD_CREATE',
  'GUILD_UPDATE',
  'GUILD_DELETE',
  'GUILD_ROLE_CREATE',
  'GUILD_ROLE_UPDATE',
  'GUILD_ROLE_DELETE',
  'CHANNEL_CREATE',
  'CHANNEL_UPDATE',
  'CHANNEL_DELETE',
  'GUILD_MEMBER_ADD',
  'GUILD_MEMBER_REMOVE',
  'GUILD_MEMBER_UPDATE',
  'INVITE_CREATE',
  'INVITE_DELETE',
  'GUILD_AUDIT_LOG_ENTRY_CREATE',
  'NO_SUCH_EVENT',
];

/** Shapes that no event has. READY and RESUMED among them change no session that is alive. */
const SHAPES: readonly unknown[] = [
  null,
  0,
  'text',
  [],
  [null],
  {},
  { guild_id: null },
  { id: 12, guild_id: 12 },
  { id: HUGE, guild_id: HUGE, code: HUGE, user: { id: HUGE } },
  JSON.parse('{"__proto__": {"polluted": true}, "guild_id": {"__proto__": null}}'),
];

/** Half right: the guild is real, the rest is not. */
function halfRight(guildId: string): readonly unknown[] {
  const user = { id: '80351110224678912', username: HUGE, global_name: null };
  return [
    { guild_id: guildId },
    { guild_id: guildId, user: null, joined_at: 7, roles: 'none', flags: -1 },
    { guild_id: guildId, user: { id: '0' }, joined_at: 'yesterday', roles: [null, {}] },
    { guild_id: guildId, user, joined_at: '2026-13-45T99:00:00Z', flags: 2 ** 60 },
    { guild_id: guildId, code: {}, channel_id: [], inviter: 'me', uses: -1, max_uses: '1' },
    { guild_id: guildId, code: 'x', created_at: 'no', max_age: 1e300, target_type: 99 },
    { guild_id: guildId, action_type: 9_999, changes: [null, { key: 7 }], target_id: {}, id: '1' },
    { guild_id: guildId, action_type: 42, changes: [{ key: 'code', old_value: {} }], id: 'x' },
    { guild_id: guildId, role: { id: null, permissions: 'many' } },
    { guild_id: guildId, role: null, role_id: [] },
    { guild_id: guildId, id: '5', type: 99, name: 7, permission_overwrites: [null, { id: 1 }] },
  ];
}

describe('a gateway that sends nonsense', { concurrency: true }, () => {
  test('malformed events are named in the log; joins go on in every guild', TIMEOUT, async () => {
    await using house = await openHouse();
    const [one, other] = [house.town('one'), house.town('other')];
    await house.start();
    const { discord } = house;
    for (const event of EVENTS.filter((name) => name !== 'READY' && name !== 'RESUMED')) {
      for (const payload of [...SHAPES, ...halfRight(one.guildId)]) {
        discord.act({ kind: 'rawDispatch', event, payload, guildId: one.guildId });
      }
    }
    for (const town of [one, other]) await town.told(town.join());
    await house.logged(/event=GUILD_MEMBER_ADD path=\S+/);
    assert.doesNotMatch(house.log(), /ERROR/);
    assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
    assert.ok(house.log().length < 400_000, 'no huge text in the log');
    assert.equal(discord.gateway.identifies, 1);
  });

  test('a READY that cannot be read costs the connection, not the process', TIMEOUT, async () => {
    await using house = await openHouse();
    const town = house.town('one');
    await house.start();
    const { discord } = house;
    for (const payload of SHAPES) discord.act({ kind: 'rawDispatch', event: 'RESUMED', payload });
    await town.told(town.join());
    discord.act({ kind: 'rawDispatch', event: 'READY', payload: null });
    await house.logged(/WARN the gateway sent what cannot be read.*shardId=0/);
    // A resume replays it; a new session does not.
    await house.logged(/cause=session-lost/);
    await town.told(town.join());
    assert.doesNotMatch(house.log(), /ERROR/);
  });

  test('events of a guild that is not ours harm nobody', TIMEOUT, async () => {
    await using house = await openHouse();
    const town = house.town('one');
    const service = await house.start();
    const user = { id: '80351110224678912', username: 'stranger', discriminator: '0' };
    const joinedAt = new Date().toISOString().replace('Z', '000+00:00');
    const payloads = {
      GUILD_MEMBER_ADD: { guild_id: FOREIGN, user, joined_at: joinedAt, roles: [], flags: 0 },
      GUILD_MEMBER_REMOVE: { guild_id: FOREIGN, user },
      INVITE_CREATE: { guild_id: FOREIGN, code: 'zzz', channel_id: '1', created_at: joinedAt },
      INVITE_DELETE: { guild_id: FOREIGN, code: 'zzz', channel_id: '1' },
      GUILD_UPDATE: { id: FOREIGN, name: 'nowhere' },
      GUILD_DELETE: { id: FOREIGN },
    };
    for (const [event, payload] of Object.entries(payloads)) {
      house.discord.act({ kind: 'rawDispatch', event, payload });
    }
    await town.told(town.join());
    assert.equal(service.directory.size, 1);
    assert.doesNotMatch(house.log(), /ERROR/);
  });

  const frames: readonly (readonly [string, Uint8Array])[] = [
    ['a text frame that is no JSON', frame(0x81, Buffer.from('<html>502</html>'))],
    ['a text frame of JSON that is no message', frame(0x81, Buffer.from('[1, null, "x"]'))],
    ['a binary frame that is no zlib', frame(0x82, Buffer.alloc(100, 0xa5))],
    ['a binary frame that ends a message that never began', frame(0x82, FLUSH)],
    ['a frame with reserved bits', frame(0xf1, Buffer.from('x'))],
    ['bytes that are no frame', Buffer.alloc(500, 0xff)],
  ];
  for (const [sentence, bytes] of frames) {
    test(`${sentence} costs no join`, TIMEOUT, async () => {
      await using house = await openHouse();
      const town = house.town('one');
      await house.start();
      house.proxy.inject(bytes);
      const during = town.join();
      await town.told(during);
      await town.told(town.join());
      assert.doesNotMatch(house.log(), /unforeseen/);
    });
  }
});

function frame(first: number, payload: Uint8Array): Uint8Array {
  assert.ok(payload.length < 126);
  return Buffer.concat([Buffer.of(first, payload.length), payload]);
}
