import { COUNT_LAG_MS } from '../../packages/core/src/engine/constants.ts';
import type { Chance } from './properties-chance.ts';

/** What really happened, on Discord's clock (ms after the start). */
export interface World {
  readonly links: readonly Link[];
  readonly vanity: { readonly startUses: number } | null;
  readonly arrivals: readonly Arrival[];
}

export interface Link {
  readonly code: string;
  readonly createdMs: number;
  /** Created while we watch. */
  readonly young: boolean;
  readonly maxUses: number;
  readonly startUses: number;
  readonly expiresMs: number | null;
  readonly channel: string;
  readonly roles: readonly string[];
  /** Who may use it; null: everybody. */
  readonly targets: readonly string[] | null;
  /** When and why it ends unless it is used up or expires first. */
  readonly removal: { readonly ms: number; readonly why: 'revoked' | 'channel-deleted' } | null;
  /** How long lists take to show it, and to show its end. */
  readonly showsAfterMs: number;
  readonly lingersMs: number;
}

export interface Arrival {
  readonly user: string;
  readonly ms: number;
  /** A code, or how else they came. */
  readonly by: { readonly link: string } | 'vanity' | 'no-invite' | 'bot';
  /** From the join to the moment its use shows. */
  readonly lagMs: number;
}

export const CODES = ['A', 'B', 'C', 'D'] as const;
const FIRST_JOIN_MS = 6_000;

export function inventWorld(chance: Chance): World {
  const sideGoneMs = chance.maybe(15) ? chance.between(3_000, 20_000) : null;
  const links = CODES.slice(0, 1 + chance.below(4)).map((code) =>
    inventLink(chance, code, sideGoneMs),
  );
  const vanity = chance.maybe(30) ? { startUses: 50 } : null;
  const arrivals: Arrival[] = [];
  const count = 1 + chance.below(5) + (chance.maybe(15) ? 1 : 0);
  let ms = FIRST_JOIN_MS;
  for (let index = 0; index < count; index += 1) {
    if (index > 0) ms += chance.pick([200, 0, 100, 500, 1_500, 2_500, 4_000, 6_000]);
    arrivals.push(inventArrival(chance, { links, vanity, arrivals }, ms));
  }
  return { links, vanity, arrivals };
}

function inventLink(chance: Chance, code: string, sideGoneMs: number | null): Link {
  const young = chance.maybe(35);
  const createdMs = young ? 1_000 * (1 + chance.below(12)) : -3_600_000;
  const maxUses = chance.pick([0, 1, 0, 2, 5]);
  const side = chance.maybe(40) && createdMs < (sideGoneMs ?? Infinity);
  const revokedMs = Math.max(createdMs + 200, chance.between(2_000, 24_000));
  const removals: NonNullable<Link['removal']>[] = [];
  if (side && sideGoneMs !== null) removals.push({ ms: sideGoneMs, why: 'channel-deleted' });
  if (chance.maybe(20)) removals.push({ ms: revokedMs, why: 'revoked' });
  return {
    code,
    createdMs,
    young,
    maxUses,
    startUses: young || maxUses === 1 ? 0 : chance.below(maxUses === 0 ? 4 : maxUses),
    expiresMs: chance.maybe(20)
      ? 1_000 * Math.max(createdMs / 1_000 + 1, 4 + chance.below(20))
      : null,
    channel: side ? 'side' : 'general',
    roles: chance.maybe(20) ? ['vip'] : [],
    targets: chance.maybe(12) ? ['u1', 'u2'] : null,
    removal: removals.sort((a, b) => a.ms - b.ms)[0] ?? null,
    showsAfterMs: chance.maybe(20) ? 1_000 : 0,
    lingersMs: chance.maybe(20) ? 1_000 : 0,
  };
}

function inventArrival(chance: Chance, world: World, ms: number): Arrival {
  const lagMs = chance.pick([0, 0, 0, 200, 1_000, 2_000, COUNT_LAG_MS]);
  const gone = world.arrivals.find((each) => each.by !== 'bot' && each.ms <= ms - 3_000);
  const returns = chance.maybe(15) && gone !== undefined && lastOf(world, gone.user) === gone;
  const user = returns ? gone.user : `u${world.arrivals.length + 1}`;
  if (chance.maybe(8)) return { user: `bot${world.arrivals.length}`, ms, by: 'bot', lagMs };
  const ways: Arrival['by'][] = world.links
    .filter((link) => canUse(world, link, user, ms))
    .flatMap((link) => [{ link: link.code }, { link: link.code }]);
  if (world.vanity !== null) ways.push('vanity');
  ways.push('no-invite');
  return { user, ms, by: chance.pick(ways), lagMs };
}

function lastOf(world: World, user: string): Arrival | undefined {
  return world.arrivals.findLast((each) => each.user === user);
}

function canUse(world: World, link: Link, user: string, ms: number): boolean {
  if (link.targets !== null && !link.targets.includes(user)) return false;
  return ms >= link.createdMs && ms < endedMs(world, link);
}

export function usesOf(world: World, link: Link): Arrival[] {
  return world.arrivals.filter(({ by }) => typeof by === 'object' && by.link === link.code);
}

/** When it ceased to exist; Infinity while it lives. */
export function endedMs(world: World, link: Link): number {
  const left = link.maxUses === 0 ? Infinity : link.maxUses - link.startUses;
  const usedUpMs = usesOf(world, link)[left - 1]?.ms ?? Infinity;
  return Math.min(usedUpMs, link.removal?.ms ?? Infinity, link.expiresMs ?? Infinity);
}

export function whyEnded(world: World, link: Link): 'revoked' | 'channel-deleted' | 'other' {
  return link.removal?.ms === endedMs(world, link) ? link.removal.why : 'other';
}
