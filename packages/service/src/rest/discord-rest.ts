import { REST, type RESTOptions, type RequestMethod } from '@discordjs/rest';
import { errorCodeOf } from 'wherefrom';
import type { DiscordClock } from '../clock/discord-clock.ts';
import { type Attempt, currentAttempt, type WireAnswer } from './attempt.ts';
import { InvalidRequests } from './invalid-requests.ts';
import { parseJson } from './parse-json.ts';
import { type FetchOptions, timedFetch } from './timed-fetch.ts';

export interface DiscordRestOptions {
  readonly token: string;
  /** REST base without version. */
  readonly apiUrl: string;
  readonly clock: DiscordClock;
  /** How long one request may take, body included. */
  readonly timeoutMs?: number;
  /** Repeats after a 5xx or a timeout. One: whoever asks has a plan of its own for trying again. */
  readonly retries?: number;
  /** Discord allows 50; the rest is left for what else uses the token. */
  readonly requestsPerSecond?: number;
}

export interface RestRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: `/${string}`;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** How long to wait for rate limits before giving up; 60 s if not said. */
  readonly patienceMs?: number;
  /** Goes out even while the token counts as refused: the request that finds out. */
  readonly probe?: boolean;
  /**
   * Discord promises nothing for this endpoint: a 401 may be about the endpoint alone and is an
   * ordinary refusal (Q29). Whoever sets this finds out what it was, by a probe.
   */
  readonly undocumented?: boolean;
}

/** Times are on Discord's clock, of the request that was answered and not of an earlier repeat. */
export type RestAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** Parsed JSON, or the text where it is none. */
      readonly body: unknown;
      readonly requestedAt: number;
      readonly answeredAt: number;
    }
  /** A 4xx: asking again would get the same. */
  | { readonly kind: 'refused'; readonly status: number; readonly code: number | null }
  /** 401. Nothing else is sent for a while. */
  | { readonly kind: 'token-refused' }
  /** Not sent in time, or sent and answered with a 429: nothing was done. */
  | { readonly kind: 'rate-limited'; readonly retryAfterMs: number }
  /** 5xx, timeout, no connection. `unsure`: it may have been done all the same. */
  | { readonly kind: 'unreachable'; readonly unsure: boolean };

/** REST with Discord's limits kept, exact times, and failures as answers. */
export interface DiscordRest {
  /** The library's own object, for the gateway. */
  readonly rest: REST;
  request(request: RestRequest): Promise<RestAnswer>;
  setToken(token: string): void;
  /** Answers of the last ten minutes that count towards a block of this address. */
  invalidCount(): number;
}

/** After a 401 nothing but probes is sent for this long. */
const TOKEN_PAUSE_MS = 60_000;
const PATIENCE_MS = 60_000;

/** Connects nothing yet; `request` never rejects. */
export function createDiscordRest(options: DiscordRestOptions): DiscordRest {
  const { clock } = options;
  const rest = new REST(restOptions(options)).setToken(options.token);
  const invalid = new InvalidRequests();
  let token = options.token;
  let refusedAt = Number.NEGATIVE_INFINITY;

  async function request(request: RestRequest): Promise<RestAnswer> {
    const now = clock.localTime();
    if (request.probe !== true) {
      if (now - refusedAt < TOKEN_PAUSE_MS) return { kind: 'token-refused' };
      const pauseMs = invalid.pauseMs(now);
      if (pauseMs > 0) return { kind: 'rate-limited', retryAfterMs: pauseMs };
      if (invalid.isShut(placeOf(request.path), now))
        return { kind: 'refused', status: 403, code: null };
    }
    rest.setToken(token);
    const answer = await sent(rest, clock, request);
    note(request, answer);
    return answer;
  }

  function note(request: RestRequest, answer: RestAnswer): void {
    const now = clock.localTime();
    const status = statusOf(answer);
    invalid.note(placeOf(request.path), status, now);
    // The library forgets it after any 401, and the gateway asks the library.
    if (status === 401) rest.setToken(token);
    if (answer.kind === 'token-refused') refusedAt = now;
    if (answer.kind === 'answered') refusedAt = Number.NEGATIVE_INFINITY;
  }

  return {
    rest,
    request,
    setToken: (next) => {
      token = next;
      refusedAt = Number.NEGATIVE_INFINITY;
      rest.setToken(next);
    },
    invalidCount: () => invalid.count(clock.localTime()),
  };
}

