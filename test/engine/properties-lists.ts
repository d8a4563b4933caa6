import type { InvitesRead, Observation } from '../../packages/core/src/engine/observation.ts';
import { id, START } from '../oracle/notation.ts';
import { ours, quietMs, reading, type Witness } from './properties-witness.ts';
import { type Arrival, endedMs, type Link, usesOf } from './properties-world.ts';

interface Span {
  readonly requestedAt: number;
  readonly at: number;
}

/** One list before all joins, some in their midst, and one when everything must show. */
export function listReadings(witness: Witness): InvitesRead[] {
  const shown = new Map<string, number>();
  const stale = new Set<string>();
  const times = spans(witness, START + witness.chance.pick([0, 2_000, 6_300]), 3_500);
  return times.map((span, index) => {
    const last = index === times.length - 1;
    return readList(witness, span, last, shown, stale);
  });
}

export function vanityReadings(witness: Witness): Observation[] {
  const { chance, world } = witness;
  if (world.vanity === null) return [];
  const { startUses } = world.vanity;
  const uses = world.arrivals.filter(({ by }) => by === 'vanity');
  return spans(witness, START + chance.pick([500, 6_500]), 9_000).map((span): Observation => {
    if (chance.maybe(10)) {
      return { kind: 'lookup-failed', at: span.at, what: 'vanity', failure: 'unavailable' };
    }
    const count = startUses + visible(uses, moment(witness, span));
    return { kind: 'vanity', ...span, code: id('vain'), uses: chance.maybe(5) ? null : count };
  });
}

/** Requests follow each other, never two at once, and none is sent in a gap. */
function spans(witness: Witness, firstAt: number, pauseMs: number): Span[] {
  const { chance, world, gap } = witness;
  const quiet = ours(witness, quietMs(world));
  const times: Span[] = [];
  let requestedAt = firstAt;
  while (requestedAt < quiet) {
    const at = requestedAt + chance.pick([200, 0, 100, 500, 2_000]);
    if (gap === null || at < gap.from || requestedAt > gap.to) times.push({ requestedAt, at });
    requestedAt = at + chance.pick([pauseMs, 0, 600, 600, 1_500, 3_000]);
  }
  const at = requestedAt + chance.pick([200, 0, 1_000]);
  return [...times, { requestedAt, at }];
}

/** The moment of Discord's clock that an answer speaks of. */
function moment(witness: Witness, { requestedAt, at }: Span): number {
  return witness.chance.between(requestedAt, at) - START + witness.offsetMs;
}

function visible(uses: readonly Arrival[], ms: number): number {
  return uses.filter((use) => use.ms + use.lagMs <= ms).length;
}

function readList(
  witness: Witness,
  span: Span,
  last: boolean,
  shown: Map<string, number>,
  stale: Set<string>,
): InvitesRead {
  const { chance, world } = witness;
  const ms = moment(witness, span);
  const alive = world.links.filter((link) => isShown(witness, link, ms));
  const hidden = !last && chance.maybe(10) ? chance.pick(alive) : undefined;
  const invites = alive
    .filter((link) => link !== hidden)
    .map((link) => {
      const uses = link.startUses + visible(usesOf(world, link), ms);
      if (!last && chance.maybe(8)) return reading(link, null);
      const highest = shown.get(link.code) ?? 0;
      // Within the assumptions only a count below an earlier one may be stale, and once.
      if (!last && highest > 0 && !stale.has(link.code) && chance.maybe(8)) {
        stale.add(link.code);
        return reading(link, highest - 1);
      }
      shown.set(link.code, Math.max(highest, uses));
      return reading(link, uses);
    });
  // Without any count the permission is lost, which is another story.
  const unreadable = invites.length > 0 && invites.every(({ uses }) => uses === null);
  const shownInvites = unreadable ? [] : invites;
  const complete = hidden === undefined && !unreadable;
  return { kind: 'invites', ...span, invites: shownInvites, complete };
}

function isShown({ world }: Witness, link: Link, ms: number): boolean {
  const sinceMs = link.createdMs + link.showsAfterMs;
  return sinceMs <= ms && ms < endedMs(world, link) + link.lingersMs;
}
