import { answerRest, type Prng } from '@wherefrom/emulator';
import type { Reply } from '../../packages/emulator/src/rest/reply.ts';
import { usesAt } from '../../packages/emulator/src/world/counter.ts';
import type {
  DiscordRest,
  RestAnswer,
  RestRequest,
} from '../../packages/service/src/rest/discord-rest.ts';
import type { Discord } from './discord.ts';
import { ListView } from './list-view.ts';
import type { SimulatedClock } from './simulated-clock.ts';

const TIMEOUT_MS = 15_000;
const UNSURE: RestAnswer = { kind: 'unreachable', unsure: true };

/** What outlives a process: what lists have shown, and which guilds refuse at the moment. */
export interface RestSide {
  readonly views: Map<string, ListView>;
  readonly refusing: Set<string>;
  requests: number;
}

/** How a request fares: what comes back, when, and whether Discord ever saw it. */
interface Fate {
  readonly arrives: boolean;
  readonly answer: RestAnswer | null;
  /** Null: there is no answer, ever. */
  readonly afterMs: number | null;
}

/** REST on simulated time: the same interface, answers from the emulator's routes. */
export class SimulatedRest implements DiscordRest {
  readonly #discord: Discord;
  readonly #clock: SimulatedClock;
  readonly #side: RestSide;
  #dead = false;
  /** Requests whose answer is under way. */
  open = 0;

  constructor(discord: Discord, clock: SimulatedClock, side: RestSide) {
    this.#discord = discord;
    this.#clock = clock;
    this.#side = side;
  }

  get rest(): never {
    throw new Error('there is no library in a simulation');
  }

  setToken(): void {}

  invalidCount(): number {
    return 0;
  }

  /** The process is gone: no answer reaches it. What is under way arrives all the same. */
  close(): void {
    this.#dead = true;
  }

  request(request: RestRequest): Promise<RestAnswer> {
    const { queue } = this.#discord;
    this.#side.requests += 1;
    const prng = this.#discord.chanceOf(`${request.method} ${request.path} ${queue.now}`);
    const sentAt = queue.now;
    const latencyMs = Math.round(this.#latency(prng));
    const readMs = Math.round(prng.next() * latencyMs);
    const fate = this.#fate(request, prng, latencyMs);
    const { promise, resolve } = Promise.withResolvers<RestAnswer>();
    if (fate.afterMs !== null) this.open += 1;
    const answer = (given: RestAnswer): void => {
      this.open -= 1;
      if (!this.#dead) resolve(given);
    };
    let made: RestAnswer | null = fate.answer;
    if (fate.arrives) {
      queue.after(readMs, () => {
        const reply = this.#read(request, prng);
        made ??= answerOf(reply, this.#clock, { sentAt, answeredAt: sentAt + latencyMs });
      });
    }
    if (fate.afterMs !== null) queue.after(fate.afterMs, () => answer(made ?? UNSURE));
    return promise;
  }

  #latency(prng: Prng): number {
    const { latencyMs, slowAnswerMs, slowAnswers } = this.#discord.weather;
    return prng.between(latencyMs) + (prng.chance(slowAnswers) ? prng.between(slowAnswerMs) : 0);
  }

  #fate(request: RestRequest, prng: Prng, latencyMs: number): Fate {
    const { weather } = this.#discord;
    if (request.path.startsWith('/channels/')) return this.#messageFate(prng, latencyMs);
    if (prng.chance(weather.hangs)) return { arrives: true, answer: null, afterMs: null };
    if (prng.chance(weather.timeouts))
      return { arrives: true, answer: UNSURE, afterMs: TIMEOUT_MS };
    if (prng.chance(weather.errors)) return { arrives: false, answer: UNSURE, afterMs: latencyMs };
    if (prng.chance(weather.limited)) {
      const answer = { kind: 'rate-limited', retryAfterMs: integerMs(prng) } as const;
      return { arrives: false, answer, afterMs: latencyMs };
    }
    return { arrives: true, answer: null, afterMs: latencyMs };
  }

  #messageFate(prng: Prng, latencyMs: number): Fate {
    const { weather } = this.#discord;
    if (prng.chance(weather.messagesLost))
      return { arrives: true, answer: UNSURE, afterMs: TIMEOUT_MS };
    if (prng.chance(weather.messagesUnsure)) {
      return { arrives: false, answer: UNSURE, afterMs: latencyMs };
    }
    if (prng.chance(weather.messagesLimited)) {
      const answer = { kind: 'rate-limited', retryAfterMs: integerMs(prng) } as const;
      return { arrives: false, answer, afterMs: latencyMs };
    }
    if (prng.chance(weather.messagesFailed)) {
      const answer = { kind: 'unreachable', unsure: false } as const;
      return { arrives: false, answer, afterMs: latencyMs };
    }
    return { arrives: true, answer: null, afterMs: latencyMs };
  }

