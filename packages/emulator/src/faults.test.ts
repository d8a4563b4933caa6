import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Emulator, startEmulator } from './emulator.ts';
import { RawClient } from './testing.ts';

async function scene() {
  const emulator = await startEmulator({ deterministic: true });
  const { guildId } = emulator.act({
    kind: 'createGuild',
    invites: [{ code: 'A' }, { code: 'K', maxUses: 1 }],
  });
  const client = await RawClient.identify(emulator);
  await emulator.settled();
  const heard = (): (string | null)[] => client.events().slice(2);
  const join = (code: string) =>
    emulator.act({ kind: 'join', guildId, via: { kind: 'invite', code } });
  const dispose = async (): Promise<void> => {
    client[Symbol.dispose]();
    await emulator.close();
  };
  return { emulator, guildId, client, heard, join, [Symbol.asyncDispose]: dispose };
}

/** Sends an event that no fault touches, and waits until it is there. */
async function flush({
  emulator,
  client,
}: {
  emulator: Emulator;
  client: RawClient;
}): Promise<void> {
  emulator.act({ kind: 'rawDispatch', event: 'FLUSH', payload: {} });
  await client.until(() => client.events().includes('FLUSH'));
}

describe('faults of the gateway', () => {
  test('drop loses an event, once if asked, and leaves a surplus', async () => {
    await using it = await scene();
    it.emulator.faults.set({ kind: 'dropEvents', events: ['GUILD_MEMBER_ADD'], times: 1 });
    it.join('A');
    const { userId } = it.join('A');
    await flush(it);
    assert.deepEqual(
      it.client.payloads('GUILD_MEMBER_ADD').map(({ user }) => (user as { id: string }).id),
      [userId],
    );
    assert.equal(it.emulator.situations().surplus, 1);
  });

  test('hold keeps events back until it is cleared', async () => {
    await using it = await scene();
    const fault = it.emulator.faults.set({ kind: 'holdEvents', events: ['INVITE_CREATE'] });
    it.emulator.act({ kind: 'createInvite', guildId: it.guildId, code: 'N' });
    it.join('N');
    fault.clear();
    await flush(it);
    assert.deepEqual(
      it.heard().filter((event) => event !== 'GUILD_AUDIT_LOG_ENTRY_CREATE'),
      ['GUILD_MEMBER_ADD', 'INVITE_CREATE', 'FLUSH'],
    );
    assert.equal(it.emulator.situations().lateInviteCreate, 1);
  });

  test('reorder lets the add overtake the delete of the same join', async () => {
    await using it = await scene();
    it.emulator.faults.set({
      kind: 'reorderEvents',
      first: 'GUILD_MEMBER_ADD',
      second: 'INVITE_DELETE',
    });
    it.join('K');
    await flush(it);
    assert.deepEqual(it.heard(), ['GUILD_MEMBER_ADD', 'INVITE_DELETE', 'FLUSH']);
  });

  test('repeat sends an add again with a slightly different joined_at', async () => {
    await using it = await scene();
    it.emulator.faults.set({
      kind: 'repeatEvents',
      events: ['GUILD_MEMBER_ADD'],
      joinedAtShiftMs: 400,
    });
    const { joinedAtMs } = it.join('A');
    await flush(it);
    const times = it.client
      .payloads('GUILD_MEMBER_ADD')
      .map(({ joined_at }) => Date.parse(String(joined_at)));
    assert.deepEqual(times, [joinedAtMs, joinedAtMs + 400]);
    assert.equal(it.emulator.truth().length, 1);
  });

  test('delay lets later events of other kinds pass', async () => {
    await using it = await scene();
    it.emulator.faults.set({ kind: 'delayEvents', events: ['INVITE_DELETE'], delayMs: [30, 30] });
    it.join('K');
    await it.emulator.settled();
    await it.client.until(() => it.heard().length === 2);
    assert.deepEqual(it.heard(), ['GUILD_MEMBER_ADD', 'INVITE_DELETE']);
  });

  test('a close code of choice', async () => {
    await using it = await scene();
    it.emulator.disconnect({ code: 4014 });
    assert.equal(await it.client.closed(), 4014);
  });
});

