import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Activity } from '../activity.ts';
import type { Faults } from '../faults.ts';
import type { Settings } from '../options.ts';
import type { Prng } from '../prng.ts';
import type { Counters, OpenList, Situations } from '../situations.ts';
import type { Outcome } from '../world/dispatch.ts';
import type { View } from '../world/invites.ts';
import type { World } from '../world/world.ts';
import { answerMatch, guildIdOf } from './answer.ts';
import { readBody } from './body.ts';
import { observe } from './observe.ts';
import { RateLimits, refusalBody, refusalHeaders } from './rate-limits.ts';
import type { Reply } from './reply.ts';
import type { LoggedRequest, Violation } from './request-log.ts';
import { type Body, type Match, matchRoute, nameOf, type SessionStart } from './route.ts';
import { ROUTES } from './routes.ts';
import { spoil } from './spoil.ts';
import { refused, unserved, violations } from './strict.ts';
import { Timers } from './timers.ts';

const PREFIX = '/api/v10';
// A standalone emulator may run for weeks.
const KEPT_REQUESTS = 200_000;
const LISTS: Readonly<Record<string, Counters>> = {
  'GET /guilds/:guild/invites': 'invites',
  'GET /guilds/:guild/vanity-url': 'vanity',
};

type Parts = {
  readonly world: World;
  readonly settings: Settings;
  readonly faults: Faults;
  readonly activity: Activity;
  readonly situations: Situations;
  readonly prng: Prng;
  readonly sessionStart: () => SessionStart;
  /** Takes what a request changed in the world. */
  readonly commit: (outcome: Outcome) => void;
};

/** A request on its way through. */
type Visit = {
  readonly response: ServerResponse;
  readonly log: LoggedRequest;
  readonly match: Match;
  readonly query: URLSearchParams;
  readonly body: Body;
  readonly reason: string | null;
  readonly guildId: string | undefined;
  readonly list: OpenList | null;
  headers: Readonly<Record<string, string>>;
};

