import type { ChannelId } from 'wherefrom';
import { NO_MENTIONS, type PostAnswer } from '../ports.ts';
import type { ChannelPace } from './channel-pace.ts';
import { type Form, layOut } from './layout.ts';
import { composeLine } from './line.ts';
import { contentHash, nonceOf } from './nonce.ts';
import type { QueuedLine, StoredMessage } from './outbox-store.ts';
import {
  blindStep,
  HISTORY_PAUSE_MS,
  mayReopen,
  retryDelayMs,
  retryStep,
  unsureDelayMs,
} from './retry.ts';
import type { SenderPorts } from './sender-ports.ts';

/** Our time of the attempt and Discord's of the message need not agree to the second. */
const CLOCK_MARGIN_MS = 5_000;

interface Post {
  readonly id: number;
  readonly nonce: string;
  readonly content: string;
  readonly attempts: number;
  /** When the first attempt was made that may have arrived; null if none did. */
  readonly unsureAt: number | null;
}

type Refused = Extract<PostAnswer, { readonly kind: 'refused' }>;

interface Repeat {
  /** The earlier attempts count no more. */
  readonly fresh: boolean;
  /** Nobody knows whether the message is there already. */
  readonly repeated: boolean;
}

/** Posts the messages of one channel: each is on disk, as being sent, before it is sent. */
export class MessagePosts {
  readonly #channelId: ChannelId;
  readonly #ports: SenderPorts;
  readonly #pace: ChannelPace;

  constructor(channelId: ChannelId, ports: SenderPorts, pace: ChannelPace) {
    this.#channelId = channelId;
    this.#ports = ports;
    this.#pace = pace;
  }

  /** One new message with these lines; all of one guild. */
  async sendNew(lines: readonly QueuedLine[], form: Form): Promise<void> {
    const { clock, store } = this.#ports;
    const guildId = lines[0]?.guildId;
    if (guildId === undefined) return;
    const content = this.#content(lines, form, false);
    const nonce = nonceOf(
      guildId,
      lines.map((line) => line.key),
    );
    const id = store.open({
      guildId,
      channelId: this.#channelId,
      nonce,
      form,
      lineIds: lines.map((line) => line.id),
      hash: contentHash(content),
      at: clock.now(),
    });
    await this.#post({ id, nonce, content, attempts: 1, unsureAt: null });
  }

  /** A message of which an earlier attempt failed, or may have arrived. */
  async sendAgain(messageId: number): Promise<void> {
    const message = this.#unsent(messageId);
    if (message === null) return;
    if (retryStep(message, this.#ports.clock.now()) === 'look-up') {
      await this.#lookUp(message);
    } else {
      const fresh = message.unsureAt === null;
      await this.#repost(message, { fresh, repeated: message.repeated });
    }
  }

  /** With what its lines say at this moment; null if there is nothing to say. */
  #unsent(messageId: number): StoredMessage | null {
    const message = this.#ports.store.message(messageId);
    if (message === null || message.lines.length > 0) return message;
    this.#drop(messageId, 'its lines were erased');
    return null;
  }