describe('faults of REST', () => {
  const get = (emulator: Emulator, path: string): Promise<Response> =>
    fetch(`${emulator.apiUrl}/v10${path}`, { headers: { authorization: `Bot ${emulator.token}` } });

  test('errors for the next n requests of a route, then none', async () => {
    await using it = await scene();
    it.emulator.faults.set({ kind: 'restError', status: 503, route: '/invites', times: 2 });
    const path = `/guilds/${it.guildId}/invites`;
    const statuses: number[] = [];
    for (const next of [path, '/users/@me', path, path])
      statuses.push((await get(it.emulator, next)).status);
    assert.deepEqual(statuses, [503, 200, 503, 200]);
  });

  test('429 by hand, with the scope asked for', async () => {
    await using it = await scene();
    it.emulator.faults.set({ kind: 'rateLimit', retryAfterMs: 1500, scope: 'shared', times: 1 });
    const response = await get(it.emulator, '/users/@me');
    assert.deepEqual(
      [
        response.status,
        response.headers.get('retry-after'),
        response.headers.get('x-ratelimit-scope'),
      ],
      [429, '1.500', 'shared'],
    );
  });

  test('reset and refuse cut the line', async () => {
    await using it = await scene();
    for (const kind of ['reset', 'refuse'] as const) {
      const fault = it.emulator.faults.set({ kind });
      // A kept-alive connection was accepted before it was refused.
      const options = {
        headers: { connection: 'close', authorization: `Bot ${it.emulator.token}` },
      };
      await assert.rejects(fetch(`${it.emulator.apiUrl}/v10/users/@me`, options));
      fault.clear();
    }
    assert.equal((await get(it.emulator, '/users/@me')).status, 200);
  });

  test('a hanging request never answers and does not hold up `settled`', async () => {
    await using it = await scene();
    it.emulator.faults.set({ kind: 'hang' });
    const abort = new AbortController();
    const headers = { authorization: `Bot ${it.emulator.token}` };
    const answer = fetch(`${it.emulator.apiUrl}/v10/users/@me`, { headers, signal: abort.signal });
    await it.emulator.waitFor(() => it.emulator.requests.length === 1);
    await it.emulator.settled();
    assert.equal(it.emulator.requests[0]?.status, null);
    abort.abort();
    await assert.rejects(answer);
  });

  test('slow adds to the reply', async () => {
    await using it = await scene();
    it.emulator.faults.set({ kind: 'slow', delayMs: [40, 40] });
    await get(it.emulator, '/users/@me');
    const [entry] = it.emulator.requests;
    assert.ok(entry!.repliedAtMs! - entry!.arrivedAtMs >= 39);
  });

  test('null, malformed and broken lists', async () => {
    await using it = await scene();
    const list = () => get(it.emulator, `/guilds/${it.guildId}/invites`);
    it.emulator.faults.set({ kind: 'nullEntries', times: 1 });
    const withNulls = (await (await list()).json()) as unknown[];
    assert.deepEqual([withNulls.length, withNulls[0], withNulls.at(-1)], [4, null, null]);
    it.emulator.faults.set({ kind: 'malformedEntries', times: 1 });
    assert.equal(((await (await list()).json()) as unknown[]).length, 7);
    it.emulator.faults.set({ kind: 'brokenJson', times: 1 });
    await assert.rejects(async () => (await list()).json(), SyntaxError);
    assert.equal(((await (await list()).json()) as unknown[]).length, 2);
  });
});

