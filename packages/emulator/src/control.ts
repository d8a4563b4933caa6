import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Emulator } from './emulator.ts';
import type { Fault } from './faults.ts';
import { readBody } from './rest/body.ts';
import { type Action, ActionError } from './world/action.ts';

type Answer = { readonly status: number; readonly body: unknown };
type Question = {
  readonly emulator: Emulator;
  readonly body: Readonly<Record<string, unknown>>;
  readonly query: URLSearchParams;
};

// Everything is answered as JSON; bodies are the same records that the programmatic API takes.
const DOORS: Readonly<Record<string, (question: Question) => unknown>> = {
  'GET /control/state': ({ emulator }) => ({
    apiUrl: emulator.apiUrl,
    gatewayUrl: emulator.gatewayUrl,
    connections: emulator.connections,
    gateway: emulator.gateway,
    situations: emulator.situations(),
    errors: emulator.errors,
    requests: emulator.requests.length,
  }),
  'GET /control/guilds': ({ emulator }) =>
    [...emulator.world.guilds.values()].map((guild) => ({
      id: guild.id,
      name: guild.name,
      channels: [...guild.channels.values()].map(({ id, name }) => ({ id, name })),
      invites: [...guild.invites.values()].map(({ code, counter, maxUses }) => ({
        code,
        uses: counter.uses,
        maxUses,
      })),
      vanity:
        guild.vanity === null ? null : { code: guild.vanity.code, uses: guild.vanity.counter.uses },
    })),
  'GET /control/truth': ({ emulator }) => emulator.truth(),
  'GET /control/requests': ({ emulator }) => emulator.requests,
  'GET /control/messages': ({ emulator, query }) => emulator.messages(query.get('channel') ?? ''),
  'POST /control/act': ({ emulator, body }) => emulator.act(body as Action),
  'POST /control/faults': ({ emulator, body }) => ({ id: emulator.faults.set(body as Fault).id }),
  'POST /control/faults/clear': ({ emulator, body }) => {
    emulator.faults.clear(typeof body.id === 'number' ? body.id : undefined);
    return {};
  },
  'POST /control/disconnect': ({ emulator, body }) => {
    emulator.disconnect(body);
    return {};
  },
  'POST /control/settled': async ({ emulator, body }) => {
    await emulator.settled(body);
    return {};
  },
  'POST /control/invalidate': ({ emulator, body }) => {
    emulator.invalidate(body);
    return {};
  },
};

/** Serves the control API: the programmatic one, as JSON over HTTP. */
export async function serveControl(
  emulator: Emulator,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', emulator.apiUrl);
  const body = await readBody(request);
  const door = DOORS[`${request.method} ${url.pathname}`];
  const { status, body: answer } =
    door === undefined || body === null
      ? { status: 404, body: { error: 'no such door', doors: Object.keys(DOORS) } }
      : await open(door, { emulator, body, query: url.searchParams });
  response.writeHead(status, { 'content-type': 'application/json' });
  // Sets, maps and bigints live in the world; none of them belongs in an answer.
  response.end(
    JSON.stringify(answer, (_, value) => (typeof value === 'bigint' ? value.toString() : value)),
  );
}

async function open(door: (question: Question) => unknown, question: Question): Promise<Answer> {
  try {
    return { status: 200, body: await door(question) };
  } catch (error) {
    if (error instanceof ActionError) return { status: 400, body: { error: error.message } };
    return { status: 400, body: { error: `not a valid request: ${String(error)}` } };
  }
}
