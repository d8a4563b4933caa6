import { AsyncLocalStorage } from 'node:async_hooks';

/** What happened on the wire for one request of ours, over all its repeats. */
export interface Attempt {
  /** A request left this machine and its answer is not complete. */
  open: boolean;
  /** Some request may have reached Discord without our seeing the whole answer. */
  unsure: boolean;
  /** The last whole answer. */
  answer: WireAnswer | null;
}

/** A whole answer; times in our own clock, of this very request and not of an earlier repeat. */
export interface WireAnswer {
  readonly status: number;
  readonly text: string;
  readonly sentAt: number;
  readonly answeredAt: number;
  /** Ms; null if the answer set no limit. */
  readonly retryAfterMs: number | null;
}

/**
 * Links what the REST library sends (it queues and repeats by itself, and throws away most of an
 * answer that is an error) with the request that asked for it.
 */
export const currentAttempt = new AsyncLocalStorage<Attempt>();