describe('faults of member search', () => {
  type Entry = { readonly member: { readonly user: { readonly id: string } } };
  type Answer = { readonly guild_id: string; readonly members: readonly Entry[] };

  type Place = { readonly emulator: Emulator; readonly guildId: string };

  async function search(it: Place, body: object = {}) {
    const response = await fetch(`${it.emulator.apiUrl}/v10/guilds/${it.guildId}/members-search`, {
      method: 'POST',
      headers: { authorization: `Bot ${it.emulator.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Answer };
  }
  const asked = (userId: string) => ({ and_query: { user_id: { or_query: [userId] } } });

  const ends: readonly (readonly [string, number, number])[] = [
    ['withdrawn', 404, 0],
    ['withdrawn as a method', 405, 0],
    ['withdrawn from this token', 401, 0],
    ['withdrawn from bots', 403, 20001],
    ['refused to this guild', 403, 50001],
  ];
  for (const [what, status, code] of ends) {
    test(`${what}: ${status}, ${code}`, async () => {
      await using it = await scene();
      const target = { route: 'members-search', guildId: it.guildId, times: 1 };
      it.emulator.faults.set({ kind: 'restError', status, code, ...target });
      const { status: got, body } = await search(it);
      assert.deepEqual([got, (body as unknown as { code: number }).code], [status, code]);
      assert.equal((await search(it)).status, 200);
    });
  }

  test('another guild, strangers, and sources of the future', async () => {
    await using it = await scene();
    const { userId } = it.join('A');
    it.emulator.faults.set({ kind: 'wrongGuild', times: 1 });
    it.emulator.faults.set({ kind: 'strangers', times: 1 });
    it.emulator.faults.set({ kind: 'futureSource', times: 1 });
    const { body } = await search(it, asked(userId));
    assert.notEqual(body.guild_id, it.guildId);
    const ids = body.members.map(({ member }) => member.user.id);
    assert.equal(ids.length, 2);
    assert.equal(ids.indexOf(userId), 1);
    assert.equal((body.members[1] as unknown as Record<string, unknown>).join_source_type, 99);
    const { body: sound } = await search(it, asked(userId));
    assert.equal(sound.guild_id, it.guildId);
    assert.deepEqual(
      sound.members.map((entry) => Object(entry).join_source_type),
      [5],
    );
  });

  test('null entries, malformed entries, and an answer that breaks off', async () => {
    await using it = await scene();
    const { userId } = it.join('A');
    it.emulator.faults.set({ kind: 'nullEntries', times: 1 });
    const { members } = (await search(it, asked(userId))).body;
    assert.deepEqual([members.length, members[0], members.at(-1)], [3, null, null]);
    const sound = members[1];
    it.emulator.faults.set({ kind: 'malformedEntries', times: 1 });
    const broken = (await search(it, asked(userId))).body.members;
    assert.equal(broken.length, 12);
    for (const entry of broken) assert.notDeepEqual(entry, sound);
    it.emulator.faults.set({ kind: 'brokenJson', times: 1 });
    await assert.rejects(search(it), SyntaxError);
  });

  test('a lag by default, one that is drawn from the seed', async () => {
    let nowMs = 1_767_225_600_000;
    const options = { latencyMs: [0, 0], eventDelayMs: [0, 0], clock: () => nowMs } as const;
    await using emulator = await startEmulator(options);
    const { guildId } = emulator.act({ kind: 'createGuild', invites: [{ code: 'A' }] });
    const { userId } = emulator.act({ kind: 'join', guildId, via: { kind: 'none' } });
    const found = async () =>
      (await search({ emulator, guildId }, asked(userId))).body.members.length;
    nowMs += 1999;
    assert.equal(await found(), 0);
    nowMs += 18_001;
    assert.equal(await found(), 1);
    assert.deepEqual(emulator.situations().search, { cold: 0, unindexed: 1, former: 0 });
    assert.deepEqual(
      emulator.requests.map(({ route, guildId: of }) => [route, of]),
      Array(2).fill(['POST /guilds/:guild/members-search', guildId]),
    );
  });

  test('a limit of its own, that other routes set does not take away', async () => {
    const limits = { routes: { 'GET /users/@me': { limit: 1, windowMs: 1000 } } };
    await using emulator = await startEmulator({ deterministic: true, limits });
    const { guildId } = emulator.act({ kind: 'createGuild' });
    const statuses: number[] = [];
    for (let call = 1; call <= 6; call += 1)
      statuses.push((await search({ emulator, guildId })).status);
    assert.deepEqual(statuses, [200, 200, 200, 200, 200, 429]);
  });
});
