/** Discord answers a repeated nonce with the first message for a few minutes; this is on the safe side. */
const NONCE_HELD_MS = 3 * 60_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 5 * 60_000;
/** Several of these fit into the time that the nonce is held, also where answers take long. */
const LONGEST_UNSURE_RETRY_MS = 30_000;

export interface TriedMessage {
  /** When it was first sent without learning what became of it; null if it surely is not there. */
  readonly unsureAt: number | null;
  /** It was already sent a second time without knowing of the first. */
  readonly repeated: boolean;
}

/** How to go on with a message that was tried: the nonce protects a repeat only for minutes. */
export function retryStep(message: TriedMessage, now: number): 'post' | 'look-up' {
  const { unsureAt } = message;
  return unsureAt === null || now - unsureAt <= NONCE_HELD_MS ? 'post' : 'look-up';
}

/** When the history cannot tell: send it once more, marked, and then never again. */
export function blindStep(message: TriedMessage): 'post-marked' | 'give-up' {
  return message.repeated ? 'give-up' : 'post-marked';
}

/** Pause before the next attempt: doubling from a second to five minutes. */
export function retryDelayMs(attempts: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** Math.max(0, attempts - 1), LONGEST_RETRY_MS);
}

/**
 * The same for a message that may be there. After many attempts, be they of long ago, the nonce
 * would be forgotten before the next one, and only the nonce tells where no history can be read.
 */
export function unsureDelayMs(attempts: number): number {
  return Math.min(retryDelayMs(attempts), LONGEST_UNSURE_RETRY_MS);
}

const FIRST_REFUSAL_MS = 60_000;
const LONGEST_REFUSAL_MS = 60 * 60_000;

/** Pause of a channel that refused: doubling from a minute to an hour. */
export function refusalPauseMs(refusals: number): number {
  return Math.min(FIRST_REFUSAL_MS * 2 ** Math.max(0, refusals - 1), LONGEST_REFUSAL_MS);
}

const REOPENS_WITHIN_MS = 24 * 60 * 60_000;
/** Between two looks for a message while its history cannot be read for the moment. */
export const HISTORY_PAUSE_MS = 10_000;

/**
 * Whether a message that is there, or may be, is still worth waiting for: a bot that was removed is
 * often added again, and what it said must not stay wrong because it could not correct it then.
 */
export function mayReopen(since: number, now: number): boolean {
  return now - since <= REOPENS_WITHIN_MS;
}
