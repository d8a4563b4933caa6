import type { Reply } from './reply.ts';
import type { Violation } from './request-log.ts';
import { type Match, matchRoute, nameOf } from './route.ts';
import { ROUTES } from './routes.ts';

const METHODS = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'];

/** The reply to what no route fits: 501 where another method would have found one, else 404. */
export function unserved(path: string | null): Reply {
  const isKnown =
    path !== null && METHODS.some((method) => matchRoute(ROUTES, method, path) !== null);
  return refused(isKnown ? 501 : 404);
}

/** A reply that Discord would not send: the emulator cannot make sense of the request. */
export function refused(status: number): Reply {
  return { status, body: { message: `${status}: not served by the emulator`, code: 0 } };
}

/** The query parameters and body fields that the route does not know. */
export function violations(
  match: Match,
  asked: { readonly query: URLSearchParams; readonly body: Readonly<Record<string, unknown>> },
): Violation[] {
  const { query = [], fields = [] } = match.route;
  const request = nameOf(match.route);
  const found: Violation[] = [];
  for (const detail of asked.query.keys()) {
    if (!query.includes(detail)) found.push({ kind: 'unknownQuery', request, detail });
  }
  for (const detail of Object.keys(asked.body)) {
    const isFile = detail.startsWith('files[');
    if (!isFile && !fields.includes(detail)) found.push({ kind: 'unknownField', request, detail });
  }
  return found;
}
