import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startEmulator } from '../emulator.ts';
import { RawClient, TRACKER_INTENTS } from '../testing.ts';
import { shardOf } from '../world/snowflake.ts';

const start = (options = {}) => startEmulator({ deterministic: true, ...options });
const BY_A = { kind: 'invite', code: 'A' } as const;
const INVITES = [{ code: 'A' }] as const;

function listOf(value: unknown): unknown[] {
  assert.ok(Array.isArray(value));
  return value;
}

describe('identify', () => {
  test('READY lists stubs, GUILD_CREATE follows for each', async () => {
    await using emulator = await start();
    const { guildId, channelIds } = emulator.act({
      kind: 'createGuild',
      fillers: 300,
      vanity: { code: 'v' },
    });
    const other = emulator.act({ kind: 'createGuild', unavailable: true });
    using client = await RawClient.identify(emulator);
    await emulator.settled();
    const [ready] = client.payloads('READY');
    assert.deepEqual(
      ready?.guilds,
      [guildId, other.guildId].map((id) => ({ id, unavailable: true })),
    );
    assert.equal(ready?.resume_gateway_url, emulator.gatewayUrl);
    const [guild] = client.payloads('GUILD_CREATE');
    assert.deepEqual(
      [guild?.id, guild?.member_count, guild?.large, guild?.vanity_url_code, guild?.unavailable],
      [guildId, 302, true, 'v', false],
    );
    assert.equal(listOf(guild?.members).length, 1);
    assert.deepEqual(
      listOf(guild?.channels).map((channel) => (channel as { id: string }).id),
      Object.values(channelIds),
    );
    assert.deepEqual(client.payloads('GUILD_DELETE'), [{ id: other.guildId, unavailable: true }]);
  });

  const refusals: readonly (readonly [string, object, number])[] = [
    ['a wrong token', { token: 'wrong' }, 4004],
    ['an impossible shard', { shard: [2, 2] }, 4010],
    ['an unknown intent', { intents: 1 << 30 }, 4013],
    ['a privileged intent that is off', { intents: 1 << 8 }, 4014],
    ['no token at all', { token: undefined }, 4002],
  ];
  for (const [what, change, code] of refusals) {
    test(`${what} closes with ${code}`, async () => {
      await using emulator = await start();
      using client = new RawClient(emulator);
      await client.identify({
        token: emulator.token,
        intents: TRACKER_INTENTS,
        shard: [0, 1],
        ...change,
      });
      assert.equal(await client.closed(), code);
    });
  }

  test('GUILD_MEMBERS closes with 4014 once the application loses it', async () => {
    await using emulator = await start();
    emulator.act({ kind: 'setApplicationFlags', flags: 0 });
    using client = new RawClient(emulator);
    await client.identify({ token: emulator.token, intents: TRACKER_INTENTS });
    assert.equal(await client.closed(), 4014);
  });

  test('too soon after another one gets op 9, if that limit is on', async () => {
    await using emulator = await start({
      maxConcurrency: 1,
      limits: { identifyIntervalMs: 60_000 },
    });
    using _first = await RawClient.identify(emulator, 1, [0, 2]);
    using second = new RawClient(emulator);
    await second.identify({ token: emulator.token, intents: 1, shard: [1, 2] });
    await second.until(() =>
      second.messages.some((message) => message.op === 9 && message.d === false),
    );
  });

  test('an unknown operation closes with 4001, and too many with 4008', async () => {
    await using emulator = await start();
    using odd = new RawClient(emulator);
    await odd.until(() => odd.messages.length > 0);
    odd.send(99, null);
    assert.equal(await odd.closed(), 4001);
    using eager = new RawClient(emulator);
    await eager.until(() => eager.messages.length > 0);
    for (let sent = 0; sent <= 120; sent += 1) eager.send(1, null);
    assert.equal(await eager.closed(), 4008);
    assert.equal(emulator.gateway.heartbeats, 120);
  });
});

