import type { ChannelId } from 'wherefrom';
import { type EditAnswer, NO_MENTIONS } from '../ports.ts';
import type { ChannelPace } from './channel-pace.ts';
import { layOut } from './layout.ts';
import { composeLine } from './line.ts';
import { contentHash } from './nonce.ts';
import type { StoredMessage } from './outbox-store.ts';
import { mayReopen, retryDelayMs } from './retry.ts';
import type { SenderPorts } from './sender-ports.ts';

type Refused = Extract<EditAnswer, { readonly kind: 'refused' }>;

/** Brings the messages of one channel up to date with what is known by now. */
export class MessageEdits {
  readonly #channelId: ChannelId;
  readonly #ports: SenderPorts;
  readonly #pace: ChannelPace;
  #failures = 0;

  constructor(channelId: ChannelId, ports: SenderPorts, pace: ChannelPace) {
    this.#channelId = channelId;
    this.#ports = ports;
    this.#pace = pace;
  }

  async send(messageId: number): Promise<void> {
    const { clock, messages, store } = this.#ports;
    const message = store.message(messageId);
    if (message === null || message.discordId === null) return;
    const content = this.#content(message);
    const hash = contentHash(content);
    // Most new versions change the evidence and not a word of the line.
    if (hash !== message.hash) {
      store.editing(messageId);
      const edit = { channelId: this.#channelId, messageId: message.discordId, content };
      const answer = await messages.edit({ ...edit, allowedMentions: NO_MENTIONS });
      this.#pace.answered(clock.now());
      if (answer.kind !== 'edited') {
        this.#failed(messageId, answer, clock.now());
        return;
      }
    }
    this.#failures = 0;
    store.edited(messageId, hash, message.lines);
  }

  /** Repeating an edit is harmless, so an unsure one is simply made again. */
  #failed(
    messageId: number,
    answer: Exclude<EditAnswer, { readonly kind: 'edited' }>,
    now: number,
  ): void {
    const { store } = this.#ports;
    switch (answer.kind) {
      case 'rate-limited':
        this.#pace.blockUntil(now + answer.retryAfterMs);
        store.postponeEdit(messageId, now + answer.retryAfterMs);
        break;
      case 'refused':
        this.#refused(messageId, answer, now);
        break;
      case 'failed':
      case 'unsure':
        if (answer.kind === 'failed' && !answer.retry) {
          this.#drop(messageId, 'it could not be edited');
          break;
        }
        this.#failures += 1;
        store.postponeEdit(messageId, now + retryDelayMs(this.#failures));
        break;
    }
  }

  #refused(messageId: number, { what, reason }: Refused, now: number): void {
    if (what !== 'channel') return this.#drop(messageId, reason);
    this.#pace.refused(now);
    if (mayReopen(this.#touchedAt(messageId), now)) {
      this.#ports.store.postponeEdit(messageId, this.#pace.blockedUntil);
    } else this.#drop(messageId, reason);
  }

  #touchedAt(messageId: number): number {
    const stale = this.#ports.store.stale(this.#channelId);
    return stale.find((message) => message.messageId === messageId)?.touchedAt ?? 0;
  }

  #drop(messageId: number, reason: string): void {
    this.#ports.store.drop(messageId, reason);
    this.#ports.report({ kind: 'message-dropped', channelId: this.#channelId, reason });
  }

  #content(message: StoredMessage): string {
    const { names } = this.#ports;
    const texts = message.lines.map((line) =>
      composeLine(line.facts, (userId) => names.nameOf(userId)),
    );
    return layOut(texts, message.form, message.repeated);
  }
}
