import type { Violation } from './request-log.ts';
import { type Match, matchRoute } from './route.ts';
import { ROUTES } from './routes.ts';

const METHODS = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'];

/** Whether another method would have found a route for this path. */
export function isKnownPath(path: string): boolean {
  return METHODS.some((method) => matchRoute(ROUTES, method, path) !== null);
}

/** The query parameters and body fields that the route does not know. */
export function violations(
  match: Match,
  request: string,
  asked: { readonly query: URLSearchParams; readonly body: Readonly<Record<string, unknown>> },
): Violation[] {
  const { query = [], fields = [] } = match.route;
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