describe('who hears what', () => {
  test('only the intents that a session asked for', async () => {
    await using emulator = await start();
    const { guildId } = emulator.act({ kind: 'createGuild', invites: INVITES });
    using guilds = await RawClient.identify(emulator, 1);
    using members = await RawClient.identify(emulator, 2);
    using moderation = await RawClient.identify(emulator, 4);
    using invites = await RawClient.identify(emulator, 64);
    emulator.act({ kind: 'createInvite', guildId });
    emulator.act({ kind: 'join', guildId, via: BY_A });
    emulator.act({ kind: 'pauseInvites', guildId, paused: true });
    // The bot hears of itself whatever it asked for.
    emulator.act({ kind: 'setBotPermissions', guildId, permissions: [] });
    const done = (client: RawClient) =>
      client.until(() => client.events().at(-1) === 'GUILD_MEMBER_UPDATE');
    await Promise.all([guilds, members, moderation, invites].map(done));
    const heard = (client: RawClient) => client.events().slice(1, -1);
    assert.deepEqual(heard(guilds), ['GUILD_CREATE', 'GUILD_UPDATE', 'GUILD_ROLE_UPDATE']);
    assert.deepEqual(heard(members), ['GUILD_MEMBER_ADD']);
    assert.deepEqual(heard(moderation), ['GUILD_AUDIT_LOG_ENTRY_CREATE']);
    assert.deepEqual(heard(invites), ['INVITE_CREATE']);
  });

  test('a shard hears of its own guilds', async () => {
    await using emulator = await start();
    const guilds = Array.from({ length: 20 }, () => emulator.act({ kind: 'createGuild' }).guildId);
    using zero = await RawClient.identify(emulator, TRACKER_INTENTS, [0, 2]);
    using one = await RawClient.identify(emulator, TRACKER_INTENTS, [1, 2]);
    for (const guildId of guilds) emulator.act({ kind: 'join', guildId, via: { kind: 'none' } });
    await emulator.settled();
    for (const [shard, client] of [zero, one].entries()) {
      const own = guilds.filter((id) => shardOf(id, 2) === shard);
      assert.ok(own.length > 0 && own.length < guilds.length);
      await client.until(() => client.payloads('GUILD_MEMBER_ADD').length >= own.length);
      assert.deepEqual(
        client.payloads('GUILD_CREATE').map(({ id }) => id),
        own,
      );
      assert.deepEqual(
        client.payloads('GUILD_MEMBER_ADD').map(({ guild_id }) => guild_id),
        own,
      );
    }
  });

  test('a session does not hear what was on its way before it began', async () => {
    await using emulator = await start();
    const { guildId } = emulator.act({ kind: 'createGuild', invites: INVITES });
    emulator.faults.set({ kind: 'delayEvents', delayMs: [200, 200], times: 1 });
    emulator.act({ kind: 'join', guildId, via: BY_A });
    using client = await RawClient.identify(emulator);
    await emulator.settled();
    emulator.act({ kind: 'rawDispatch', event: 'LAST', payload: null });
    await client.until(() => client.events().includes('LAST'));
    assert.deepEqual(client.events(), ['READY', 'GUILD_CREATE', 'LAST']);
    assert.equal(emulator.situations().surplus, 1);
  });

  test('a withheld guild comes when the fault is cleared', async () => {
    await using emulator = await start();
    const { guildId } = emulator.act({ kind: 'createGuild' });
    const fault = emulator.faults.set({ kind: 'withholdGuild', guildId });
    using client = await RawClient.identify(emulator);
    await emulator.settled();
    assert.deepEqual(client.events(), ['READY']);
    fault.clear();
    await client.until(() => client.events().includes('GUILD_CREATE'));
  });
});

describe('member chunks', () => {
  test('name the missing, carry the nonce, and come in thousands', async () => {
    await using emulator = await start();
    const { guildId, ownerId } = emulator.act({ kind: 'createGuild', fillers: 1500 });
    using client = await RawClient.identify(emulator);
    client.send(8, { guild_id: guildId, user_ids: [ownerId, '42', 'ann'], nonce: 'some' });
    await client.until(() => client.payloads('GUILD_MEMBERS_CHUNK').length === 1);
    const [some] = client.payloads('GUILD_MEMBERS_CHUNK');
    assert.deepEqual(
      [listOf(some?.members).length, some?.not_found, some?.nonce],
      [1, ['42', 'ann'], 'some'],
    );
    client.send(8, { guild_id: guildId, query: '', limit: 0 });
    await client.until(() => client.payloads('GUILD_MEMBERS_CHUNK').length === 3);
    const sizes = client
      .payloads('GUILD_MEMBERS_CHUNK')
      .map(({ members }) => listOf(members).length);
    assert.deepEqual(sizes, [1, 1000, 502]);
    client.send(8, { guild_id: guildId, query: '', limit: 0 });
    await client.until(() => client.events().includes('RATE_LIMITED'));
  });
});
