import type { Cursors } from './world/search.ts';

/** A smallest and a largest number of milliseconds. */
export type RangeMs = readonly [number, number];

/** So many requests in so many milliseconds. */
export type Limit = { readonly limit: number; readonly windowMs: number };

/** The rate limits, all of them configurable. */
export type Limits = {
  /** All requests of the bot. Default 50 in 1,000 ms. */
  readonly global: Limit;
  /** POST messages, per channel. Default 5 in 5,000 ms. */
  readonly messages: Limit;
  /** Every route without a limit of its own, per guild or channel. Default 1,000 in 1,000 ms. */
  readonly other: Limit;
  /**
   * By `METHOD /template`, for example `GET /guilds/:guild/members/:user`. Without an entry of its
   * own, member search has 5 in 5,000 ms, a number that is invented.
   */
  readonly routes: Readonly<Record<string, Limit>>;
  /** One identify per shard % max_concurrency in this time; 0, the default, never refuses. */
  readonly identifyIntervalMs: number;
  /** Gateway messages from a client per 60 s. Default 120; more closes with 4008. */
  readonly gatewayCommands: number;
  /** Between two requests for all members of a guild. Default 30,000 ms. */
  readonly allMembersIntervalMs: number;
};

/** When, between its arrival and its reply, a REST request reads the world. */
export type ReadAt = 'arrival' | 'drawn' | 'reply';

/** How to start an emulator. Everything has a default. */
export type EmulatorOptions = {
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** Seeds every draw: delays, read moments, codes, faults. Default 1. */
  readonly seed?: number;
  /** Between a request's arrival and its reply. Default [5, 40]. */
  readonly latencyMs?: RangeMs;
  /** Between something happening and its event. Default [0, 60]. */
  readonly eventDelayMs?: RangeMs;
  /** When a request reads the world. Default `drawn`: anywhere in its latency. */
  readonly readAt?: ReadAt;
  /** No delays, reads at arrival, events in order at once. Overrides the three above and `searchLagMs`. */
  readonly deterministic?: boolean;
  /** Counts become visible in REST so many milliseconds late. Default 0. */
  readonly lagMs?: number;
  /**
   * Between a join and its record in member search, drawn per join. Default [2000, 20000]. Until
   * then the search shows nothing, or what it knew before the member left and came again.
   */
  readonly searchLagMs?: RangeMs;
  /** How long a guild's first search builds its index, answered with 202. Default 0. */
  readonly searchColdMs?: number;
  /**
   * What `before` and `after` of a search mean, which nobody knows: smaller and larger keys
   * whatever the sort (`value`, the default), or earlier and later in the answer (`order`).
   */
  readonly searchCursors?: Cursors;
  /** The bot's token. Default `emulated-token`. */
  readonly token?: string;
  readonly botName?: string;
  /** Default: GATEWAY_GUILD_MEMBERS_LIMITED, 1 << 15. */
  readonly applicationFlags?: number;
  /** Recommended by GET /gateway/bot. Default 1. */
  readonly shards?: number;
  readonly maxConcurrency?: number;
  readonly heartbeatIntervalMs?: number;
  /** How long a session without a connection can be resumed. Default 120,000. */
  readonly sessionTtlMs?: number;
  /** Events kept per session for a resume. Default 20,000. */
  readonly replayLimit?: number;
  readonly limits?: Partial<Limits>;
  /** Serve the control API under /control. Default false. */
  readonly control?: boolean;
  /** The time in Unix milliseconds. Default `Date.now`. */
  readonly clock?: () => number;
};

/** The options with every default filled in. */
export type Settings = Required<Omit<EmulatorOptions, 'limits' | 'deterministic'>> & {
  readonly limits: Limits;
  readonly immediate: boolean;
};

const GUILD_MEMBERS_LIMITED = 1 << 15;

const LIMITS: Limits = {
  global: { limit: 50, windowMs: 1000 },
  messages: { limit: 5, windowMs: 5000 },
  other: { limit: 1000, windowMs: 1000 },
  // Discord's number is not known; this one is invented.
  routes: { 'POST /guilds/:guild/members-search': { limit: 5, windowMs: 5000 } },
  identifyIntervalMs: 0,
  gatewayCommands: 120,
  allMembersIntervalMs: 30_000,
};

/** Fills in the defaults. */
export function settle(options: EmulatorOptions): Settings {
  const immediate = options.deterministic === true;
  return {
    port: options.port ?? 0,
    seed: options.seed ?? 1,
    latencyMs: immediate ? [0, 0] : (options.latencyMs ?? [5, 40]),
    eventDelayMs: immediate ? [0, 0] : (options.eventDelayMs ?? [0, 60]),
    readAt: immediate ? 'arrival' : (options.readAt ?? 'drawn'),
    immediate,
    lagMs: options.lagMs ?? 0,
    searchLagMs: immediate ? [0, 0] : (options.searchLagMs ?? [2000, 20_000]),
    searchColdMs: options.searchColdMs ?? 0,
    searchCursors: options.searchCursors ?? 'value',
    token: options.token ?? 'emulated-token',
    botName: options.botName ?? 'wherefrom',
    applicationFlags: options.applicationFlags ?? GUILD_MEMBERS_LIMITED,
    shards: options.shards ?? 1,
    maxConcurrency: options.maxConcurrency ?? 16,
    heartbeatIntervalMs: options.heartbeatIntervalMs ?? 41_250,
    sessionTtlMs: options.sessionTtlMs ?? 120_000,
    replayLimit: options.replayLimit ?? 20_000,
    limits: {
      ...LIMITS,
      ...options.limits,
      routes: { ...LIMITS.routes, ...options.limits?.routes },
    },
    control: options.control ?? false,
    clock: options.clock ?? Date.now,
  };
}
