import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Emulator, startEmulator } from './emulator.ts';
import { createPrng } from './prng.ts';
import { RawClient } from './testing.ts';

async function list(emulator: Emulator, guildId: string): Promise<void> {
  const headers = { authorization: `Bot ${emulator.token}` };
  const response = await fetch(`${emulator.apiUrl}/v10/guilds/${guildId}/invites`, { headers });
  await response.arrayBuffer();
}

/** Asks for members while the index is not built, after a join, and after somebody's return. */
async function lookUp(emulator: Emulator, guildId: string, ownerId: string): Promise<void> {
  const ask = async (userId: string): Promise<void> => {
    const headers = { authorization: `Bot ${emulator.token}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ and_query: { user_id: { or_query: [userId] } } });
    const url = `${emulator.apiUrl}/v10/guilds/${guildId}/members-search`;
    await (await fetch(url, { method: 'POST', headers, body })).arrayBuffer();
  };
  await ask(ownerId);
  await emulator.settled();
  const via = { kind: 'none' } as const;
  await ask(emulator.act({ kind: 'join', guildId, via }).userId);
  emulator.act({ kind: 'leave', guildId, userId: ownerId });
  emulator.act({ kind: 'join', guildId, via, userId: ownerId });
  await ask(ownerId);
}

/** Carries out random actions; a refusal, such as of an expired invite, is part of the story. */
async function live(emulator: Emulator, guildId: string, seed: number): Promise<void> {
  const prng = createPrng(seed);
  const reads: Promise<void>[] = [];
  for (let step = 0; step < 60; step += 1) {
    const code = `one${step}`;
    emulator.act({ kind: 'createInvite', guildId, code, maxUses: 1 });
    const via = prng.pick([
      { kind: 'invite', code: 'A' },
      { kind: 'vanity' },
      { kind: 'invite', code },
    ] as const);
    const { userId } = emulator.act({ kind: 'join', guildId, via });
    if (prng.chance(0.2)) emulator.act({ kind: 'join', guildId, via: { kind: 'none' } });
    if (prng.chance(0.2))
      emulator.act({ kind: 'repeatAdd', guildId, userId, joinedAtShiftMs: 400 });
    if (via.kind !== 'invite' || via.code !== code) {
      emulator.act({
        kind: prng.pick(['deleteInvite', 'expireInvite', 'vanishInvite'] as const),
        guildId,
        code,
      });
    }
    const before = emulator.requests.length;
    reads.push(list(emulator, guildId));
    await emulator.waitFor(() => emulator.requests.length > before);
  }
  await Promise.all(reads);
}

test('a busy hour reaches every situation', async () => {
  await using emulator = await startEmulator({
    seed: 11,
    searchColdMs: 40,
    limits: { global: { limit: 1000, windowMs: 1000 } },
  });
  const { guildId, ownerId, channelIds } = emulator.act({
    kind: 'createGuild',
    channels: ['join-logs', 'doomed'],
    vanity: { code: 'v' },
    invites: [{ code: 'A' }],
  });
  emulator.act({ kind: 'createInvite', guildId, channelId: channelIds.doomed!, code: 'D' });
  using _client = await RawClient.identify(emulator);
  emulator.faults.set({ kind: 'lag', byMs: 500, chance: 0.2 });
  emulator.faults.set({ kind: 'staleList', byMs: 500, chance: 0.2 });
  await live(emulator, guildId, 11);
  await lookUp(emulator, guildId, ownerId);
  emulator.act({ kind: 'deleteChannel', guildId, channelId: channelIds.doomed! });
  emulator.act({ kind: 'count', guildId, code: 'A' });
  emulator.act({ kind: 'outage', guildId });
  await emulator.settled();
  const { ended, search, ...counts } = emulator.situations();
  const all = { ...counts, ...ended, ...search };
  for (const [name, count] of Object.entries(all)) assert.ok(count > 0, name);
  assert.deepEqual(emulator.errors, []);
});

test('a quiet hour reaches none', async () => {
  await using emulator = await startEmulator({ deterministic: true });
  const { guildId } = emulator.act({ kind: 'createGuild', invites: [{ code: 'A' }] });
  using _client = await RawClient.identify(emulator);
  for (let step = 0; step < 3; step += 1) {
    emulator.act({
      kind: 'join',
      guildId,
      via: { kind: 'invite', code: 'A' },
      joinedAtMs: 1_767_225_600_000 + step,
    });
    await emulator.settled();
    await list(emulator, guildId);
  }
  const { ended, search, ...counts } = emulator.situations();
  const all = { ...counts, ...ended, ...search };
  for (const [name, count] of Object.entries(all)) assert.equal(count, 0, name);
});

test('an event before its use is a lag, not a deficit', async () => {
  await using emulator = await startEmulator({ deterministic: true });
  const { guildId, ownerId } = emulator.act({ kind: 'createGuild', invites: [{ code: 'A' }] });
  using _client = await RawClient.identify(emulator);
  emulator.act({ kind: 'add', guildId, origin: { kind: 'invite', code: 'A', inviterId: ownerId } });
  assert.equal(emulator.situations().deficit, 1);
  emulator.act({ kind: 'count', guildId, code: 'A' });
  const { deficit, lag, surplus } = emulator.situations();
  assert.deepEqual({ deficit, lag, surplus }, { deficit: 0, lag: 1, surplus: 0 });
});