/** REST v10: matching, permissions to speak at all, limits, faults, and time. */
export class RestServer {
  readonly requests: LoggedRequest[] = [];
  readonly errors: Violation[] = [];
  readonly #parts: Parts;
  readonly #limits: RateLimits;
  readonly #timers = new Timers();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#limits = new RateLimits(parts.settings.limits);
  }

  /** Answers one HTTP request. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { activity, settings } = this.#parts;
    const url = new URL(request.url ?? '/', 'http://emulator');
    const method = request.method ?? 'GET';
    const path = url.pathname.startsWith(PREFIX) ? url.pathname.slice(PREFIX.length) : null;
    const match = path === null ? null : matchRoute(ROUTES, method, path);
    const log = this.#log(method, path ?? url.pathname, match);
    activity.begin();
    response.once('close', () => activity.touch());
    const body = method === 'GET' || method === 'DELETE' ? drain(request) : await readBody(request);
    if (match === null || body === null) {
      this.#unknown(response, log, path, body === null);
      return;
    }
    if (request.headers.authorization !== `Bot ${settings.token}`) {
      this.#finish(response, log, { status: 401, body: { message: '401: Unauthorized', code: 0 } });
      return;
    }
    const guildId = log.guildId ?? undefined;
    const shows = LISTS[log.route];
    const list =
      guildId === undefined || shows === undefined
        ? null
        : this.#parts.situations.listOpened(guildId, shows);
    const reason = headerText(request.headers['x-audit-log-reason']);
    const visit: Visit = {
      response,
      log,
      match,
      query: url.searchParams,
      body,
      reason,
      guildId,
      list,
      headers: {},
    };
    this.errors.push(...violations(match, { query: url.searchParams, body }));
    this.#admit(visit);
  }

  /** Forgets the replies that are still due. */
  close(): void {
    this.#timers.close();
  }

  #log(method: string, path: string, match: Match | null): LoggedRequest {
    const log: LoggedRequest = {
      method,
      route: match === null ? `${method} ${path}` : nameOf(match.route),
      path,
      guildId: match === null ? null : guildIdOf(this.#parts.world, match),
      arrivedAtMs: this.#parts.settings.clock(),
      readAtMs: null,
      repliedAtMs: null,
      status: null,
    };
    this.requests.push(log);
    if (this.requests.length > KEPT_REQUESTS) this.requests.splice(0, KEPT_REQUESTS / 2);
    return log;
  }

  #unknown(
    response: ServerResponse,
    log: LoggedRequest,
    path: string | null,
    isBadBody: boolean,
  ): void {
    const kind = path === null ? 'outsideApi' : isBadBody ? 'badBody' : 'unknownRoute';
    this.errors.push({ kind, request: log.route, detail: log.path });
    this.#finish(response, log, isBadBody ? refused(400) : unserved(path));
  }

  /** Limits first, then faults, and then the request has to wait its time. */
  #admit(visit: Visit): void {
    const { faults, prng, settings } = this.#parts;
    const target = { route: visit.log.route, guildId: visit.guildId };
    const major = visit.match.params.guild ?? visit.match.params.channel ?? '';
    const verdict = this.#limits.take(visit.log.route, major, performance.now());
    visit.headers = verdict.headers;
    if (verdict.refusedMs !== null) {
      this.#refuse(visit, verdict.refusedMs, verdict.scope);
      return;
    }
    if (faults.strike('reset', target) !== null) {
      visit.response.destroy();
      this.#end(visit, false);
      return;
    }
    if (faults.strike('hang', target) !== null) {
      this.#end(visit, false);
      return;
    }
    const limited = faults.strike('rateLimit', target);
    if (limited !== null) {
      this.#refuse(visit, limited.retryAfterMs, limited.scope ?? 'user');
      return;
    }
    const slow = faults.strike('slow', target);
    const latencyMs =
      prng.between(settings.latencyMs) + (slow === null ? 0 : prng.between(slow.delayMs));
    this.#schedule(visit, latencyMs);
  }

  #schedule(visit: Visit, latencyMs: number): void {
    const { prng, settings } = this.#parts;
    const readMs = { arrival: 0, drawn: prng.next() * latencyMs, reply: latencyMs }[
      settings.readAt
    ];
    this.#timers.after(readMs, () => {
      const reply = this.#read(visit);
      this.#timers.after(latencyMs - readMs, () => this.#reply(visit, reply));
    });
  }

  #read(visit: Visit): Reply {
    const { faults, world, settings, sessionStart, commit } = this.#parts;
    const target = { route: visit.log.route, guildId: visit.guildId };
    const error = faults.strike('restError', target);
    if (error !== null) {
      return {
        status: error.status,
        body: { message: `${error.status}: by a fault`, code: error.code ?? 0 },
      };
    }
    const atMs = settings.clock();
    visit.log.readAtMs = atMs;
    const view = this.#view(visit, atMs);
    const { match, query, body, reason } = visit;
    const asked = { view, query, body, reason, sessionStart: sessionStart() };
    const { reply, ...outcome } = answerMatch(world, match, asked);
    if (visit.list !== null && reply.status === 200) this.#observe(visit.list, view);
    commit(outcome);
    return spoil(reply, faults, target);
  }

  #view(visit: Visit, atMs: number): View {
    const { faults, settings } = this.#parts;
    if (visit.list === null) return { atMs, lagMs: settings.lagMs, staleMs: 0 };
    const target = { route: visit.log.route, guildId: visit.guildId };
    const lagMs = Math.max(settings.lagMs, faults.strike('lag', target)?.byMs ?? 0);
    return { atMs, lagMs, staleMs: faults.strike('staleList', target)?.byMs ?? 0 };
  }

  #observe(list: OpenList, view: View): void {
    const guild = this.#parts.world.guilds.get(list.guildId);
    if (guild !== undefined) this.#parts.situations.listRead(list, observe(guild, view));
  }

  #refuse(visit: Visit, leftMs: number, scope: string): void {
    const headers = { ...visit.headers, ...refusalHeaders(leftMs, scope) };
    this.#reply(visit, { status: 429, body: refusalBody(leftMs, scope), headers });
  }

  #reply(visit: Visit, reply: Reply): void {
    if (visit.list !== null) this.#parts.situations.listClosed(visit.list, reply.status === 200);
    const target = { route: visit.log.route, guildId: visit.guildId };
    const isBroken = this.#parts.faults.strike('brokenJson', target) !== null;
    this.#finish(
      visit.response,
      visit.log,
      { ...reply, headers: { ...visit.headers, ...reply.headers } },
      isBroken,
    );
  }

  #end(visit: Visit, answered: boolean): void {
    if (visit.list !== null) this.#parts.situations.listClosed(visit.list, answered);
    this.#parts.activity.end();
  }

  #finish(response: ServerResponse, log: LoggedRequest, reply: Reply, isBroken = false): void {
    const { settings, activity } = this.#parts;
    const isText = reply.contentType !== undefined;
    const whole =
      reply.body === undefined ? '' : isText ? String(reply.body) : JSON.stringify(reply.body);
    const text = isBroken ? whole.slice(0, whole.length >> 1) : whole;
    log.status = reply.status;
    log.repliedAtMs = settings.clock();
    response.writeHead(reply.status, {
      date: new Date(log.repliedAtMs).toUTCString(),
      ...(text === '' ? {} : { 'content-type': reply.contentType ?? 'application/json' }),
      ...reply.headers,
    });
    response.end(text);
    activity.end();
  }
}

function drain(request: IncomingMessage): Body {
  request.resume();
  return {};
}

// Discord wants the reason percent-encoded; what is not is taken as it came.
function headerText(value: string | string[] | undefined): string | null {
  if (typeof value !== 'string') return null;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
