import type { Connection } from './connection.ts';

/** A function that writes one event for a given sequence number. */
type Encode = (sequence: number) => string;

type Kept = { readonly sequence: number; readonly encode: Encode };

/** What a session was identified with. */
export type SessionTerms = {
  readonly id: string;
  readonly shardId: number;
  readonly shardCount: number;
  readonly intents: number;
  readonly replayLimit: number;
};

/** Turns an event into a text with a sequence number. */
function encoder(event: string, payload: () => unknown): Encode {
  return (sequence) => JSON.stringify({ op: 0, t: event, s: sequence, d: payload() });
}

/**
 * What outlives a connection: the sequence, the events to replay, the guilds still to announce.
 * Events of a session without a connection are only kept.
 */
export class Session {
  readonly terms: SessionTerms;
  /** By `performance.now`. */
  readonly startedMs = performance.now();
  connection: Connection | null = null;
  /** Guilds that READY promised and that have not come yet. */
  readonly unannounced = new Set<string>();
  expiry: NodeJS.Timeout | undefined;
  /** Its shard has identified anew, so nobody is expected to come back for this one. */
  abandoned = false;
  #sequence = 0;
  #kept: Kept[] = [];

  constructor(terms: SessionTerms) {
    this.terms = terms;
  }

  /** Numbers an event, keeps it, and sends it if somebody is connected. */
  dispatch(event: string, payload: () => unknown): Promise<void> {
    this.#sequence += 1;
    const kept = { sequence: this.#sequence, encode: encoder(event, payload) };
    this.#kept.push(kept);
    // Halving now and then is cheaper than shifting every time.
    if (this.#kept.length > this.terms.replayLimit * 2) {
      this.#kept = this.#kept.slice(-this.terms.replayLimit);
    }
    return this.connection?.send(kept.encode(kept.sequence)) ?? Promise.resolve();
  }

  /** Whether everything after `sequence` is still kept. */
  canReplay(sequence: number): boolean {
    if (sequence > this.#sequence) return false;
    const oldest = this.#kept[0]?.sequence ?? this.#sequence + 1;
    return oldest <= sequence + 1;
  }

  /** Sends again what the client has not seen. */
  replay(sequence: number): void {
    for (const kept of this.#kept) {
      if (kept.sequence > sequence) void this.connection?.send(kept.encode(kept.sequence));
    }
  }
}
