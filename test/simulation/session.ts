import type { EventQueue } from './event-queue.ts';

/** What a process hears of its connection. */
export interface Listener {
  take(event: { readonly t: string; readonly s: number; readonly d: unknown }): void;
  heard(): void;
  lost(): void;
}

interface Sent {
  readonly sequence: number;
  readonly event: string;
  readonly payload: unknown;
}

/** Events of one resume come this close after each other. */
const REPLAY_MS = 4;

/** A gateway session: what was sent in it can be replayed to whoever resumes it. */
export class Session {
  readonly id: string;
  /** Guilds that were announced in it: events of others are not sent. */
  readonly guilds = new Set<string>();
  /** Since when nobody has been connected; null while somebody is. */
  brokenAt: number | null = null;
  readonly #queue: EventQueue;
  readonly #sent: Sent[] = [];
  #listener: Listener | null;
  #flowing = true;
  #over = false;
  /** Changes with every connection, so that an interrupted replay ends. */
  #connection = 0;

  constructor(id: string, queue: EventQueue, listener: Listener) {
    this.id = id;
    this.#queue = queue;
    this.#listener = listener;
  }

  get over(): boolean {
    return this.#over;
  }

  /** Somebody is connected, and everything comes through. */
  get flowing(): boolean {
    return this.#flowing && !this.#over;
  }

  send(event: string, payload: unknown): void {
    if (this.#over) return;
    const sent = { sequence: this.#sent.length + 1, event, payload };
    this.#sent.push(sent);
    if (this.#flowing) this.#hand(sent);
  }

  beat(): void {
    if (this.flowing) this.#listener?.heard();
  }

  /** Nothing comes through any more, and nobody knows. */
  cut(): void {
    this.#flowing = false;
    this.#connection += 1;
    this.brokenAt ??= this.#queue.now;
  }

  /** What was sent after that event comes again, then RESUMED. */
  resume(listener: Listener, sequence: number): void {
    this.#listener = listener;
    this.#connection += 1;
    this.brokenAt = null;
    this.#replay(sequence, this.#connection);
  }

  /** It cannot be resumed any more. */
  end(): void {
    this.#over = true;
  }

  #replay(index: number, connection: number): void {
    if (this.#over || connection !== this.#connection) return;
    const next = this.#sent[index];
    if (next === undefined) {
      this.#flowing = true;
      return this.send('RESUMED', {});
    }
    // It belongs to the connection of then.
    if (next.event === 'RESUMED') return this.#replay(index + 1, connection);
    this.#hand(next);
    this.#queue.after(REPLAY_MS, () => this.#replay(index + 1, connection));
  }

  #hand({ sequence, event, payload }: Sent): void {
    this.#listener?.take({ t: event, s: sequence, d: payload });
  }
}
