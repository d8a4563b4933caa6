import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { DiscordClock } from './clock/discord-clock.ts';
import { createDiscordRest, type DiscordRest } from './rest/discord-rest.ts';
import { type ScriptedAnswer, startScriptedServer } from './rest/scripted-server.ts';
import { ServiceError, type ServiceErrorCode } from './service-error.ts';
import { identifyBot, inviteText } from './startup.ts';

let server = await startScriptedServer();
let rest: DiscordRest;
beforeEach(async () => {
  await server.close();
  server = await startScriptedServer();
  rest = createDiscordRest({
    token: 'secret',
    apiUrl: server.apiUrl,
    clock: new DiscordClock(),
    timeoutMs: 400,
  });
});
after(() => server.close());

const me = { body: { id: '1', username: 'wherefrom', discriminator: '0', bot: true } };

test('the bot and its application are found', async () => {
  server.answer(me, { body: { id: '2', name: 'Where', flags: 1 << 15 } });
  const identity = await identifyBot(rest, server.apiUrl);
  assert.deepEqual([identity.name, identity.application.id], ['wherefrom', '2']);
});

const failures: readonly (readonly [string, readonly ScriptedAnswer[], ServiceErrorCode])[] = [
  ['a refused token', [{ status: 401 }], 'token-refused'],
  ['an intent that is off', [me, { body: { id: '2', name: 'Where', flags: 0 } }], 'intent-missing'],
  ['an API that fails', [{ status: 500 }], 'api-unreachable'],
  ['an API that is silent', [{ fault: 'hang' }], 'api-unreachable'],
  ['something that is not Discord', [{ body: '<html>' }], 'api-unreachable'],
  ['a page not found', [{ status: 404 }], 'api-unreachable'],
];
for (const [what, script, code] of failures) {
  test(`${what} has a plain name`, async () => {
    server.answer(...script);
    await assert.rejects(
      identifyBot(rest, server.apiUrl),
      (error) => error instanceof ServiceError && error.code === code,
    );
  });
}

test('a token that was refused is asked about again', async () => {
  server.answer({ status: 401 }, me, { body: { id: '2', flags: 1 << 14 } });
  await assert.rejects(identifyBot(rest, server.apiUrl));
  assert.equal((await identifyBot(rest, server.apiUrl)).application.id, '2');
});

test('the invite link asks for no more than needed, and says what less would cost', () => {
  const text = inviteText('2');
  assert.match(text, /client_id=2&scope=bot%20applications.commands&permissions=52400\n/);
  for (const permissions of ['52401', '268487857', '52384'])
    assert.match(text, new RegExp(permissions));
});
