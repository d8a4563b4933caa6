import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Emulator, startEmulator } from '../emulator.ts';
import type { EmulatorOptions } from '../options.ts';
import { RawClient } from '../testing.ts';

const BY_A = { kind: 'invite', code: 'A' } as const;

/** An emulator, a guild, and a client that has seen both. */
async function scene(options: EmulatorOptions = {}) {
  const emulator = await startEmulator({ deterministic: true, ...options });
  const { guildId } = emulator.act({ kind: 'createGuild', invites: [{ code: 'A' }] });
  const client = await RawClient.identify(emulator);
  await client.until(() => client.events().includes('GUILD_CREATE'));
  const join = (): string => emulator.act({ kind: 'join', guildId, via: BY_A }).userId;
  const { sessionId, lastSequence: sequence } = client;
  const resume = (changed: { readonly sessionId?: unknown; readonly sequence?: number } = {}) =>
    RawClient.resume(emulator, { sessionId, sequence, ...changed });
  const cut = async (): Promise<void> => {
    client[Symbol.dispose]();
    await client.closed();
    await emulator.waitFor(() => emulator.connections.length === 0);
  };
  const dispose = async (): Promise<void> => {
    client[Symbol.dispose]();
    await emulator.close();
  };
  return { emulator, guildId, client, sequence, join, resume, cut, [Symbol.asyncDispose]: dispose };
}

/** What a client was told last: the replay is over, or there is none. */
async function verdict(client: RawClient): Promise<string> {
  const isInvalid = (): boolean => client.messages.some(({ op }) => op === 9);
  await client.until(() => isInvalid() || client.events().includes('RESUMED'));
  return isInvalid() ? `op 9 ${client.messages.find(({ op }) => op === 9)?.d}` : 'resumed';
}

const joinersOf = (client: RawClient): string[] =>
  client.payloads('GUILD_MEMBER_ADD').map(({ user }) => (user as { id: string }).id);

describe('a replay', () => {
  test('brings what was missed, in order, and then says so', async () => {
    await using it = await scene();
    it.emulator.disconnect();
    assert.equal(await it.client.closed(), 4000);
    const users = [it.join(), it.join(), it.join()];
    using again = await it.resume();
    assert.equal(await verdict(again), 'resumed');
    const add = 'GUILD_MEMBER_ADD';
    assert.deepEqual(again.events(), [add, add, add, 'RESUMED']);
    assert.deepEqual(
      again.messages.slice(1).map(({ s }) => s),
      [1, 2, 3, 4].map((step) => it.sequence + step),
    );
    assert.deepEqual(joinersOf(again), users);
    assert.equal(it.emulator.situations().gap, 0);
    assert.equal(it.emulator.situations().surplus, 0);
  });

  test('begins where the client says, however much it had been sent already', async () => {
    await using it = await scene();
    const users = [it.join(), it.join(), it.join()];
    await it.client.until(() => joinersOf(it.client).length === 3);
    await it.cut();
    users.push(it.join());
    using again = await it.resume({ sequence: it.sequence + 1 });
    await verdict(again);
    assert.deepEqual(joinersOf(again), users.slice(1));
  });

  test('can be foretold, and nothing is kept of a session that is over', async () => {
    await using it = await scene();
    await it.cut();
    it.join();
    it.join();
    const sessionId = String(it.client.sessionId);
    const kept = (after: number) =>
      it.emulator.keptAfter(sessionId, after).map(({ sequence, event }) => [sequence, event]);
    assert.deepEqual(kept(it.sequence), [
      [it.sequence + 1, 'GUILD_MEMBER_ADD'],
      [it.sequence + 2, 'GUILD_MEMBER_ADD'],
    ]);
    assert.deepEqual(kept(it.sequence + 2), []);
    it.emulator.invalidate();
    assert.deepEqual(kept(it.sequence), []);
  });

  test('tells of a guild as it was then, not as it is now', async () => {
    await using it = await scene();
    const [announced] = it.client.payloads('GUILD_CREATE');
    await it.cut();
    it.join();
    using again = await it.resume({ sequence: 0 });
    await verdict(again);
    assert.deepEqual(again.events(), ['READY', 'GUILD_CREATE', 'GUILD_MEMBER_ADD', 'RESUMED']);
    assert.deepEqual(again.payloads('GUILD_CREATE'), [announced]);
  });

  test('can be had again, by one process after the other', async () => {
    await using it = await scene();
    await it.cut();
    const users = [it.join()];
    for (let round = 1; round <= 3; round += 1) {
      using again = await it.resume();
      await verdict(again);
      assert.deepEqual(joinersOf(again), users);
      assert.equal(again.events().filter((event) => event === 'RESUMED').length, 1);
      again[Symbol.dispose]();
      await it.emulator.waitFor(() => it.emulator.connections.length === 0);
      users.push(it.join());
    }
    assert.deepEqual([it.emulator.gateway.resumes, it.emulator.situations().gap], [3, 0]);
  });

  test('takes the session off a connection that is still open', async () => {
    await using it = await scene();
    using again = await it.resume();
    assert.equal(await verdict(again), 'resumed');
    assert.equal(await it.client.closed(), 4000);
    const user = it.join();
    await again.until(() => joinersOf(again).includes(user));
  });

  test('is for a connection without a session', async () => {
    await using it = await scene();
    const { token } = it.emulator;
    it.client.send(6, { token, session_id: it.client.sessionId, seq: it.sequence });
    assert.equal(await it.client.closed(), 4005);
  });
});

