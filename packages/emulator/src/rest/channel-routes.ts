import {
  editMessage,
  type Message,
  type MessageBody,
  messagePayload,
  messagesOf,
  postMessage,
} from '../world/messages.ts';
import { channelPayload } from '../world/payloads.ts';
import { compareSnowflakes } from '../world/snowflake.ts';
import type { Channel, Guild } from '../world/world.ts';
import { may, reachChannel } from './access.ts';
import { readLimit } from './guild-routes.ts';
import { messageProblems, readMessage } from './message-form.ts';
import { fail, formError, NO_CONTENT, ok, type Reply } from './reply.ts';
import type { RestRequest, Route } from './route.ts';

const FIELDS = [
  'content',
  'embeds',
  'components',
  'allowed_mentions',
  'flags',
  'attachments',
  'nonce',
  'enforce_nonce',
  'tts',
  'message_reference',
];

/** Channels and the messages in them. */
export const channelRoutes: readonly Route[] = [
  {
    method: 'GET',
    template: '/channels/:channel',
    handle: inChannel((_, channel) => ok(channelPayload(channel))),
  },
  {
    method: 'GET',
    template: '/channels/:channel/messages',
    query: ['limit', 'before', 'after', 'around'],
    handle: inChannel(listMessages),
  },
  {
    method: 'GET',
    template: '/channels/:channel/messages/:message',
    handle: onMessage(showMessage),
  },
  {
    method: 'POST',
    template: '/channels/:channel/messages',
    fields: FIELDS,
    handle: inChannel(post),
  },
  {
    method: 'PATCH',
    template: '/channels/:channel/messages/:message',
    fields: FIELDS,
    handle: onMessage(patch),
  },
  { method: 'DELETE', template: '/channels/:channel/messages/:message', handle: onMessage(remove) },
];

type InChannel = (request: RestRequest, channel: Channel, guild: Guild) => Reply;
type OnMessage = (request: RestRequest, message: Message, channel: Channel) => Reply;

function inChannel(answer: InChannel): (request: RestRequest) => Reply {
  return (request) => {
    const reached = reachChannel(request);
    return 'refused' in reached ? reached.refused : answer(request, reached.channel, reached.guild);
  };
}

function onMessage(answer: OnMessage): (request: RestRequest) => Reply {
  return inChannel((request, channel) => {
    const messages = messagesOf(request.world, channel.id);
    const message = messages.find((entry) => entry.id === request.params.message);
    return message === undefined ? fail('unknownMessage') : answer(request, message, channel);
  });
}

function listMessages({ world, query }: RestRequest, channel: Channel, guild: Guild): Reply {
  // Without the history permission Discord answers with an empty list, not with an error.
  if (!may(world, guild, 'READ_MESSAGE_HISTORY', channel)) return ok([]);
  const limit = readLimit(query, 50, 100);
  if (limit === null) return formError({ limit: 'int value should be between 1 and 100.' });
  const [before, after] = [query.get('before'), query.get('after')];
  const fitting = messagesOf(world, channel.id).filter(
    (message) =>
      (before === null || compareSnowflakes(message.id, before) < 0) &&
      (after === null || compareSnowflakes(message.id, after) > 0),
  );
  // `after` takes the oldest of the fitting ones; either way the newest comes first.
  const page = after === null ? fitting.slice(-limit) : fitting.slice(0, limit);
  return ok(page.reverse().map((message) => messagePayload(world, message)));
}

function showMessage({ world }: RestRequest, message: Message): Reply {
  return ok(messagePayload(world, message));
}

const EMPTY: MessageBody = {
  content: '',
  embeds: [],
  components: [],
  allowedMentions: null,
  flags: 0,
};

function post({ world, body, atMs }: RestRequest, channel: Channel, guild: Guild): Reply {
  if (!may(world, guild, 'SEND_MESSAGES', channel)) return fail('missingPermissions');
  const draft: MessageBody = { ...EMPTY, ...readMessage(body) };
  const problems = messageProblems(draft);
  const nonce = body.nonce === undefined || body.nonce === null ? null : String(body.nonce);
  if (nonce !== null && nonce.length > 25) problems.nonce = 'Must be 25 or fewer in length.';
  if (Object.keys(problems).length > 0) return formError(problems);
  if (isEmpty(draft)) return fail('emptyMessage');
  // A bot without EMBED_LINKS loses its embeds in silence.
  const kept = may(world, guild, 'EMBED_LINKS', channel) ? draft : { ...draft, embeds: [] };
  const message = postMessage(world, channel.id, atMs, {
    body: kept,
    nonce,
    enforce: body.enforce_nonce === true,
  });
  return ok(messagePayload(world, message));
}

function patch({ world, body, atMs }: RestRequest, message: Message): Reply {
  const change = readMessage(body);
  const next = { ...message.body, ...change };
  const problems = messageProblems(next);
  if (Object.keys(problems).length > 0) return formError(problems);
  if (isEmpty(next)) return fail('emptyMessage');
  editMessage(message, change, atMs);
  return ok(messagePayload(world, message));
}

function isEmpty(body: MessageBody): boolean {
  return body.content === '' && body.embeds.length === 0 && body.components.length === 0;
}

function remove({ world }: RestRequest, message: Message, channel: Channel): Reply {
  const messages = messagesOf(world, channel.id);
  messages.splice(messages.indexOf(message), 1);
  return NO_CONTENT;
}
