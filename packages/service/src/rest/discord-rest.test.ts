import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { DiscordClock } from '../clock/discord-clock.ts';
import { createDiscordRest, type DiscordRest, type RestAnswer } from './discord-rest.ts';
import { type ScriptedAnswer, startScriptedServer } from './scripted-server.ts';

let server = await startScriptedServer();
let clock = new DiscordClock();
let rest: DiscordRest;
beforeEach(async () => {
  await server.close();
  server = await startScriptedServer();
  clock = new DiscordClock();
  rest = createDiscordRest({ token: 'secret', apiUrl: server.apiUrl, clock, timeoutMs: 1_500 });
});
after(() => server.close());

const get = (path: `/${string}` = '/guilds/175928847299117063/invites', patienceMs = 2_000) =>
  rest.request({ method: 'GET', path, patienceMs });

test('an answer carries its body and the times around it', async () => {
  server.answer({ body: [1] });
  const before = clock.now();
  const answer = await get();
  assert.ok(answer.kind === 'answered');
  assert.deepEqual([answer.status, answer.body], [200, [1]]);
  assert.ok(before - 500 <= answer.requestedAt && answer.requestedAt <= answer.answeredAt);
  assert.equal(server.seen[0]?.authorization, 'Bot secret');
  assert.equal(server.seen[0]?.url, '/api/v10/guilds/175928847299117063/invites');
});

test('the Date of an answer sets the clock', async () => {
  server.answer({ headers: { Date: new Date(Date.now() + 3_600_000).toUTCString() } });
  await get();
  assert.ok(Math.abs(clock.state().offsetMs - 3_600_000) < 1_200);
});

const failures: readonly (readonly [string, readonly ScriptedAnswer[], RestAnswer, number])[] = [
  [
    'a 403 is a refusal with its code',
    [{ status: 403, body: { code: 50013 } }],
    { kind: 'refused', status: 403, code: 50013 },
    1,
  ],
  [
    'a 403 with garbage is a refusal',
    [{ status: 403, body: '<html>' }],
    { kind: 'refused', status: 403, code: null },
    1,
  ],
  [
    'a 403 with null is a refusal',
    [{ status: 403, body: null }],
    { kind: 'refused', status: 403, code: null },
    1,
  ],
  [
    'a 404 is a refusal',
    [{ status: 404, body: { code: 10006 } }],
    { kind: 'refused', status: 404, code: 10006 },
    1,
  ],
  ['a 401 is about the token', [{ status: 401, body: { code: 0 } }], { kind: 'token-refused' }, 1],
  ['a 500 is tried twice', [{ status: 500 }], { kind: 'unreachable', unsure: true }, 2],
  [
    'a 502 with a page is tried twice',
    [{ status: 502, body: '<html>' }],
    { kind: 'unreachable', unsure: true },
    2,
  ],
  ['silence is tried twice', [{ fault: 'hang' }], { kind: 'unreachable', unsure: true }, 2],
  [
    'an answer that stops is tried twice',
    [{ fault: 'hang-body' }],
    { kind: 'unreachable', unsure: true },
    2,
  ],
  [
    'a redirect is not followed',
    [{ status: 302, headers: { Location: '/elsewhere' } }],
    { kind: 'unreachable', unsure: true },
    1,
  ],
];
for (const [sentence, script, expected, requests] of failures) {
  test(sentence, async () => {
    server.answer(...script);
    assert.deepEqual(await get(), expected);
    assert.equal(server.seen.length, requests);
  });
}

test('a broken connection leaves it open whether it was done', async () => {
  server.answer({ fault: 'reset' });
  assert.deepEqual(await get(), { kind: 'unreachable', unsure: true });
});

test('a connection that was never made did nothing', async () => {
  await server.close();
  assert.deepEqual(await get(), { kind: 'unreachable', unsure: false });
  server = await startScriptedServer();
});

