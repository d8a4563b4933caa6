import {
  type ChannelId,
  editMessageBody,
  type GuildId,
  type MessageReading,
  messageFromPayload,
  newMessageBody,
  snowflakeAt,
  type UserId,
} from 'wherefrom';
import type {
  EditAnswer,
  FindAnswer,
  MessageEdit,
  MessageFailure,
  MessageSearch,
  Messages,
  NewMessage,
  PostAnswer,
} from '../ports.ts';
import type { DiscordRest, RestAnswer } from './discord-rest.ts';

/** Our clock may differ a little from the one that minted the ids. */
const CLOCK_SLACK_MS = 2_000;
const PAGE = 100;
const MAX_PAGES = 5;
/** A log line that is this late is better told about than waited for. */
const PATIENCE_MS = 20_000;
const UNKNOWN_MESSAGE = 10008;
/** The bot is not in the guild, or may not see the channel. */
const MISSING_ACCESS = 50001;

export interface RestMessagesOptions {
  readonly rest: DiscordRest;
  /** Whose messages `find` looks for; null before the bot knows who it is. */
  readonly myId: () => UserId | null;
  /** Whether the bot is in the guild, as far as it has been told. */
  readonly isHere: (guildId: GuildId) => boolean;
  /** Without the permission Discord answers with an empty history, not with an error. */
  readonly mayReadHistory: (channelId: ChannelId) => boolean;
}

/** Messages over REST. Never rejects. */
export class RestMessages implements Messages {
  readonly #rest: DiscordRest;
  readonly #myId: () => UserId | null;
  readonly #isHere: (guildId: GuildId) => boolean;
  readonly #mayReadHistory: (channelId: ChannelId) => boolean;

  constructor(options: RestMessagesOptions) {
    this.#rest = options.rest;
    this.#myId = options.myId;
    this.#isHere = options.isHere;
    this.#mayReadHistory = options.mayReadHistory;
  }

  async post(message: NewMessage): Promise<PostAnswer> {
    const answer = await this.#rest.request({
      method: 'POST',
      path: `/channels/${message.channelId}/messages`,
      body: newMessageBody(message.content, message.nonce),
      patienceMs: PATIENCE_MS,
    });
    if (answer.kind !== 'answered') return failureOf(answer);
    const sent = messageFromPayload(answer.body);
    return sent === null ? { kind: 'unsure' } : { kind: 'sent', messageId: sent.id };
  }

  async edit(edit: MessageEdit): Promise<EditAnswer> {
    const answer = await this.#rest.request({
      method: 'PATCH',
      path: `/channels/${edit.channelId}/messages/${edit.messageId}`,
      body: editMessageBody(edit.content),
      patienceMs: PATIENCE_MS,
    });
    return answer.kind === 'answered' ? { kind: 'edited' } : failureOf(answer);
  }

  async find(search: MessageSearch): Promise<FindAnswer> {
    if (!this.#isHere(search.guildId)) return { kind: 'later' };
    if (!this.#mayReadHistory(search.channelId)) return { kind: 'unreadable' };
    const found: MessageReading[] = [];
    let after = snowflakeAt(search.after - CLOCK_SLACK_MS);
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const messages = await this.#page(search.channelId, after);
      if (typeof messages === 'string') return { kind: messages };
      found.push(...messages.filter((message) => this.#isMeant(message, search)));
      const newest = newestId(messages);
      if (messages.length < PAGE || newest === null) return findAnswer(found);
      after = newest;
    }
    // More was written since than we are willing to read: that is no proof of absence.
    return found.length > 0 ? findAnswer(found) : { kind: 'unreadable' };
  }

  /** What hinders it, unless every message of the page could be read. */
  async #page(
    channelId: ChannelId,
    after: string,
  ): Promise<readonly MessageReading[] | 'unreadable' | 'later'> {
    const answer = await this.#rest.request({
      method: 'GET',
      path: `/channels/${channelId}/messages`,
      query: { after, limit: String(PAGE) },
      patienceMs: PATIENCE_MS,
    });
    if (answer.kind === 'refused') return answer.code === MISSING_ACCESS ? 'later' : 'unreadable';
    if (answer.kind !== 'answered') return 'later';
    if (!Array.isArray(answer.body)) return 'unreadable';
    const messages = answer.body.map(messageFromPayload);
    return messages.every((message) => message !== null) ? messages : 'unreadable';
  }

  #isMeant(message: MessageReading, search: MessageSearch): boolean {
    if (message.authorId === null || message.authorId !== this.#myId()) return false;
    if (message.nonce !== null) return message.nonce === search.nonce;
    return haveSameMentions(message.content, search.mentions);
  }
}

function failureOf(answer: Exclude<RestAnswer, { readonly kind: 'answered' }>): MessageFailure {
  switch (answer.kind) {
    case 'refused':
      return { kind: 'refused', what: refusedThing(answer), reason: reasonOf(answer) };
    case 'rate-limited':
      return { kind: 'rate-limited', retryAfterMs: answer.retryAfterMs };
    case 'token-refused':
      return { kind: 'failed', retry: true };
    case 'unreachable':
      return answer.unsure ? { kind: 'unsure' } : { kind: 'failed', retry: true };
  }
}

type Refused = Extract<RestAnswer, { readonly kind: 'refused' }>;

function refusedThing(answer: Refused): 'channel' | 'message' | 'content' {
  if (answer.code === UNKNOWN_MESSAGE) return 'message';
  return answer.status === 400 ? 'content' : 'channel';
}

function reasonOf(answer: Refused): string {
  return answer.code === null
    ? `HTTP ${answer.status}`
    : `HTTP ${answer.status}, code ${answer.code}`;
}

function findAnswer(found: readonly MessageReading[]): FindAnswer {
  if (found.length === 0) return { kind: 'absent' };
  return { kind: 'found', messageIds: found.map(({ id }) => id).sort(byAge) };
}

function newestId(messages: readonly MessageReading[]): string | null {
  return (
    messages
      .map(({ id }) => id)
      .sort(byAge)
      .at(-1) ?? null
  );
}

function byAge(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}

function haveSameMentions(content: string, userIds: readonly UserId[]): boolean {
  const named = new Set(Array.from(content.matchAll(/<@!?(\d+)>/g), (match) => match[1]));
  return named.size === new Set(userIds).size && userIds.every((id) => named.has(id));
}
