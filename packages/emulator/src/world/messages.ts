import type { Payload } from './payloads.ts';
import { userPayload } from './payloads.ts';
import { type Snowflake, timestamp } from './snowflake.ts';
import { mint, type World } from './world.ts';

/** What a message says, at one time. */
export type MessageBody = {
  readonly content: string;
  readonly embeds: readonly unknown[];
  readonly components: readonly unknown[];
  readonly allowedMentions: unknown;
  readonly flags: number;
};

/** A message in a channel, with everything it ever said. */
export type Message = {
  readonly id: Snowflake;
  readonly channelId: Snowflake;
  readonly nonce: string | null;
  readonly createdAtMs: number;
  editedAtMs: number | null;
  body: MessageBody;
  /** Earlier bodies, oldest first. */
  readonly history: MessageBody[];
};

/** How long `enforce_nonce` remembers. Discord says only "a few minutes". */
const NONCE_MS = 300_000;

/** The messages of a channel, oldest first. */
export function messagesOf(world: World, channelId: Snowflake): Message[] {
  let messages = world.messages.get(channelId);
  if (messages === undefined) {
    messages = [];
    world.messages.set(channelId, messages);
  }
  return messages;
}

/** Posts a message; with an enforced nonce the earlier message of that nonce comes back instead. */
export function postMessage(
  world: World,
  channelId: Snowflake,
  atMs: number,
  draft: { readonly body: MessageBody; readonly nonce: string | null; readonly enforce: boolean },
): Message {
  const messages = messagesOf(world, channelId);
  if (draft.enforce && draft.nonce !== null) {
    const earlier = messages.findLast((message) => message.nonce === draft.nonce);
    if (earlier !== undefined && atMs - earlier.createdAtMs < NONCE_MS) return earlier;
  }
  const message: Message = {
    id: mint(world, atMs),
    channelId,
    nonce: draft.nonce,
    createdAtMs: atMs,
    editedAtMs: null,
    body: draft.body,
    history: [],
  };
  messages.push(message);
  return message;
}

/** Edits a message; what is not given stays, except the mentions, which are never inherited. */
export function editMessage(message: Message, change: Partial<MessageBody>, atMs: number): void {
  message.history.push(message.body);
  message.body = { ...message.body, allowedMentions: null, ...change };
  message.editedAtMs = atMs;
}

/** A message object. */
export function messagePayload(world: World, message: Message): Payload {
  return {
    id: message.id,
    channel_id: message.channelId,
    type: 0,
    author: userPayload(world.bot),
    content: message.body.content,
    embeds: message.body.embeds,
    components: message.body.components,
    flags: message.body.flags,
    attachments: [],
    mentions: [],
    mention_roles: [],
    mention_everyone: false,
    pinned: false,
    tts: false,
    timestamp: timestamp(message.createdAtMs),
    edited_timestamp: message.editedAtMs === null ? null : timestamp(message.editedAtMs),
    ...(message.nonce === null ? {} : { nonce: message.nonce }),
  };
}
