import type { Connection } from './connection.ts';

/** An event as it was when it happened: a replay must not tell what came later. */
type Kept = KeptEvent & { readonly payload: unknown };

/** An event that a session keeps for a resume. */
export type KeptEvent = {
  readonly sequence: number;
  readonly event: string;
  /** When the session took it, in Unix milliseconds. */
  readonly atMs: number;
};

/** What a session was identified with. */
export type SessionTerms = {
  readonly id: string;
  readonly shardId: number;
  readonly shardCount: number;
  readonly intents: number;
  readonly replayLimit: number;
  /** The time in Unix milliseconds. */
  readonly clock: () => number;
};

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
  dispatch(event: string, payload: unknown): Promise<void> {
    this.#sequence += 1;
    const kept = { sequence: this.#sequence, event, payload, atMs: this.terms.clock() };
    this.#kept.push(kept);
    // Halving now and then is cheaper than shifting every time.
    if (this.#kept.length > this.terms.replayLimit * 2) {
      this.#kept = this.#kept.slice(-this.terms.replayLimit);
    }
    return this.#send(kept);
  }

  /** Whether `sequence` was ever sent, and no more came after it than may be replayed. */
  canReplay(sequence: number): boolean {
    if (!Number.isInteger(sequence) || sequence < 0) return false;
    const missed = this.#sequence - sequence;
    return missed >= 0 && missed <= this.terms.replayLimit;
  }

  /** Sends again what the client has not seen. */
  replay(sequence: number): void {
    for (const kept of this.#after(sequence)) void this.#send(kept);
  }

  /** What a replay after this number would send. */
  keptAfter(sequence: number): KeptEvent[] {
    return this.#after(sequence).map(({ sequence, event, atMs }) => ({ sequence, event, atMs }));
  }

  /** The end of an earlier replay is none of it. */
  #after(sequence: number): Kept[] {
    return this.#kept.filter((kept) => kept.sequence > sequence && kept.event !== 'RESUMED');
  }

  #send({ sequence, event, payload }: Kept): Promise<void> {
    const text = JSON.stringify({ op: 0, t: event, s: sequence, d: payload });
    return this.connection?.send(text) ?? Promise.resolve();
  }
}
