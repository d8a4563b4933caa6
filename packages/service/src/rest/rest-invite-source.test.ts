import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import type { GuildId, InviteCode } from 'wherefrom';
import { DiscordClock } from '../clock/discord-clock.ts';
import { createDiscordRest } from './discord-rest.ts';
import { RestInviteSource } from './rest-invite-source.ts';
import { type ScriptedAnswer, startScriptedServer } from './scripted-server.ts';

const GUILD = '175928847299117063' as GuildId;
const CODE = 'abc' as InviteCode;
let server = await startScriptedServer();
let source: RestInviteSource;
beforeEach(async () => {
  await server.close();
  server = await startScriptedServer();
  const clock = new DiscordClock();
  const rest = createDiscordRest({
    token: 'secret',
    apiUrl: server.apiUrl,
    clock,
    timeoutMs: 1_500,
  });
  source = new RestInviteSource({ rest, now: () => clock.now() });
});
after(() => server.close());

test('the list is read', async () => {
  server.answer({
    body: [
      { code: 'abc', uses: 3, guild_id: GUILD },
      { code: 'def', guild_id: GUILD },
    ],
  });
  const answer = await source.invites(GUILD);
  assert.ok(answer.kind === 'answered');
  assert.deepEqual(
    answer.invites.map(({ code, uses }) => [code, uses]),
    [
      ['abc', 3],
      ['def', null],
    ],
  );
  assert.equal(answer.complete, true);
  assert.ok(answer.requestedAt <= answer.answeredAt);
});

test('a null list is an answer that proves nothing', async () => {
  server.answer({ body: null });
  const answer = await source.invites(GUILD);
  assert.ok(answer.kind === 'answered');
  assert.deepEqual([answer.invites, answer.complete], [[], false]);
});

const failures: readonly (readonly [string, ScriptedAnswer, string])[] = [
  ['a 403', { status: 403, body: { code: 50013 } }, 'refused'],
  ['a 404', { status: 404, body: { code: 10004 } }, 'unavailable'],
  ['a 401', { status: 401 }, 'unavailable'],
  ['a 503', { status: 503 }, 'unavailable'],
  ['silence', { fault: 'hang' }, 'unavailable'],
  ['a page instead of JSON', { body: '<html>' }, 'unavailable'],
  ['an object instead of a list', { body: { message: 'hello' } }, 'unavailable'],
];
for (const [what, answer, failure] of failures) {
  test(`${what} is ${failure}, for the list and for the vanity link`, async () => {
    server.answer(answer);
    assert.deepEqual(await source.invites(GUILD), { kind: 'failed', failure });
    if (what === 'an object instead of a list') return;
    assert.deepEqual(await source.vanity(GUILD), { kind: 'failed', failure });
  });
}

test('the vanity link is read', async () => {
  server.answer({ body: { code: 'town', uses: 12 } });
  const answer = await source.vanity(GUILD);
  assert.ok(answer.kind === 'answered');
  assert.deepEqual([answer.code, answer.uses], ['town', 12]);
});

test('a target list counts only with its job completed', async () => {
  server.answer({ body: { status: 2 } }, { body: 'user_id\n1\n2' });
  assert.deepEqual((await source.targets(GUILD, CODE)).userIds, ['1', '2']);
  server.answer({ body: { status: 1 } }, { body: 'user_id\n1\n2' });
  assert.equal((await source.targets(GUILD, CODE)).userIds, null);
  server.answer({ status: 404, body: { code: 10124 } });
  assert.equal((await source.targets(GUILD, CODE)).userIds, null);
  server.answer({ body: { status: 2 } }, { status: 404, body: { code: 10129 } });
  assert.equal((await source.targets(GUILD, CODE)).userIds, null);
});
