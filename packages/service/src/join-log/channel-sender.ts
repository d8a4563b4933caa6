import type { ChannelId } from 'wherefrom';
import { ChannelPace } from './channel-pace.ts';
import { composeLine } from './line.ts';
import { MessageEdits } from './message-edits.ts';
import { MessagePosts } from './message-posts.ts';
import type { QueuedLine } from './outbox-store.ts';
import { type Due, editDueAt, type NextSend, opensAt, planNext, type WaitingLine } from './plan.ts';
import type { SenderPorts } from './sender-ports.ts';

/** As many waiting lines as are looked at for one decision: more than a window can take. */
const LINES_AHEAD = 200;
const STORE_PAUSE_MS = 5_000;

/** Sends one channel's log, one request at a time. What is sent next is `planNext`'s decision. */
export class ChannelSender {
  readonly #channelId: ChannelId;
  readonly #ports: SenderPorts;
  readonly #rested: () => void;
  readonly #pace = new ChannelPace();
  readonly #posts: MessagePosts;
  readonly #edits: MessageEdits;
  #state: 'resting' | 'sending' | 'closed' = 'resting';
  /** The store failed, perhaps on the answer to a message that is there. */
  #interrupted = false;
  #withdraw: (() => void) | null = null;
  /** When it wakes by itself; only with `#withdraw`. */
  #wakesAt = 0;

  /** `rested` is called whenever nothing more is to be done, or nothing but to wait. */
  constructor(channelId: ChannelId, ports: SenderPorts, rested: () => void) {
    this.#channelId = channelId;
    this.#ports = ports;
    this.#rested = rested;
    this.#posts = new MessagePosts(channelId, ports, this.#pace);
    this.#edits = new MessageEdits(channelId, ports, this.#pace);
  }

  /** Nothing is under way and nothing is waited for. */
  get idle(): boolean {
    return this.#state !== 'sending' && this.#withdraw === null;
  }

  /** Nothing is under way, and nothing will be before that moment unless it is woken. */
  restsUntil(at: number): boolean {
    return this.idle || (this.#state === 'resting' && this.#wakesAt > at);
  }

  /** There may be something to do. While sending, the next decision sees it anyway. */
  wake(): void {
    if (this.#state !== 'resting' || this.#wakesInTime()) return;
    this.#run();
  }

  #run(): void {
    this.#withdraw?.();
    this.#withdraw = null;
    this.#state = 'sending';
    void this.#sendAll();
  }

  /** Sends nothing more. The answer to what is under way is stored if it still can be. */
  close(): void {
    this.#state = 'closed';
    this.#withdraw?.();
    this.#withdraw = null;
  }

  async #sendAll(): Promise<void> {
    try {
      if (this.#interrupted) this.#recover();
      await this.#sendUntilRest();
    } catch (cause) {
      this.#interrupted = true;
      if (this.#state !== 'closed') this.#ports.report({ kind: 'store-failed', cause });
      this.#rest(this.#ports.clock.now() + STORE_PAUSE_MS);
    }
  }

  #recover(): void {
    this.#ports.store.recover(this.#ports.clock.now(), this.#channelId);
    this.#interrupted = false;
  }

  /** Decides and comes to rest in one go, so that no wake falls between the two. */
  async #sendUntilRest(): Promise<void> {
    while (this.#state === 'sending') {
      const waiting = this.#waiting();
      if (waiting === 'shut') break;
      const next = this.#plan(waiting);
      switch (next.kind) {
        case 'idle':
          this.#rest(null);
          break;
        case 'wait':
          this.#rest(next.until);
          break;
        case 'post':
          await this.#posts.sendNew(
            waiting.filter((line) => next.lineIds.includes(line.id)),
            next.form,
          );
          break;
        case 'retry':
          await this.#posts.sendAgain(next.messageId);
          break;
        case 'edit':
          await this.#edits.send(next.messageId);
          break;
      }
    }
  }

  /** The lines to decide about. While the channel takes nothing, that there are some is enough. */
  #waiting(): readonly QueuedLine[] | 'shut' {
    const { clock, store } = this.#ports;
    if (!store.isWaiting(this.#channelId)) return [];
    const opens = this.#opensAt(clock.now());
    if (opens <= clock.now()) return store.waiting(this.#channelId, LINES_AHEAD);
    this.#rest(opens);
    return 'shut';
  }

  #opensAt(now: number): number {
    return opensAt({
      now,
      requests: this.#pace.requests(now),
      blockedUntil: this.#pace.blockedUntil,
    });
  }

  #plan(waiting: readonly QueuedLine[]): NextSend {
    const { clock, store } = this.#ports;
    const now = clock.now();
    return planNext({
      now,
      requests: this.#pace.requests(now),
      blockedUntil: this.#pace.blockedUntil,
      waiting: waiting.map((line) => this.#waitingLine(line)),
      retries: store.retries(this.#channelId),
      edits: waiting.length > 0 ? [] : this.#editsDue(),
    });
  }

  #waitingLine({ id, queuedAt, facts }: QueuedLine): WaitingLine {
    return {
      id,
      queuedAt,
      texts: composeLine(facts, (userId) => this.#ports.names.nameOf(userId)),
    };
  }

  #editsDue(): readonly Due[] {
    return this.#ports.store
      .stale(this.#channelId)
      .map((stale) => ({ messageId: stale.messageId, dueAt: editDueAt(stale) }));
  }

  #rest(until: number | null): void {
    if (this.#state === 'closed') return;
    this.#state = 'resting';
    if (until !== null) {
      this.#wakesAt = until;
      this.#withdraw = this.#ports.clock.schedule(until, () => this.#run());
    }
    this.#rested();
  }

  /** In a raid every join calls; while the channel takes nothing, looking again changes nothing. */
  #wakesInTime(): boolean {
    const now = this.#ports.clock.now();
    return this.#withdraw !== null && this.#wakesAt <= this.#opensAt(now);
  }
}
