import type { UserId } from '../engine/ids.ts';
import { codeOf, countOf, objectOf, type Payload, textOf } from './payload.ts';
import { idOf } from './snowflake.ts';

/**
 * The body of Create Message: nobody is notified, and a repeat of the nonce within minutes answers
 * the first message instead of posting a second one.
 * @see https://docs.discord.com/developers/resources/message#create-message
 */
export function newMessageBody(content: string, nonce: string): Payload {
  return { content, nonce, enforce_nonce: true, allowed_mentions: { parse: [] } };
}

/** The body of Edit Message; an edit does not inherit the allowed mentions. */
export function editMessageBody(content: string): Payload {
  return { content, allowed_mentions: { parse: [] } };
}

/** A message as far as we look for our own. */
export interface MessageReading {
  readonly id: string;
  readonly authorId: UserId | null;
  /** Null where the history leaves it out. */
  readonly nonce: string | null;
  readonly content: string;
}

/** Reads a message object; null without a usable id. */
export function messageFromPayload(value: unknown): MessageReading | null {
  const message = objectOf(value);
  const id = idOf(message.id);
  if (id === null) return null;
  return {
    id,
    authorId: idOf<UserId>(objectOf(message.author).id),
    nonce: nonceOf(message.nonce),
    content: textOf(message.content) ?? '',
  };
}

function nonceOf(value: unknown): string | null {
  return typeof value === 'number' ? String(value) : codeOf(value);
}

/**
 * The number in the body of an error answer, or null.
 * @see https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
 */
export function errorCodeOf(value: unknown): number | null {
  return countOf(objectOf(value).code);
}

/** The `retry_after` (seconds, fractions too) in the body of a 429, in ms, or null. */
export function retryAfterMsOf(value: unknown): number | null {
  const seconds = objectOf(value).retry_after;
  return typeof seconds === 'number' && seconds >= 0 ? Math.ceil(seconds * 1000) : null;
}