  /** Too late for the nonce: only the history can tell whether the message is there. */
  async #lookUp(tried: StoredMessage): Promise<void> {
    const { id } = tried;
    const found = await this.#find(tried);
    if (found === 'noted') return;
    // While the history was read its lines may have changed.
    const message = this.#unsent(id);
    if (message === null) return;
    if (found === 'later') {
      this.#waitForHistory(message);
    } else if (found === 'absent') {
      await this.#repost(message, { fresh: true, repeated: message.repeated });
    } else if (blindStep(message) === 'give-up') {
      this.#drop(id, 'it may or may not have been sent');
    } else {
      await this.#repost(message, { fresh: true, repeated: true });
    }
  }

  /** Looks for it in the history, and notes it as sent if it is there. */
  async #find(message: StoredMessage): Promise<'noted' | 'absent' | 'unreadable' | 'later'> {
    const { messages, store } = this.#ports;
    const { id, guildId, nonce, unsureAt, lines } = message;
    const answer = await messages.find({
      guildId,
      channelId: this.#channelId,
      nonce,
      after: (unsureAt ?? 0) - CLOCK_MARGIN_MS,
      mentions: lines.map((line) => line.key.userId),
    });
    if (answer.kind !== 'found') return answer.kind;
    // Where the nonce is left out it may be another message about the same member: it is edited.
    return answer.messageIds.some((there) => store.found(id, there)) ? 'noted' : 'absent';
  }

  /** Sent blindly, it would fail too, or be there twice; once we are back the history can be read. */
  #waitForHistory({ id, unsureAt }: StoredMessage): void {
    const now = this.#ports.clock.now();
    if (mayReopen(unsureAt ?? 0, now)) {
      this.#ports.store.postpone(id, now + HISTORY_PAUSE_MS, 'unsure');
    } else this.#drop(id, 'it may or may not have been sent');
  }

  /** The message has to be read in the same turn: its lines count as tried in their present version. */
  async #repost(message: StoredMessage, { fresh, repeated }: Repeat): Promise<void> {
    const { id, nonce, attempts, unsureAt } = message;
    const content = this.#content(message.lines, message.form, repeated);
    const at = this.#ports.clock.now();
    // Discord may remember the nonce longer than it says, and answer with the first message.
    const hash = repeated ? null : contentHash(content);
    this.#ports.store.attempt(id, { at, hash, fresh, repeated });
    await this.#post({
      id,
      nonce,
      content,
      attempts: attempts + 1,
      unsureAt: fresh ? null : unsureAt,
    });
  }

  async #post(post: Post): Promise<void> {
    const { clock, messages } = this.#ports;
    const { nonce, content } = post;
    const answer = await messages.post({
      channelId: this.#channelId,
      content,
      nonce,
      allowedMentions: NO_MENTIONS,
    });
    const now = clock.now();
    this.#pace.answered(now);
    if (answer.kind === 'refused') await this.#refused(post, answer, now);
    else this.#settle(post, answer, now);
  }

  #settle(post: Post, answer: Exclude<PostAnswer, Refused>, now: number): void {
    const { store } = this.#ports;
    const { id, attempts, unsureAt } = post;
    const before = unsureAt === null ? 'pending' : 'unsure';
    const retryAt = now + (unsureAt === null ? retryDelayMs(attempts) : unsureDelayMs(attempts));
    switch (answer.kind) {
      case 'sent':
        this.#pace.accepted();
        if (!store.sent(id, answer.messageId))
          this.#drop(id, 'Discord answered with another message');
        break;
      case 'unsure':
        store.postpone(id, now + unsureDelayMs(attempts), 'unsure');
        break;
      case 'rate-limited':
        this.#pace.blockUntil(now + answer.retryAfterMs);
        store.postpone(id, now + answer.retryAfterMs, before);
        break;
      case 'failed':
        if (answer.retry) store.postpone(id, retryAt, before);
        else this.#drop(id, 'it could not be sent');
        break;
    }
  }

  async #refused({ id, unsureAt }: Post, { what, reason }: Refused, now: number): Promise<void> {
    const isLost = what !== 'channel' || unsureAt === null || !(await this.#isKept(id));
    if (isLost) this.#drop(id, reason);
    if (what === 'channel') this.#channelRefused(reason, now);
  }

  /** The earlier attempt may be there: then it is not given up, and what it says is corrected. */
  async #isKept(messageId: number): Promise<boolean> {
    const message = this.#ports.store.message(messageId);
    if (message === null) return false;
    const found = await this.#find(message);
    if (found === 'later') this.#waitForHistory(message);
    return found === 'later' || found === 'noted';
  }

  #channelRefused(reason: string, now: number): void {
    this.#pace.refused(now);
    const channelId = this.#channelId;
    const linesDropped = this.#ports.store.dropWaiting(channelId, reason);
    this.#ports.report({ kind: 'channel-refused', channelId, reason, linesDropped });
  }

  #drop(messageId: number, reason: string): void {
    this.#ports.store.drop(messageId, reason);
    this.#ports.report({ kind: 'message-dropped', channelId: this.#channelId, reason });
  }

  #content(lines: readonly QueuedLine[], form: Form, repeated: boolean): string {
    const { names } = this.#ports;
    const texts = lines.map((line) => composeLine(line.facts, (userId) => names.nameOf(userId)));
    return layOut(texts, form, repeated);
  }
}