  #read(request: RestRequest, prng: Prng): Reply {
    const { queue, weather } = this.#discord;
    const guildId = /^\/guilds\/(\d+)\/(invites|vanity-url)$/.exec(request.path)?.[1];
    const list = request.path.endsWith('/invites');
    if (guildId !== undefined && this.#side.refusing.has(guildId)) return FORBIDDEN;
    if (request.path.endsWith('/members-search')) return this.#search(request, prng);
    const stale = list && prng.chance(weather.staleLists);
    const staleMs = stale ? Math.round(prng.between(weather.staleMs)) : 0;
    const { reply, dispatches } = this.#ask(request, staleMs);
    this.#discord.post(dispatches);
    if (guildId === undefined || reply.status !== 200) return reply;
    if (stale) return reply;
    if (!list) return this.#vanity(guildId, reply, prng);
    if (prng.chance(weather.nullLists)) return { ...reply, body: null };
    const entries = [...(reply.body as unknown[]), ...this.#lingering(request, reply)];
    return { ...reply, body: this.#view(guildId).seen(guildId, entries, queue.now, prng) };
  }

  #search(request: RestRequest, prng: Prng): Reply {
    const { weather } = this.#discord;
    if (prng.chance(weather.searchRefused)) return FORBIDDEN;
    const { reply } = this.#ask(request, 0);
    if (reply.status !== 200 || !prng.chance(weather.searchWrong)) return reply;
    return { ...reply, body: { ...(reply.body as object), guild_id: '1' } };
  }

  /** Asks the emulator's own routes, with no socket between. */
  #ask(request: RestRequest, staleMs: number): ReturnType<typeof answerRest> {
    const { world, queue } = this.#discord;
    const query = request.query === undefined ? '' : `?${new URLSearchParams(request.query)}`;
    const { method, path, body } = request;
    return answerRest(world, {
      method,
      path: `${path}${query}`,
      atMs: queue.now,
      staleMs,
      ...(body === undefined ? {} : { body: body as Readonly<Record<string, unknown>> }),
    });
  }

  /** Invites that have ended and may still be shown. */
  #lingering(request: RestRequest, now: Reply): unknown[] {
    const { weather } = this.#discord;
    if (weather.presenceMs === 0) return [];
    const staleMs = Math.ceil(weather.presenceMs);
    const before = this.#ask(request, staleMs).reply;
    const here = new Set((now.body as { readonly code: string }[]).map(({ code }) => code));
    return (before.body as { readonly code: string }[]).filter(({ code }) => !here.has(code));
  }

  #vanity(guildId: string, reply: Reply, prng: Prng): Reply {
    const { world, queue, weather } = this.#discord;
    const { code } = reply.body as { readonly code: string | null };
    if (code === null || prng.chance(weather.holes))
      return { ...reply, body: { code: null, uses: 0 } };
    if (prng.chance(weather.missingCounts)) return { ...reply, body: { code } };
    const lagMs = prng.chance(weather.lagging) ? Math.round(prng.between(weather.lagMs)) : 0;
    const counter = world.guilds.get(guildId)?.vanity?.counter;
    const uses = counter === undefined ? 0 : usesAt(counter, queue.now - lagMs);
    return { ...reply, body: { code, uses } };
  }

  #view(guildId: string): ListView {
    const known = this.#side.views.get(guildId) ?? new ListView(this.#discord);
    this.#side.views.set(guildId, known);
    return known;
  }
}

const FORBIDDEN: Reply = { status: 403, body: { message: 'Missing Permissions', code: 50013 } };

function integerMs(prng: Prng): number {
  return Math.round(prng.between([200, 8_000]));
}

function answerOf(
  { status, body }: Reply,
  clock: SimulatedClock,
  times: { readonly sentAt: number; readonly answeredAt: number },
): RestAnswer {
  if (status >= 500) return UNSURE;
  if (status >= 400) {
    const { code } = body as { readonly code: number };
    return { kind: 'refused', status, code };
  }
  return {
    kind: 'answered',
    status,
    // As over the wire: nothing is shared with the world.
    body,
    requestedAt: clock.atDiscord(times.sentAt),
    answeredAt: clock.atDiscord(times.answeredAt),
  };
}
