import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import type { GuildId, UserId } from 'wherefrom';
import { DiscordClock } from '../clock/discord-clock.ts';
import { createDiscordRest, type DiscordRest } from './discord-rest.ts';
import { RestMemberSearch, type SearchReport } from './rest-member-search.ts';
import { type ScriptedAnswer, startScriptedServer } from './scripted-server.ts';

const HOUR = 60 * 60_000;
const GUILD = '175928847299117063' as GuildId;
const ADA = '20' as UserId;
const others = ['175928847299117064', '175928847299117065', '175928847299117066'] as GuildId[];

let server = await startScriptedServer();
let rest: DiscordRest;
let search: RestMemberSearch;
let reports: SearchReport[] = [];
let managed = true;
/** Moves the clock of the breaker. */
let laterMs = 0;
beforeEach(async () => {
  await server.close();
  server = await startScriptedServer();
  const clock = new DiscordClock();
  const { apiUrl } = server;
  rest = createDiscordRest({ token: 'secret', apiUrl, clock, timeoutMs: 1_500, retries: 0 });
  [reports, managed, laterMs] = [[], true, 0];
  search = new RestMemberSearch({
    rest,
    now: () => clock.now() + laterMs,
    mayManage: () => managed,
    report: (report) => reports.push(report),
    patienceMs: 1_800,
  });
});
after(() => server.close());

const entry = (userId: string) => ({
  member: { user: { id: userId }, joined_at: '2026-11-22T13:39:20.123456+00:00' },
  source_invite_code: 'abc',
  join_source_type: 5,
  inviter_id: '50',
});
const found = (...userIds: readonly string[]): ScriptedAnswer => ({
  body: { guild_id: GUILD, members: userIds.map(entry), total_result_count: userIds.length },
});
const asked = (): number => server.seen.filter(({ url }) => url.endsWith('/members-search')).length;

test('members are asked for in the body, and what is known of them comes back', async () => {
  server.answer(found(ADA));
  const answer = await search.search(GUILD, [ADA]);
  assert.ok(answer.kind === 'answered');
  const origin = { kind: 'invite', code: 'abc', inviterId: '50' };
  const joinedAt = Date.UTC(2026, 10, 22, 13, 39, 20, 123);
  assert.deepEqual(answer.hits, [{ userId: ADA, joinedAt, origin }]);
  assert.ok(answer.requestedAt <= answer.answeredAt);
  const { method, url, body } = server.seen[0]!;
  assert.deepEqual([method, url], ['POST', `/api/v10/guilds/${GUILD}/members-search`]);
  assert.deepEqual(body, { limit: 10, and_query: { user_id: { or_query: [ADA] } } });
});

test('people who were not asked for are left out', async () => {
  server.answer(found('21', ADA, '22'));
  const answer = await search.search(GUILD, [ADA]);
  assert.ok(answer.kind === 'answered');
  assert.deepEqual(
    answer.hits.map(({ userId }) => userId),
    [ADA],
  );
});

test('a page has everybody, in the order of the answer', async () => {
  server.answer(found('21', '20'));
  const page = await search.page(GUILD, { since: 5, until: 9, limit: 1000 });
  assert.ok(page.kind === 'answered');
  assert.deepEqual([page.members.map(({ userId }) => userId), page.total], [['21', '20'], 2]);
});

const cold = { code: 110_000, message: 'Index not yet available. Try again later' };
const failures: readonly (readonly [string, ScriptedAnswer, string, number | null])[] = [
  ['a 202', { status: 202, body: { ...cold, retry_after: 15 } }, 'not-indexed', 15_000],
  ['a 202 without a time', { status: 202, body: { ...cold, retry_after: 0 } }, 'not-indexed', 5000],
  ['a 202 with nothing in it', { status: 202, body: '' }, 'not-indexed', 5_000],
  ['a 403', { status: 403, body: { code: 50013 } }, 'refused', null],
  ['a guild that is not there', { status: 404, body: { code: 10004 } }, 'refused', null],
  ['a 404', { status: 404, body: { code: 0 } }, 'withdrawn', 24 * HOUR],
  ['a 405', { status: 405 }, 'withdrawn', 24 * HOUR],
  ['a 403 for bots', { status: 403, body: { code: 20001 } }, 'withdrawn', 24 * HOUR],
  ['a 400 for bots', { status: 400, body: { code: 20001 } }, 'withdrawn', 24 * HOUR],
  [
    'a form it does not know any more',
    { status: 400, body: { code: 50035 } },
    'withdrawn',
    24 * HOUR,
  ],
  ['a 410', { status: 410 }, 'withdrawn', 24 * HOUR],
  ['a 500', { status: 500 }, 'unavailable', 5_000],
  ['silence', { fault: 'hang' }, 'unavailable', 5_000],
  ['a page instead of JSON', { body: '<html>' }, 'unavailable', 5_000],
  ['an answer cut short', { fault: 'hang-body' }, 'unavailable', 5_000],
  ['another guild', { body: { guild_id: '11', members: [] } }, 'unavailable', 5_000],
];
for (const [what, answer, failure, retryAfterMs] of failures) {
  test(`${what} is ${failure}`, async () => {
    server.answer(answer);
    const given = await search.search(GUILD, [ADA]);
    assert.ok(given.kind === 'failed');
    assert.equal(given.failure, failure);
    const tolerated = failure === 'withdrawn' ? 1_000 : 0;
    assert.ok(Math.abs((given.retryAfterMs ?? 0) - (retryAfterMs ?? 0)) <= tolerated);
    assert.equal(given.retryAfterMs === null, retryAfterMs === null);
  });
}

