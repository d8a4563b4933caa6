import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Emulator, startEmulator } from './emulator.ts';

async function call(
  emulator: Emulator,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: unknown }> {
  const url = emulator.apiUrl.replace(/\/api$/, `/control${path}`);
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(url, init);
  return { status: response.status, body: await response.json() };
}

test('the control API carries out actions and tells the truth', async () => {
  await using emulator = await startEmulator({ control: true });
  const made = await call(emulator, '/act', { kind: 'createGuild', invites: [{ code: 'A' }] });
  const { guildId } = made.body as { guildId: string };
  await call(emulator, '/act', { kind: 'join', guildId, via: { kind: 'invite', code: 'A' } });
  await call(emulator, '/settled', { idleMs: 1 });
  const { body } = await call(emulator, '/truth');
  assert.deepEqual(body, emulator.truth());
  const guilds = (await call(emulator, '/guilds')).body as { invites: unknown }[];
  assert.deepEqual(guilds[0]?.invites, [{ code: 'A', uses: 1, maxUses: 0 }]);
  assert.equal((await call(emulator, '/state')).status, 200);
});

test('the control API says what is wrong with a request', async () => {
  await using emulator = await startEmulator({ control: true });
  const unknown = await call(emulator, '/act', { kind: 'explode' });
  assert.deepEqual(unknown, { status: 400, body: { error: 'unknown action explode' } });
  assert.equal(
    (await call(emulator, '/act', { kind: 'leave', guildId: '1', userId: '2' })).status,
    400,
  );
  assert.equal((await call(emulator, '/nothing')).status, 404);
});

test('the control API is closed unless asked for', async () => {
  await using emulator = await startEmulator();
  assert.equal((await call(emulator, '/state')).status, 404);
  assert.equal(emulator.errors[0]?.kind, 'outsideApi');
});

test('faults are switched on and off over HTTP', async () => {
  await using emulator = await startEmulator({ control: true });
  const { body } = await call(emulator, '/faults', { kind: 'hang' });
  assert.deepEqual(emulator.faults.active(), [{ kind: 'hang' }]);
  await call(emulator, '/faults/clear', body);
  assert.deepEqual(emulator.faults.active(), []);
});
