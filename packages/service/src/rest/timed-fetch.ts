import { retryAfterMsOf } from 'wherefrom';
import type { DiscordClock } from '../clock/discord-clock.ts';
import { currentAttempt, type WireAnswer } from './attempt.ts';
import { parseJson } from './parse-json.ts';

/** A 429 that does not say for how long. Without this the library would repeat at once, for ever. */
const UNKNOWN_LIMIT_MS = 2_000;
/** Error codes of a connection that was never made: nothing can have been done. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** What the REST library hands over for each request that it sends. */
export interface FetchOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | null;
  readonly signal?: AbortSignal;
}

/**
 * Sends one request and reads its answer to the end, so that the library's timeout covers the body
 * and the time of the answer is that of its last byte. Notes times and the `Date` header.
 */
export async function timedFetch(
  clock: DiscordClock,
  url: string,
  options: FetchOptions,
): Promise<Response> {
  options.signal?.throwIfAborted();
  const attempt = currentAttempt.getStore();
  if (attempt !== undefined) attempt.open = true;
  const sentAt = clock.localTime();
  try {
    // A redirect would carry the token elsewhere; it is an answer that cannot be used.
    const response = await fetch(url, { ...options, redirect: 'manual' });
    const headersAt = clock.localTime();
    const text = await response.text();
    noteDate(clock, response, sentAt, headersAt);
    const answer = wireAnswer(response, text, sentAt, clock.localTime());
    if (attempt !== undefined) attempt.answer = answer;
    return rebuilt(response, answer);
  } catch (error) {
    if (attempt !== undefined && !NOT_SENT.has(connectionCode(error))) attempt.unsure = true;
    throw error;
  } finally {
    if (attempt !== undefined) attempt.open = false;
  }
}

// The header is written before the body: the moment its bytes arrived bounds it more tightly.
function noteDate(clock: DiscordClock, response: Response, sentAt: number, answeredAt: number) {
  const date = Date.parse(response.headers.get('Date') ?? '');
  if (!Number.isNaN(date)) clock.sample({ sentAt, answeredAt, date });
}

function wireAnswer(response: Response, text: string, sentAt: number, answeredAt: number) {
  const retryAfterMs = response.status === 429 ? retryAfter(response, text) : null;
  return { status: response.status, text, sentAt, answeredAt, retryAfterMs };
}

function retryAfter(response: Response, text: string): number {
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
  if (seconds >= 0) return Math.ceil(seconds * 1000);
  return retryAfterMsOf(parseJson(text)) ?? UNKNOWN_LIMIT_MS;
}

// The library parses the body of errors without a net: give it one that it can parse.
function rebuilt(response: Response, answer: WireAnswer): Response {
  const headers = new Headers(response.headers);
  if (answer.retryAfterMs !== null) {
    headers.set('Retry-After', String(answer.retryAfterMs / 1000));
  }
  const empty = [204, 205, 304].includes(response.status);
  const isError = response.status >= 400;
  if (isError) headers.set('Content-Type', 'application/json');
  const text = isError ? '{"code":0,"message":"see the attempt"}' : answer.text;
  return new Response(empty ? null : text, { status: response.status, headers });
}

function connectionCode(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const codes = cause instanceof AggregateError ? cause.errors : [cause];
  const coded = codes.find((item) => item instanceof Error && 'code' in item);
  return coded instanceof Error && 'code' in coded ? String(coded.code) : '';
}
