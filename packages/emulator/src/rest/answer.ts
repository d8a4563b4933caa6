import { openTurn } from '../world/apply.ts';
import type { Outcome } from '../world/dispatch.ts';
import type { View } from '../world/invites.ts';
import type { World } from '../world/world.ts';
import type { Reply } from './reply.ts';
import type { Violation } from './request-log.ts';
import { type Body, type Match, matchRoute, type SessionStart } from './route.ts';
import { ROUTES } from './routes.ts';
import { unserved, violations } from './strict.ts';

/** A REST request without a socket. */
export type RestQuestion = {
  readonly method: string;
  /** Below `/api/v10`, with its query: `/guilds/1/members?limit=10`. */
  readonly path: string;
  readonly body?: Body;
  /** What `X-Audit-Log-Reason` says, decoded. */
  readonly reason?: string;
  /** When it reads the world, in Unix milliseconds. */
  readonly atMs: number;
  /** Counts are shown so many milliseconds late. Default 0. */
  readonly lagMs?: number;
  /** Whole lists are shown so many milliseconds late. Default 0. */
  readonly staleMs?: number;
  /** What GET /gateway/bot tells. Default: one shard, no address. */
  readonly sessionStart?: SessionStart;
};

/** The reply to a request, and what the request did to the world. */
export type RestAnswer = Outcome & {
  readonly reply: Reply;
  /** What the request must not have asked; keep it empty. */
  readonly violations: readonly Violation[];
};

/** What a request says beyond its path. */
type Asked = {
  readonly view: View;
  readonly query: URLSearchParams;
  readonly body: Body;
  readonly reason: string | null;
  readonly sessionStart: SessionStart;
};

const NOWHERE: SessionStart = { url: '', shards: 1, maxConcurrency: 1, identifiesLeft: 1000 };

/**
 * Answers one request at one moment: no clock, no socket, no limits and no faults. Authorised
 * requests only. The caller sends the events, as with those of `apply`.
 */
export function answerRest(world: World, question: RestQuestion): RestAnswer {
  const { method, path, body = {}, reason = null, sessionStart = NOWHERE } = question;
  const { atMs, lagMs = 0, staleMs = 0 } = question;
  const { pathname, searchParams: query } = new URL(path, 'http://emulator');
  const match = matchRoute(ROUTES, method, pathname);
  if (match === null) {
    const stray = { kind: 'unknownRoute', request: `${method} ${pathname}`, detail: path } as const;
    return { reply: unserved(pathname), dispatches: [], notes: [], violations: [stray] };
  }
  const view = { atMs, lagMs, staleMs };
  const answer = answerMatch(world, match, { view, query, body, reason, sessionStart });
  return { ...answer, violations: violations(match, { query, body }) };
}

/** The same for a request whose route is known already: every answer of the emulator is made here. */
export function answerMatch(
  world: World,
  match: Match,
  asked: Asked,
): Omit<RestAnswer, 'violations'> {
  const { atMs } = asked.view;
  const turn = openTurn(world, atMs, guildIdOf(world, match) ?? undefined);
  const reply = match.route.handle({ ...asked, world, turn, atMs, params: match.params });
  return { reply, dispatches: turn.dispatches, notes: turn.notes };
}

/** The guild that a path is about, directly or by its channel or invite. */
export function guildIdOf(world: World, { params }: Match): string | null {
  if (params.guild !== undefined) return params.guild;
  if (params.channel !== undefined) return world.channels.get(params.channel) ?? null;
  return params.code === undefined ? null : (world.codes.get(params.code) ?? null);
}
