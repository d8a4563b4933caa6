import type { World } from '@wherefrom/emulator';
import type { Reply } from '../../packages/emulator/src/rest/reply.ts';
import { matchRoute } from '../../packages/emulator/src/rest/route.ts';
import { ROUTES } from '../../packages/emulator/src/rest/routes.ts';
import { openTurn } from '../../packages/emulator/src/world/apply.ts';
import type { Dispatch } from '../../packages/emulator/src/world/dispatch.ts';
import type { RestRequest } from '../../packages/service/src/rest/discord-rest.ts';

/** What the emulator's REST says to a request at a moment, and the events that this causes. */
export interface Answered {
  readonly reply: Reply;
  readonly template: string;
  readonly dispatches: readonly Dispatch[];
}

const NOWHERE = { url: '', shards: 1, maxConcurrency: 1, identifiesLeft: 1 };

/** Asks the emulator's own routes, with no socket between. `staleMs`: of a moment so long ago. */
export function askRoutes(
  world: World,
  request: RestRequest,
  atMs: number,
  { staleMs }: { readonly staleMs: number },
): Answered {
  const match = matchRoute(ROUTES, request.method, request.path);
  if (match === null)
    throw new Error(`the emulator has no route ${request.method} ${request.path}`);
  const { params } = match;
  const guildId = params.guild ?? world.channels.get(params.channel ?? '');
  const turn = openTurn(world, atMs, guildId);
  const reply = match.route.handle({
    world,
    turn,
    atMs,
    view: { atMs, lagMs: 0, staleMs },
    params,
    query: new URLSearchParams(request.query),
    body: (request.body ?? {}) as Readonly<Record<string, unknown>>,
    reason: null,
    sessionStart: NOWHERE,
  });
  return { reply, template: match.route.template, dispatches: turn.dispatches };
}
