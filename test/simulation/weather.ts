import type { Prng, RangeMs } from '@wherefrom/emulator';
import { integer } from './chance.ts';

/** What may go wrong all the time, each with its chance or its length. Nothing of it is planned by hour. */
export interface Weather {
  /** How far our clock is ahead of Discord's (A6: at most 500 ms either way). */
  readonly clockErrorMs: number;
  /** Between a thing happening and its event (A2: at most 2 s for a join). */
  readonly eventDelayMs: RangeMs;
  /** The same for the slow ones, and how many are slow. */
  readonly slowEventMs: RangeMs;
  readonly slowEvents: number;
  readonly auditDelayMs: RangeMs;
  /** Counts show so late in a list, each code for itself (A3: at most 3 s). */
  readonly lagMs: RangeMs;
  /** How many readings of a code lag. */
  readonly lagging: number;
  /** How late lists show a new invite and the end of one, at most. */
  readonly presenceMs: number;
  readonly latencyMs: RangeMs;
  readonly slowAnswerMs: RangeMs;
  readonly slowAnswers: number;
  /** Per request: a 5xx, a 429 that is not waited for, a timeout, and no answer at all. */
  readonly errors: number;
  readonly limited: number;
  readonly timeouts: number;
  readonly hangs: number;
  /** Per list: null or malformed entries, an entry without a count, all of them without, no list. */
  readonly holes: number;
  readonly missingCounts: number;
  readonly uncounted: number;
  readonly nullLists: number;
  /** Per message: done but not answered, not done but perhaps, refused for now, surely not done. */
  readonly messagesLost: number;
  readonly messagesUnsure: number;
  readonly messagesLimited: number;
  readonly messagesFailed: number;
  /** Per member search: 403, or an answer about another guild. */
  readonly searchRefused: number;
  readonly searchWrong: number;
  /** Per join: the event comes again. */
  readonly repeats: number;
  /** Per event (outside the assumptions): it never comes. */
  readonly lostEvents: number;
  /** Per list (outside): it is of a moment so long ago. */
  readonly staleLists: number;
  readonly staleMs: RangeMs;
}

/** A good day: 100 ms for a round trip, events within 60 ms, and nothing goes wrong. */
export const FAIR: Weather = {
  clockErrorMs: 0,
  eventDelayMs: [5, 60],
  slowEventMs: [0, 0],
  slowEvents: 0,
  auditDelayMs: [20, 200],
  lagMs: [0, 0],
  lagging: 0,
  presenceMs: 0,
  latencyMs: [80, 120],
  slowAnswerMs: [0, 0],
  slowAnswers: 0,
  errors: 0,
  limited: 0,
  timeouts: 0,
  hangs: 0,
  holes: 0,
  missingCounts: 0,
  uncounted: 0,
  nullLists: 0,
  messagesLost: 0,
  messagesUnsure: 0,
  messagesLimited: 0,
  messagesFailed: 0,
  searchRefused: 0,
  searchWrong: 0,
  repeats: 0,
  lostEvents: 0,
  staleLists: 0,
  staleMs: [0, 0],
};

/** What one kind of trouble changes, the more the nearer `wild` is to 1. */
type Trouble = (wild: number, prng: Prng) => Partial<Weather>;

/** Troubles within the assumptions A1 to A6. */
export const INSIDE: Readonly<Record<string, Trouble>> = {
  clock: (wild, prng) => ({ clockErrorMs: integer(prng, -500 * wild, 500 * wild) }),
  'event-delay': (wild) => ({
    eventDelayMs: [0, 60 + 400 * wild],
    slowEventMs: [0, 2_000 * wild],
    slowEvents: 0.1 + 0.6 * wild,
  }),
  'audit-delay': (wild) => ({ auditDelayMs: [0, 200 + 4_700 * wild] }),
  'count-lag': (wild) => ({ lagMs: [0, 3_000 * wild], lagging: 0.1 + 0.6 * wild }),
  'presence-lag': (wild) => ({ presenceMs: 3_000 * wild }),
  latency: (wild) => ({
    latencyMs: [5, 100 + 900 * wild],
    slowAnswerMs: [0, 12_000 * wild],
    slowAnswers: 0.15 * wild,
  }),
  errors: (wild) => ({ errors: 0.3 * wild }),
  limits: (wild) => ({ limited: 0.2 * wild }),
  timeouts: (wild) => ({ timeouts: 0.08 * wild, hangs: 0.01 * wild }),
  holes: (wild) => ({ holes: 0.25 * wild, nullLists: 0.03 * wild }),
  'missing-counts': (wild) => ({ missingCounts: 0.25 * wild, uncounted: 0.02 * wild }),
  messages: (wild) => ({
    messagesLost: 0.15 * wild,
    messagesUnsure: 0.15 * wild,
    messagesLimited: 0.1 * wild,
    messagesFailed: 0.1 * wild,
  }),
  search: (wild) => ({ searchRefused: 0.05 * wild, searchWrong: 0.2 * wild }),
  repeats: (wild) => ({ repeats: 0.3 * wild }),
};

/** Troubles that break an assumption. */
export const OUTSIDE: Readonly<Record<string, Trouble>> = {
  'lost-events': (wild) => ({ lostEvents: 0.03 * wild }),
  'long-delay': (wild) => ({
    slowEventMs: [2_000, 2_000 + 20_000 * wild],
    slowEvents: 0.05 * wild,
  }),
  'long-lag': (wild) => ({ lagMs: [0, 3_000 + 12_000 * wild], lagging: 0.1 + 0.3 * wild }),
  'late-audit': (wild) => ({ auditDelayMs: [0, 5_000 + 20_000 * wild] }),
  'stale-replicas': (wild) => ({ staleMs: [3_000, 4_000 + 40_000 * wild], staleLists: 0.1 * wild }),
  'wrong-clock': (wild, prng) => ({
    clockErrorMs: (prng.chance(0.5) ? 1 : -1) * integer(prng, 500, 500 + 5_000 * wild),
  }),
};