test('a limit is told with its time, and is not the fault of the endpoint', async () => {
  server.answer({ status: 429, headers: { 'Retry-After': '4' } });
  const answer = await search.search(GUILD, [ADA]);
  assert.deepEqual(answer, { kind: 'failed', failure: 'unavailable', retryAfterMs: 4_000 });
  assert.deepEqual([asked(), reports.length], [1, 0]);
});

test('what stays unusable is asked for ever more rarely, until it answers', async () => {
  server.answer({ status: 500 });
  const waits: (number | null)[] = [];
  for (let n = 0; n < 8; n += 1) {
    const answer = await search.search(GUILD, [ADA]);
    waits.push(answer.kind === 'failed' ? answer.retryAfterMs : null);
  }
  assert.deepEqual(waits, [5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
  server.answer(found(ADA), { status: 500 });
  await search.search(GUILD, [ADA]);
  const answer = await search.search(GUILD, [ADA]);
  assert.ok(answer.kind === 'failed' && answer.retryAfterMs === 5_000);
});

describe('the breaker', () => {
  test('asks nobody for a day after a 404, and then again', async () => {
    server.answer({ status: 404 }, found(ADA));
    await search.search(GUILD, [ADA]);
    laterMs = 23 * HOUR;
    const answer = await search.search(others[0]!, [ADA]);
    assert.ok(answer.kind === 'failed' && answer.failure === 'withdrawn');
    assert.ok(Math.abs((answer.retryAfterMs ?? 0) - HOUR) < 10_000);
    assert.equal(asked(), 1);
    assert.deepEqual(reports, [{ kind: 'withdrawn', why: 'HTTP 404' }]);
    laterMs = 24 * HOUR;
    assert.equal((await search.search(GUILD, [ADA])).kind, 'answered');
  });

  test('stops for one guild that refuses, and goes on for others', async () => {
    server.answer({ status: 403, body: { code: 50013 } }, found(ADA));
    await search.search(others[0]!, [ADA]);
    assert.equal((await search.search(GUILD, [ADA])).kind, 'answered');
    assert.deepEqual(reports, [{ kind: 'refused', guildId: others[0], code: 50013 }]);
  });

  test('stops for all when three guilds refuse that the bot may manage', async () => {
    server.answer({ status: 403, body: { code: 50013 } });
    const failuresOf: string[] = [];
    for (const guildId of [...others, GUILD]) {
      const answer = await search.search(guildId, [ADA]);
      failuresOf.push(answer.kind === 'failed' ? answer.failure : '');
    }
    assert.deepEqual(failuresOf, ['refused', 'refused', 'withdrawn', 'withdrawn']);
    assert.equal(asked(), 3);
    assert.equal(reports.filter(({ kind }) => kind === 'withdrawn').length, 1);
  });

  test('does not count guilds that the bot may not manage', async () => {
    managed = false;
    server.answer({ status: 403, body: { code: 50013 } });
    for (const guildId of others) await search.search(guildId, [ADA]);
    server.answer(found(ADA));
    assert.equal((await search.search(GUILD, [ADA])).kind, 'answered');
  });

  test('takes a 401 for its own when the token holds', async () => {
    server.answer({ status: 401, body: { code: 0 } }, { body: { id: '1' } });
    const answer = await search.search(GUILD, [ADA]);
    assert.ok(answer.kind === 'failed' && answer.failure === 'withdrawn');
    const invites = await rest.request({ method: 'GET', path: `/guilds/${GUILD}/invites` });
    assert.equal(invites.kind, 'answered');
  });

  test('does not blame the endpoint when the token is refused', async () => {
    server.answer({ status: 401 }, { status: 401 }, found(ADA));
    const answer = await search.search(GUILD, [ADA]);
    assert.ok(answer.kind === 'failed' && answer.failure === 'unavailable');
    rest.setToken('fresh');
    assert.equal((await search.search(GUILD, [ADA])).kind, 'answered');
    assert.deepEqual(reports, []);
  });

  test('does not blame the endpoint when nobody can say whose the 401 was', async () => {
    server.answer({ status: 401 }, { status: 500 }, found(ADA));
    const answer = await search.search(GUILD, [ADA]);
    assert.ok(answer.kind === 'failed' && answer.failure === 'unavailable');
    assert.equal((await search.search(GUILD, [ADA])).kind, 'answered');
  });
});