test('a 500 that passes is no failure, and the times are those of the second request', async () => {
  server.answer({ status: 500 }, { body: [] });
  const answer = await get();
  assert.equal(answer.kind, 'answered');
});

test('a limit is waited for', async () => {
  server.answer({ status: 429, headers: { 'Retry-After': '0.2' } }, { body: [] });
  const before = clock.localTime();
  const answer = await get();
  assert.ok(answer.kind === 'answered');
  assert.ok(answer.requestedAt - clock.atLocal(before) >= 200, 'time of the request that counted');
});

for (const [how, script] of [
  ['in the header', { status: 429, headers: { 'Retry-After': '1' } }],
  ['in the body', { status: 429, body: { retry_after: 1, global: false } }],
] as const) {
  test(`a limit ${how} that takes too long is told, not waited for`, async () => {
    server.answer(script);
    assert.deepEqual(await get('/users/@me', 100), { kind: 'rate-limited', retryAfterMs: 1_000 });
    assert.equal(server.seen.length, 1);
  });
}

test('a limit without a time does not make a storm', async () => {
  server.answer({ status: 429 });
  assert.deepEqual(await get('/users/@me', 100), { kind: 'rate-limited', retryAfterMs: 2_000 });
  assert.equal(server.seen.length, 1);
});

test('what waits behind a limit is given up in time too', async () => {
  server.answer({ status: 429, headers: { 'Retry-After': '1' } });
  const [, second] = await Promise.all([get('/users/@me', 60), get('/users/@me', 90)]);
  assert.deepEqual(second, { kind: 'rate-limited', retryAfterMs: 0 });
  assert.equal(server.seen.length, 1);
});

test('a refused token is not shown again until there is another, or a probe asks', async () => {
  server.answer({ status: 401 }, { status: 401 }, {});
  await get();
  assert.deepEqual(await get(), { kind: 'token-refused' });
  assert.equal(server.seen.length, 1);
  await rest.request({ method: 'GET', path: '/users/@me', probe: true });
  assert.equal(server.seen.length, 2);
  rest.setToken('fresh');
  assert.equal((await get()).kind, 'answered');
  assert.equal(server.seen[2]?.authorization, 'Bot fresh');
});

test('a 401 of an undocumented endpoint is a refusal of its own and leaves the token alone', async () => {
  server.answer({ status: 401, body: { code: 0 } }, { body: [] });
  const path = '/guilds/175928847299117063/members-search';
  const answer = await rest.request({ method: 'POST', path, body: {}, undocumented: true });
  assert.deepEqual(answer, { kind: 'refused', status: 401, code: 0 });
  assert.equal((await get()).kind, 'answered');
  assert.equal(server.seen[1]?.authorization, 'Bot secret');
});

test('the gateway still has its token after a 401', async () => {
  server.answer({ status: 401 }, { body: { url: 'wss://example.org' } });
  await get();
  assert.deepEqual(await rest.rest.get('/gateway/bot'), { url: 'wss://example.org' });
});

test('a guild that refuses one thing is asked for another', async () => {
  const search = '/guilds/175928847299117063/members-search';
  server.answer({ status: 403 });
  for (let i = 0; i < 6; i += 1) await get(search);
  assert.equal(server.seen.length, 5);
  server.answer({ body: [] });
  assert.equal((await get()).kind, 'answered');
  server.answer({ status: 403 });
  for (let i = 0; i < 6; i += 1) await get();
  assert.equal(server.seen.length, 11);
  server.answer({ body: [] });
  assert.equal((await get('/guilds/175928847299117063/vanity-url')).kind, 'answered');
});

test('a place that keeps refusing is left alone, others are not', async () => {
  server.answer({ status: 403 });
  for (let i = 0; i < 8; i += 1) assert.equal((await get()).kind, 'refused');
  assert.equal(server.seen.length, 5);
  server.answer({ body: [] });
  assert.equal((await get('/guilds/175928847299117064/invites')).kind, 'answered');
  assert.equal(rest.invalidCount(), 5);
});
