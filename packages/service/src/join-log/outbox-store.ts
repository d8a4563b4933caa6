import type { ChannelId, GuildId, UserId } from 'wherefrom';
import type { MessageId, Removal } from '../ports.ts';
import type { LineFacts } from './facts.ts';
import type { Form } from './layout.ts';
import type { NonceLine } from './nonce.ts';

/**
 * Lines and messages of the join log as they are stored. Every call is one transaction and done
 * when it returns, so that what is about to be sent is on disk before it is sent.
 * Each may throw ServiceError.
 */
export interface OutboxStore {
  /** Channels of a guild (of all guilds) with anything to send, edit or try again. */
  busyChannels(guildId?: GuildId): readonly ChannelId[];
  /** Whether there is any line that no message holds yet. */
  isWaiting(channelId: ChannelId): boolean;
  /** Lines that no message holds yet, oldest first. */
  waiting(channelId: ChannelId, limit: number): readonly QueuedLine[];
  /** Messages to try again, by when. */
  retries(channelId: ChannelId): readonly StoredDue[];
  /** Sent messages whose facts changed since. */
  stale(channelId: ChannelId): readonly StaleMessage[];
  message(messageId: number): StoredMessage | null;

  /** Stores a new message with its lines, as being sent. Answers its id. */
  open(message: NewOutboxMessage): number;
  /** Stores that a message is being sent (again). */
  attempt(messageId: number, attempt: Attempt): void;
  /**
   * The message is there, and says what the uncertain attempts said, if they all said the same.
   * False (and nothing changed) if that is another message of ours.
   */
  sent(messageId: number, discordId: MessageId): boolean;
  /** The same for a message from the history: it is taken for ours, and nobody knows its words. */
  found(messageId: number, discordId: MessageId): boolean;
  /** It is surely not there (`pending`), or nobody knows (`unsure`). */
  postpone(messageId: number, until: number, state: 'pending' | 'unsure'): void;
  /** The message is being edited: until `edited` nobody knows what it says. */
  editing(messageId: number): void;
  /** The message now says what these versions of its lines say. */
  edited(messageId: number, hash: string, lines: readonly LineVersion[]): void;
  /** An edit is put off. */
  postponeEdit(messageId: number, until: number): void;
  /** The message and its lines will not be sent or edited any more. */
  drop(messageId: number, reason: string): void;
  /** All lines of the channel that no message holds are given up. Answers how many. */
  dropWaiting(channelId: ChannelId, reason: string): number;

  /**
   * What was being sent (in that channel) when the process ended, or when an answer could not be
   * stored, may or may not be there. Answers how many.
   */
  recover(now: number, channelId?: ChannelId): number;
  /** Adds how a member was removed to a leave line of that moment. False if there is none yet. */
  noteRemoval(removed: RemovalNoted): boolean;
  /** Erases names that no edit will need any more. Answers how many lines still hold one. */
  eraseNames(now: number): number;
  /** Deletes messages and lines from before that time. */
  forget(before: number): void;
}

export interface QueuedLine {
  readonly id: number;
  readonly guildId: GuildId;
  readonly queuedAt: number;
  readonly key: NonceLine;
  readonly facts: LineFacts;
  /** The version of the facts. */
  readonly wanted: number;
}

export interface StoredDue {
  readonly messageId: number;
  readonly dueAt: number;
}

export interface StaleMessage {
  readonly messageId: number;
  /** When the first of the changes came that it does not show yet. */
  readonly touchedAt: number;
  /** An edit was put off until then. */
  readonly notBefore: number;
}

export interface StoredMessage {
  readonly id: number;
  readonly guildId: GuildId;
  readonly channelId: ChannelId;
  readonly nonce: string;
  readonly form: Form;
  /** Null until it is known to be there. */
  readonly discordId: MessageId | null;
  readonly attempts: number;
  /** First attempt of which nobody knows what became of it. */
  readonly unsureAt: number | null;
  readonly repeated: boolean;
  /** Of the words that it says; null where nobody knows. */
  readonly hash: string | null;
  readonly lines: readonly QueuedLine[];
}

export interface NewOutboxMessage {
  readonly guildId: GuildId;
  readonly channelId: ChannelId;
  readonly nonce: string;
  readonly form: Form;
  readonly lineIds: readonly number[];
  readonly hash: string;
  readonly at: number;
}

export interface Attempt {
  readonly at: number;
  /** Of the words; null if those of an earlier attempt may be there instead. */
  readonly hash: string | null;
  /** Earlier attempts surely failed, or are given up: forget them. */
  readonly fresh: boolean;
  readonly repeated: boolean;
}

export interface LineVersion {
  readonly id: number;
  readonly wanted: number;
}

export interface RemovalNoted {
  readonly guildId: GuildId;
  readonly userId: UserId;
  readonly removal: Removal;
  readonly at: number;
}
