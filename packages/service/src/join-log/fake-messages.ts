import type { ChannelId, Clock } from 'wherefrom';
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

const NONCE_HELD_MS = 5 * 60_000;

export interface FakeMessage {
  readonly id: string;
  readonly channelId: ChannelId;
  readonly nonce: string;
  readonly postedAt: number;
  content: string;
}

/** What becomes of one request: `lost` arrives, but its answer does not. */
export type Fate = MessageFailure | { readonly kind: 'lost' } | { readonly kind: 'never' };

/** Discord's channels for tests: remembers nonces for five minutes, answers after a latency. */
export class FakeMessages implements Messages {
  readonly messages: FakeMessage[] = [];
  readonly requests: {
    readonly kind: 'post' | 'edit';
    readonly at: number;
    readonly channelId: ChannelId;
  }[] = [];
  /** Fates of the requests to come, in order; when it is empty all goes well. */
  readonly fates: Fate[] = [];
  /** Called before a request is carried out. */
  onRequest: () => void = () => {};
  /** `nonceless`: as Discord's may be; then whom a message names has to do. */
  history: 'readable' | 'nonceless' | 'unreadable' | 'later' = 'readable';
  latencyMs = 100;
  finds = 0;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get contents(): readonly string[] {
    return this.messages.map((message) => message.content);
  }

  async post(message: NewMessage): Promise<PostAnswer> {
    if (message.allowedMentions.parse.length > 0) throw new Error('a message may notify somebody');
    const fate = await this.#request('post', message.channelId);
    if (fate !== null && fate.kind !== 'lost') return fate;
    const messageId = this.#carryOut(message);
    return fate === null ? { kind: 'sent', messageId } : { kind: 'unsure' };
  }

  async edit(edit: MessageEdit): Promise<EditAnswer> {
    if (edit.allowedMentions.parse.length > 0) throw new Error('an edit may notify somebody');
    const fate = await this.#request('edit', edit.channelId);
    if (fate !== null && fate.kind !== 'lost') return fate;
    const message = this.messages.find(({ id }) => id === edit.messageId);
    if (message === undefined)
      return { kind: 'refused', what: 'message', reason: 'unknown message' };
    message.content = edit.content;
    return fate === null ? { kind: 'edited' } : { kind: 'unsure' };
  }

  async find(search: MessageSearch): Promise<FindAnswer> {
    this.finds += 1;
    await this.#latency();
    if (this.history === 'unreadable' || this.history === 'later') return { kind: this.history };
    const found = this.messages.filter(
      (message) => message.postedAt >= search.after && this.#isMeant(message, search),
    );
    return found.length === 0
      ? { kind: 'absent' }
      : { kind: 'found', messageIds: found.map(({ id }) => id) };
  }

  #isMeant({ nonce, content }: FakeMessage, search: MessageSearch): boolean {
    if (this.history === 'readable') return nonce === search.nonce;
    return search.mentions.every((userId) => content.includes(`<@${userId}>`));
  }

  async #request(
    kind: 'post' | 'edit',
    channelId: ChannelId,
  ): Promise<Exclude<Fate, { kind: 'never' }> | null> {
    this.onRequest();
    this.requests.push({ kind, at: this.#clock.now(), channelId });
    const fate = this.fates.shift() ?? null;
    if (fate?.kind === 'never') return new Promise(() => {});
    await this.#latency();
    return fate;
  }

  #latency(): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.schedule(this.#clock.now() + this.latencyMs, resolve);
    });
  }

  #carryOut({ channelId, content, nonce }: NewMessage): string {
    const now = this.#clock.now();
    const earlier = this.messages.find(
      (message) =>
        message.nonce === nonce &&
        message.channelId === channelId &&
        now - message.postedAt < NONCE_HELD_MS,
    );
    if (earlier !== undefined) return earlier.id;
    const id = String(700_000_000_000_000_000n + BigInt(this.messages.length));
    this.messages.push({ id, channelId, nonce, postedAt: now, content });
    return id;
  }
}