function restOptions(options: DiscordRestOptions): Partial<RESTOptions> {
  return {
    version: '10',
    api: options.apiUrl,
    timeout: options.timeoutMs ?? 15_000,
    retries: options.retries ?? 1,
    globalRequestsPerSecond: options.requestsPerSecond ?? 45,
    userAgentAppendix: 'wherefrom/0.1.0',
    makeRequest: async (url, init) => {
      const response = await timedFetch(options.clock, url, init as FetchOptions);
      return response as unknown as Awaited<ReturnType<RESTOptions['makeRequest']>>;
    },
  };
}

async function sent(rest: REST, clock: DiscordClock, request: RestRequest): Promise<RestAnswer> {
  const attempt: Attempt = { open: false, unsure: false, answer: null };
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), request.patienceMs ?? PATIENCE_MS);
  const gaveUp = new Promise<void>((resolve) => {
    patience.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  // The library throws for every failure; the attempt knows more than its errors.
  const queued = currentAttempt.run(attempt, () =>
    rest.queueRequest(libraryRequest(request, patience.signal)).then(noop, noop),
  );
  await Promise.race([queued, gaveUp]);
  clearTimeout(timer);
  const answer = answerOf(clock, attempt, patience.signal.aborted);
  const isRefusal = answer.kind === 'token-refused' && request.undocumented === true;
  return isRefusal && attempt.answer !== null ? refusal(attempt.answer) : answer;
}

function noop(): void {}

function libraryRequest(request: RestRequest, signal: AbortSignal) {
  return {
    fullRoute: request.path,
    method: request.method as RequestMethod,
    signal,
    ...(request.body === undefined ? {} : { body: request.body }),
    ...(request.query === undefined ? {} : { query: new URLSearchParams(request.query) }),
  };
}

function answerOf(clock: DiscordClock, attempt: Attempt, gaveUp: boolean): RestAnswer {
  const { answer } = attempt;
  if (attempt.open) return { kind: 'unreachable', unsure: true };
  if (answer === null) {
    const waited = gaveUp && !attempt.unsure;
    if (waited) return { kind: 'rate-limited', retryAfterMs: 0 };
    return { kind: 'unreachable', unsure: attempt.unsure };
  }
  if (answer.status === 429) {
    return { kind: 'rate-limited', retryAfterMs: answer.retryAfterMs ?? 0 };
  }
  return wholeAnswer(clock, answer);
}

function wholeAnswer(clock: DiscordClock, answer: WireAnswer): RestAnswer {
  const { status, text } = answer;
  if (status === 401) return { kind: 'token-refused' };
  if (status >= 400 && status < 500) return refusal(answer);
  if (status < 200 || status > 299) return { kind: 'unreachable', unsure: true };
  const json = parseJson(text);
  return {
    kind: 'answered',
    status,
    body: json === undefined ? text : json,
    requestedAt: clock.atLocal(answer.sentAt),
    answeredAt: clock.atLocal(answer.answeredAt),
  };
}

function refusal({ status, text }: WireAnswer): RestAnswer {
  return { kind: 'refused', status, code: errorCodeOf(parseJson(text)) };
}

function statusOf(answer: RestAnswer): number {
  if (answer.kind === 'refused') return answer.status;
  if (answer.kind === 'token-refused') return 401;
  return answer.kind === 'rate-limited' ? 429 : 200;
}

/**
 * What a 403 is about: one thing of one guild or channel. A guild that refuses member search may
 * show its invites all the same.
 */
function placeOf(path: string): string {
  return /^\/(?:guilds|channels)\/\d+(?:\/[a-z-]+)?/.exec(path)?.[0] ?? path;
}