describe('who may not resume gets op 9, false', () => {
  const ABSENT = [undefined, null, 7, '', 'a'.repeat(32)] as const;
  for (const sessionId of ABSENT) {
    test(`an unknown session: ${String(sessionId)}`, async () => {
      await using it = await scene();
      await it.cut();
      using again = await it.resume({ sessionId });
      assert.equal(await verdict(again), 'op 9 false');
    });
  }

  for (const [what, sequence] of [
    ['one more than was sent', (sent: number) => sent + 1],
    ['less than nothing', () => -1],
    ['half of one', () => 0.5],
    ['no number', () => Number.NaN],
  ] as const) {
    test(`a sequence of ${what}`, async () => {
      await using it = await scene();
      await it.cut();
      using again = await it.resume({ sequence: sequence(it.sequence) });
      assert.equal(await verdict(again), 'op 9 false');
    });
  }

  test('one event more than is kept, and none less', async () => {
    for (const [missed, expected] of [
      [3, 'resumed'],
      [4, 'op 9 false'],
    ] as const) {
      await using it = await scene({ replayLimit: 3 });
      await it.cut();
      for (let left = missed; left > 0; left -= 1) it.join();
      using again = await it.resume();
      assert.equal(await verdict(again), expected);
    }
  });

  test('who comes after the session has expired', async () => {
    await using it = await scene({ sessionTtlMs: 1 });
    await it.cut();
    await it.emulator.waitFor(() => it.emulator.situations().gap === 1);
    using again = await it.resume();
    assert.equal(await verdict(again), 'op 9 false');
    // The same connection may identify anew.
    again.send(2, { token: it.emulator.token, intents: 1, properties: {} });
    await again.until(() => again.events().includes('READY'));
  });
});

describe('the end of a connection', () => {
  const byClient = (code?: number) => (_: Emulator, client: RawClient) => client.close(code);
  const byDiscord = (code: number) => (emulator: Emulator) => emulator.disconnect({ code });
  const rows: readonly (readonly [
    string,
    (emulator: Emulator, client: RawClient) => void,
    string,
  ])[] = [
    ['the client closes with 1000', byClient(1000), 'op 9 false'],
    ['the client closes with 1001', byClient(1001), 'op 9 false'],
    ['the client closes with 4000', byClient(4000), 'resumed'],
    ['the client closes with 4200', byClient(4200), 'resumed'],
    ['the client closes without a code', byClient(), 'resumed'],
    ['the process is killed', (_, client) => client[Symbol.dispose](), 'resumed'],
    ['Discord cuts the line', byDiscord(1006), 'resumed'],
    ['Discord goes away', byDiscord(1001), 'resumed'],
    ['Discord closes with 4000', byDiscord(4000), 'resumed'],
    ['Discord closes with 4007', byDiscord(4007), 'op 9 false'],
    ['Discord closes with 4009', byDiscord(4009), 'op 9 false'],
    ['Discord forgets', (emulator) => emulator.disconnect({ resumable: false }), 'op 9 false'],
  ];
  for (const [what, end, expected] of rows) {
    test(`${what}: ${expected}`, async () => {
      await using it = await scene();
      end(it.emulator, it.client);
      await it.emulator.waitFor(() => it.emulator.connections.length === 0);
      it.join();
      using again = await it.resume();
      assert.equal(await verdict(again), expected);
      assert.equal(it.emulator.situations().gap, expected === 'resumed' ? 0 : 1);
      assert.equal(joinersOf(again).length, expected === 'resumed' ? 1 : 0);
    });
  }

  test('a shard that identifies anew has a gap', async () => {
    await using it = await scene();
    it.emulator.disconnect();
    await it.client.closed();
    using again = await RawClient.identify(it.emulator);
    assert.equal(it.emulator.situations().gap, 1);
    it.emulator.disconnect();
    await again.closed();
    using third = await RawClient.identify(it.emulator);
    it.join();
    await third.until(() => joinersOf(third).length === 1);
    assert.deepEqual([it.emulator.situations().gap, it.emulator.situations().surplus], [2, 0]);
  });

  test('op 9 and op 7 reach connected clients', async () => {
    await using it = await scene();
    it.emulator.requestReconnect();
    await it.client.until(() => it.client.messages.some(({ op }) => op === 7));
    it.emulator.invalidate();
    await it.client.until(() => it.client.messages.some(({ op, d }) => op === 9 && d === false));
  });
});
