import type { ChannelId, GuildId, UserId } from 'wherefrom';

/** Id of a message in a channel: a snowflake, text as all of them. */
export type MessageId = string;

/**
 * What every message of the join log sends along, on post and on edit alike (an edit does not
 * inherit it): nobody is ever notified. https://docs.discord.com/developers/resources/message#allowed-mentions-object
 */
export interface NoMentions {
  readonly parse: readonly [];
}

export const NO_MENTIONS: NoMentions = { parse: [] };

/**
 * Writes messages in channels. Resolves always: a failure is an answer, not an exception. Buckets
 * and the global limit are its own business; a limit it will not wait for is `rate-limited`.
 */
export interface Messages {
  /** Create Message with `enforce_nonce: true`: a repeat within minutes answers the first message. */
  post(message: NewMessage): Promise<PostAnswer>;
  edit(message: MessageEdit): Promise<EditAnswer>;
  /** Looks in the channel's history for a message of ours; never needed in ordinary operation. */
  find(search: MessageSearch): Promise<FindAnswer>;
}

export interface NewMessage {
  readonly channelId: ChannelId;
  readonly content: string;
  /** At most 25 characters, of base64url. */
  readonly nonce: string;
  readonly allowedMentions: NoMentions;
}

export interface MessageEdit {
  readonly channelId: ChannelId;
  readonly messageId: MessageId;
  readonly content: string;
  readonly allowedMentions: NoMentions;
}

export interface MessageSearch {
  readonly guildId: GuildId;
  readonly channelId: ChannelId;
  readonly nonce: string;
  /** Milliseconds since 1970; messages older than this cannot be meant. */
  readonly after: number;
  /** The content names exactly these users as `<@id>`: for histories that leave the nonce out. */
  readonly mentions: readonly UserId[];
}

/** What any call may answer when it did not do what was asked. */
export type MessageFailure =
  /** 403 or 404, or 400: asking again would get the same. `what` is the thing that is gone or shut. */
  | {
      readonly kind: 'refused';
      readonly what: 'channel' | 'message' | 'content';
      readonly reason: string;
    }
  /** 429: nothing was done. */
  | { readonly kind: 'rate-limited'; readonly retryAfterMs: number }
  /** A timeout, a broken connection or a 5xx: it may or may not have been done. */
  | { readonly kind: 'unsure' }
  /** It was surely not done (never left this machine, 401). `retry` false: give it up. */
  | { readonly kind: 'failed'; readonly retry: boolean };

export type PostAnswer = { readonly kind: 'sent'; readonly messageId: MessageId } | MessageFailure;
export type EditAnswer = { readonly kind: 'edited' } | MessageFailure;
export type FindAnswer =
  /** Our own messages that match, oldest first: by nonce, or where there is none, by mentions. */
  | { readonly kind: 'found'; readonly messageIds: readonly MessageId[] }
  /** The history since `after` was read in full and has no such message. */
  | { readonly kind: 'absent' }
  /** The bot may not read the history here, or it could not be read. */
  | { readonly kind: 'unreadable' }
  /** Not now: the bot is not in the guild, cannot see the channel, or Discord did not answer. */
  | { readonly kind: 'later' };

/** Where a guild's join log goes. */
export interface LogChannels {
  /** Null where the guild has no log channel, or the bot may not write in it. */
  channelFor(guildId: GuildId): LogChannel | null;
}

export interface LogChannel {
  readonly id: ChannelId;
  /** True if @everyone can read it: then codes that open roles are not shown in full. */
  readonly everyoneReads: boolean;
}

/** Names of people as payloads told them, in memory only. */
export interface Names {
  /** The display name, not escaped, or null if it is not known (any more). */
  nameOf(userId: UserId): string | null;
}

/** How a membership ended, where the audit log tells (entries 20, 22 and 21). */
export type Removal = 'kicked' | 'banned' | 'pruned';

/** Removals that the audit log told before the leave itself was committed. */
export interface Removals {
  removalOf(leave: {
    readonly guildId: GuildId;
    readonly userId: UserId;
    readonly at: number;
  }): Removal | null;
}
