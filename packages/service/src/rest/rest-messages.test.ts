import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import type { ChannelId, GuildId, UserId } from 'wherefrom';
import { DiscordClock } from '../clock/discord-clock.ts';
import { NO_MENTIONS } from '../ports.ts';
import { createDiscordRest } from './discord-rest.ts';
import { RestMessages } from './rest-messages.ts';
import { type ScriptedAnswer, startScriptedServer } from './scripted-server.ts';

const channelId = '175928847299117063' as ChannelId;
const guildId = '175928847299117000' as GuildId;
const ME = '1' as UserId;
let server = await startScriptedServer();
let messages: RestMessages;
let isHere = true;
let mayRead = true;
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
  isHere = true;
  mayRead = true;
  messages = new RestMessages({
    rest,
    myId: () => ME,
    isHere: () => isHere,
    mayReadHistory: () => mayRead,
  });
});
after(() => server.close());

const post = () =>
  messages.post({ channelId, content: 'hello', nonce: 'n1', allowedMentions: NO_MENTIONS });
const edit = () =>
  messages.edit({ channelId, messageId: '9', content: 'hello', allowedMentions: NO_MENTIONS });

test('a post is sent with its nonce enforced, and notifies nobody', async () => {
  server.answer({ body: { id: '9' } });
  assert.deepEqual(await post(), { kind: 'sent', messageId: '9' });
  assert.deepEqual(server.seen[0]?.body, {
    content: 'hello',
    nonce: 'n1',
    enforce_nonce: true,
    allowed_mentions: { parse: [] },
  });
});

test('an edit notifies nobody either', async () => {
  server.answer({ body: { id: '9' } });
  assert.deepEqual(await edit(), { kind: 'edited' });
  assert.equal(server.seen[0]?.method, 'PATCH');
  assert.deepEqual(server.seen[0]?.body, { content: 'hello', allowed_mentions: { parse: [] } });
});

const refusals: readonly (readonly [ScriptedAnswer, 'channel' | 'message' | 'content', string])[] =
  [
    [{ status: 403, body: { code: 50013 } }, 'channel', 'HTTP 403, code 50013'],
    [{ status: 404, body: { code: 10003 } }, 'channel', 'HTTP 404, code 10003'],
    [{ status: 404, body: { code: 10008 } }, 'message', 'HTTP 404, code 10008'],
    [{ status: 400, body: { code: 50035 } }, 'content', 'HTTP 400, code 50035'],
  ];
for (const [answer, what, reason] of refusals) {
  test(`${reason} is about the ${what}`, async () => {
    server.answer(answer);
    assert.deepEqual(await edit(), { kind: 'refused', what, reason });
  });
}

test('what may have been posted is unsure, what was surely not is failed', async () => {
  server.answer({ status: 500 });
  assert.deepEqual(await post(), { kind: 'unsure' });
  server.answer({ fault: 'hang' });
  assert.deepEqual(await post(), { kind: 'unsure' });
  server.answer({ body: 'sent, I think' });
  assert.deepEqual(await post(), { kind: 'unsure' });
  server.answer({ status: 401 });
  assert.deepEqual(await post(), { kind: 'failed', retry: true });
});

const by = (author: string, id: string, content: string, nonce?: string) => ({
  id,
  author: { id: author },
  content,
  ...(nonce === undefined ? {} : { nonce }),
});
const find = () =>
  messages.find({
    guildId,
    channelId,
    nonce: 'n1',
    after: Date.UTC(2026, 0),
    mentions: ['5', '6'] as UserId[],
  });

test('our message is found by its nonce, or by whom it names where the nonce is left out', async () => {
  server.answer({
    body: [
      by('1', '104', 'by nonce', 'n1'),
      by('1', '103', 'other nonce <@5> <@6>', 'n2'),
      by('2', '102', 'somebody else', 'n1'),
      by('1', '101', 'by names <@5> and <@6>'),
      by('1', '100', 'one more <@5> <@6> <@7>'),
    ],
  });
  assert.deepEqual(await find(), { kind: 'found', messageIds: ['101', '104'] });
});

test('a history read to its end without our message proves its absence', async () => {
  server.answer({ body: [by('1', '100', 'x')] });
  assert.deepEqual(await find(), { kind: 'absent' });
  assert.match(server.seen[0]?.url ?? '', /messages\?after=\d+&limit=100$/);
});

test('a history that cannot be read proves nothing', async () => {
  server.answer({ status: 403, body: { code: 50013 } });
  assert.deepEqual(await find(), { kind: 'unreadable' });
  server.answer({ body: [null] });
  assert.deepEqual(await find(), { kind: 'unreadable' });
});

test('a long history is read page by page, and given up when it does not end', async () => {
  const full = Array.from({ length: 100 }, (_, index) => by('2', String(1_000 + index), 'x'));
  server.answer({ body: full }, { body: [by('1', '2000', '', 'n1')] });
  assert.deepEqual(await find(), { kind: 'found', messageIds: ['2000'] });
  assert.match(server.seen[1]?.url ?? '', /after=1099&/);
  server.answer({ body: full });
  assert.deepEqual(await find(), { kind: 'unreadable' });
});

test('an empty history proves nothing where it may not be read', async () => {
  server.answer({ body: [] });
  const search = { guildId, channelId, nonce: 'n1', after: 0, mentions: [] };
  assert.deepEqual(await messages.find(search), { kind: 'absent' });
  mayRead = false;
  assert.deepEqual(await messages.find(search), { kind: 'unreadable' });
});

test('where the bot is not, nothing is asked', async () => {
  isHere = false;
  assert.deepEqual(await find(), { kind: 'later' });
  assert.equal(server.seen.length, 0);
});

test('where the bot cannot see the channel, or Discord does not answer, it asks later', async () => {
  server.answer(...Array.from({ length: 12 }, () => ({ status: 503 })));
  assert.deepEqual(await find(), { kind: 'later' });
  server.answer({ status: 403, body: { code: 50001 } });
  assert.deepEqual(await find(), { kind: 'later' });
});
