import type { Turn } from '../world/dispatch.ts';
import type { View } from '../world/invites.ts';
import type { World } from '../world/world.ts';
import type { Reply } from './reply.ts';

/** A parsed body: JSON fields, or the parts of a form. */
export type Body = Readonly<Record<string, unknown>>;

/** What a handler sees of a request, at the moment that it reads the world. */
export type RestRequest = {
  readonly world: World;
  /** Collects the events that a change causes. */
  readonly turn: Turn;
  readonly atMs: number;
  /** How fresh this reader's lists are. */
  readonly view: View;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Body;
  readonly reason: string | null;
  readonly sessionStart: SessionStart;
};

/** What GET /gateway/bot says. */
export type SessionStart = {
  readonly url: string;
  readonly shards: number;
  readonly maxConcurrency: number;
  readonly identifiesLeft: number;
};

/** One endpoint. */
export type Route = {
  readonly method: string;
  /** Segments; those with a colon are parameters. */
  readonly template: string;
  /** Query parameters it knows. Any other is a strict violation. */
  readonly query?: readonly string[];
  /** Body fields it knows. Any other is a strict violation. */
  readonly fields?: readonly string[];
  readonly handle: (request: RestRequest) => Reply;
};

/** How faults, limits and the log name a route: `METHOD /template`. */
export function nameOf({ method, template }: Route): string {
  return `${method} ${template}`;
}

/** A route that fits a path. */
export type Match = { readonly route: Route; readonly params: Readonly<Record<string, string>> };

/** Finds the first route that fits; the table is small enough to walk. */
export function matchRoute(routes: readonly Route[], method: string, path: string): Match | null {
  const steps = path.split('/');
  for (const route of routes) {
    if (route.method !== method) continue;
    const params = matchSteps(route.template.split('/'), steps);
    if (params !== null) return { route, params };
  }
  return null;
}

function matchSteps(
  template: readonly string[],
  steps: readonly string[],
): Record<string, string> | null {
  if (template.length !== steps.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const step = steps[index]!;
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(step);
    else if (part !== step) return null;
  }
  return params;
}
