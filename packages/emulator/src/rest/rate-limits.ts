import { createHash } from 'node:crypto';
import type { Limit, Limits } from '../options.ts';

/** What the limits say to a request. */
export type Verdict = {
  readonly headers: Readonly<Record<string, string>>;
  /** Set when the request is refused. */
  readonly refusedMs: number | null;
  readonly scope: 'user' | 'global' | 'shared';
};

type Window = { startMs: number; used: number };

/** Fixed windows per route and major parameter, and one for the whole bot. */
export class RateLimits {
  readonly #limits: Limits;
  readonly #windows = new Map<string, Window>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Counts a request. `major` is the guild, channel or nothing that its bucket belongs to. */
  take(route: string, major: string, nowMs: number): Verdict {
    const bucket = createHash('sha1').update(route).digest('hex').slice(0, 32);
    const limit = this.#limitOf(route);
    const window = this.#window(`${bucket}:${major}`, limit, nowMs);
    const all = this.#window('global', this.#limits.global, nowMs);
    if (all.used >= this.#limits.global.limit) {
      const leftMs = all.startMs + this.#limits.global.windowMs - nowMs;
      return { headers: refusalHeaders(leftMs, 'global'), refusedMs: leftMs, scope: 'global' };
    }
    all.used += 1;
    const leftMs = window.startMs + limit.windowMs - nowMs;
    const isFull = window.used >= limit.limit;
    if (!isFull) window.used += 1;
    const headers = {
      'x-ratelimit-limit': String(limit.limit),
      'x-ratelimit-remaining': String(limit.limit - window.used),
      'x-ratelimit-reset': ((Date.now() + leftMs) / 1000).toFixed(3),
      'x-ratelimit-reset-after': (leftMs / 1000).toFixed(3),
      'x-ratelimit-bucket': bucket,
    };
    if (!isFull) return { headers, refusedMs: null, scope: 'user' };
    return {
      headers: { ...headers, ...refusalHeaders(leftMs, 'user') },
      refusedMs: leftMs,
      scope: 'user',
    };
  }

  #limitOf(route: string): Limit {
    const own = this.#limits.routes[route];
    if (own !== undefined) return own;
    return route === 'POST /channels/:channel/messages'
      ? this.#limits.messages
      : this.#limits.other;
  }

  #window(key: string, limit: Limit, nowMs: number): Window {
    const window = this.#windows.get(key);
    if (window !== undefined && nowMs < window.startMs + limit.windowMs) return window;
    const fresh = { startMs: nowMs, used: 0 };
    this.#windows.set(key, fresh);
    return fresh;
  }
}

/** The headers of a 429. */
export function refusalHeaders(leftMs: number, scope: string): Record<string, string> {
  return {
    'retry-after': (leftMs / 1000).toFixed(3),
    'x-ratelimit-scope': scope,
    ...(scope === 'global' ? { 'x-ratelimit-global': 'true' } : {}),
  };
}

/** The body of a 429. */
export function refusalBody(leftMs: number, scope: string): unknown {
  return {
    message: 'You are being rate limited.',
    retry_after: Number((leftMs / 1000).toFixed(3)),
    global: scope === 'global',
  };
}
