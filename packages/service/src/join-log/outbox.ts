import type { ChannelId, GuildId, GuildStep } from 'wherefrom';
import { ChannelSender } from './channel-sender.ts';
import { OutboxCare } from './outbox-care.ts';
import type { RemovalNoted } from './outbox-store.ts';
import type { RecentRemovals } from './recent-removals.ts';
import type { SenderPorts } from './sender-ports.ts';

export interface OutboxPorts extends SenderPorts {
  /** The same one that the store asks. */
  readonly removals: RecentRemovals;
}

const STORE_PAUSE_MS = 5_000;

/** Brings the stored lines of the join log into their channels, each line once. */
export class Outbox {
  readonly #ports: OutboxPorts;
  readonly #care: OutboxCare;
  readonly #senders = new Map<ChannelId, ChannelSender>();
  /** `starting`: what an earlier process left could not be read yet. */
  #state: 'new' | 'starting' | 'running' | 'closed' = 'new';
  #withdraw: (() => void) | null = null;
  #drained: { readonly until: number; readonly done: () => void } | null = null;

  constructor(ports: OutboxPorts) {
    this.#ports = ports;
    this.#care = new OutboxCare(ports.clock, ports.store, (cause) => this.#storeFailed(cause));
  }

  /** Takes up what an earlier process left unsent. Nothing is sent before. */
  start(): void {
    this.#state = 'starting';
    this.#care.start();
    this.#takeUp();
  }

  /** Nobody else would ask for these lines: a store that fails is asked until it answers. */
  #takeUp(): void {
    this.#withdraw = null;
    try {
      if (this.#state === 'starting') this.#ports.store.recover(this.#ports.clock.now());
      this.#state = 'running';
      this.#wakeBusy();
    } catch (cause) {
      this.#storeFailed(cause);
    }
  }

  /** The tracker's `committed`: what the step queued is sent. */
  committed(step: GuildStep): void {
    if (this.#state !== 'running') return;
    if (step.records.length === 0 && step.members.length === 0) return;
    this.#attempt(() => this.#wakeBusy(step.guildId));
    this.#care.stirred();
  }

  /** The audit log names a kick or ban, before or after the leave itself is known. */
  noteRemoval(removed: RemovalNoted): void {
    this.#ports.removals.note(removed);
    this.#attempt(() => {
      const noted = this.#ports.store.noteRemoval(removed);
      if (noted && this.#state === 'running') this.#wakeBusy(removed.guildId);
    });
  }

  /**
   * For shutdown: sends what can be sent within the time, then sends nothing more. Answers whether
   * all of it was sent; the rest goes out at the next start. What is put off for longer is not
   * waited for. Times by the port's clock.
   */
  async drain(timeoutMs: number): Promise<boolean> {
    const { clock } = this.#ports;
    await new Promise<void>((resolve) => {
      const until = clock.now() + timeoutMs;
      const withdraw = clock.schedule(until, resolve);
      const done = (): void => {
        withdraw();
        resolve();
      };
      this.#drained = { until, done };
      this.#rested();
    });
    const all = this.#allIdle();
    this.#close();
    return all;
  }

  #close(): void {
    this.#state = 'closed';
    this.#withdraw?.();
    this.#drained = null;
    this.#care.stop();
    for (const sender of this.#senders.values()) sender.close();
  }

  #wakeBusy(guildId?: GuildId): void {
    for (const channelId of this.#ports.store.busyChannels(guildId))
      this.#senderOf(channelId).wake();
  }

  #senderOf(channelId: ChannelId): ChannelSender {
    const known = this.#senders.get(channelId);
    if (known !== undefined) return known;
    const sender = new ChannelSender(channelId, this.#ports, () => this.#rested());
    this.#senders.set(channelId, sender);
    return sender;
  }

  #rested(): void {
    const drained = this.#drained;
    if (drained === null) return;
    if ([...this.#senders.values()].every((sender) => sender.restsUntil(drained.until))) {
      drained.done();
    }
  }

  #allIdle(): boolean {
    return [...this.#senders.values()].every((sender) => sender.idle);
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (cause) {
      this.#storeFailed(cause);
    }
  }

  #storeFailed(cause: unknown): void {
    this.#ports.report({ kind: 'store-failed', cause });
    if (this.#state !== 'starting' && this.#state !== 'running') return;
    const { clock } = this.#ports;
    this.#withdraw ??= clock.schedule(clock.now() + STORE_PAUSE_MS, () => this.#takeUp());
  }
}
