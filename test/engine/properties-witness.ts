import {
  CLOCK_ERROR_MS,
  COUNT_LAG_MS,
  EVENT_DELAY_MS,
} from '../../packages/core/src/engine/constants.ts';
import type { InviteReading, Observation } from '../../packages/core/src/engine/observation.ts';
import { id, START } from '../oracle/notation.ts';
import type { Chance } from './properties-chance.ts';
import {
  type Arrival,
  endedMs,
  type Link,
  usesOf,
  type World,
  whyEnded,
} from './properties-world.ts';

/** What is observed of a world: within the assumptions, otherwise as unlucky as can be. */
export interface Witness {
  readonly chance: Chance;
  readonly world: World;
  /** Discord's clock minus ours. */
  readonly offsetMs: number;
  readonly auditLog: boolean;
  /** What would have come in meanwhile was lost. */
  readonly gap: { readonly from: number; readonly to: number } | null;
}

/** A moment of Discord's clock on ours. */
export const ours = (witness: Witness, ms: number): number => START + ms - witness.offsetMs;

/** How events come in: mostly soon, never later than G after what they tell of. */
function arrival(witness: Witness, ms: number): number {
  const latest = EVENT_DELAY_MS + witness.offsetMs;
  const { chance } = witness;
  return ours(witness, ms) + Math.min(latest, chance.pick([100, 0, 300, 800, 1_500, latest]));
}

export function joinEvents(witness: Witness): Observation[] {
  return witness.world.arrivals.flatMap((each) => {
    const at = arrival(witness, each.ms);
    const event: Observation = {
      kind: 'join',
      at,
      userId: id(each.user),
      joinedAt: START + each.ms,
      bot: each.by === 'bot',
      guest: false,
      roleIds: rolesOnArrival(witness, each).map(id),
      replayed: false,
      member: null,
    };
    const twice = { ...event, at: at + 100 * witness.chance.below(8) };
    return witness.chance.maybe(10) ? [event, twice] : [event];
  });
}

function rolesOnArrival({ chance, world }: Witness, { by }: Arrival): readonly string[] {
  const link =
    typeof by === 'object' ? world.links.find(({ code }) => code === by.link) : undefined;
  if (link !== undefined && chance.maybe(70)) return link.roles;
  return chance.maybe(10) ? ['vip'] : [];
}

/** Between two joins of one user lies a leave, seen before the second. */
export function leaveEvents(joins: readonly Observation[]): Observation[] {
  const events: Observation[] = [];
  const seen = new Map<string, number>();
  for (const join of joins) {
    if (join.kind !== 'join' || join.joinedAt === null) continue;
    const before = seen.get(join.userId);
    if (before !== undefined && before !== join.joinedAt) {
      events.push({ kind: 'leave', at: join.at - 100, userId: join.userId });
    }
    seen.set(join.userId, join.joinedAt);
  }
  return events;
}

export function reading(link: Link, uses: number | null): InviteReading {
  return {
    code: id(link.code),
    inviterId: id(`owner-${link.code}`),
    channelId: id(link.channel),
    uses,
    maxUses: link.maxUses,
    createdAt: START + link.createdMs,
    expiresAt: link.expiresMs === null ? null : START + link.expiresMs,
    roleIds: link.roles.map(id),
    targeted: link.targets !== null,
    bypass: false,
  };
}

export function linkEvents(witness: Witness): Observation[] {
  return witness.world.links.flatMap((link) => [
    ...(link.young ? creation(witness, link) : []),
    ...ending(witness, link),
    ...targetReadings(witness, link),
  ]);
}

function creation(witness: Witness, link: Link): Observation[] {
  const { chance } = witness;
  const lateMs = chance.maybe(15) ? chance.between(0, 5_000) : 0;
  const at = arrival(witness, link.createdMs) + lateMs;
  return chance.maybe(20) ? [] : [{ kind: 'invite-created', at, invite: reading(link, null) }];
}

function ending(witness: Witness, link: Link): Observation[] {
  const { chance, world, auditLog } = witness;
  const ms = endedMs(world, link);
  if (ms === Infinity) return [];
  const events: Observation[] = [];
  const [code, channelId] = [id(link.code), id(link.channel)];
  const at = arrival(witness, ms);
  if (!chance.maybe(30)) events.push({ kind: 'invite-deleted', at, code, channelId });
  const lateMs = chance.pick([0, 100, 1_000, 3_000, 4_900]);
  const why = whyEnded(world, link);
  if (why === 'channel-deleted')
    events.push({ kind: 'channel-deleted', at: at + lateMs, channelId });
  if (why !== 'revoked' || !auditLog) return events;
  const final = chance.maybe(30) ? null : link.startUses + usesOf(world, link).length;
  const revokedAt = START + ms;
  events.push({ kind: 'invite-revoked', at: at + lateMs, code, revokedAt, uses: final });
  return events;
}

function targetReadings(witness: Witness, link: Link): Observation[] {
  if (link.targets === null) return [];
  const userIds = link.targets.map(id);
  return [0, 1].flatMap((): Observation[] => {
    const requestedAt = START + witness.chance.between(0, 30_000);
    const at = requestedAt + 100 * witness.chance.below(10);
    return [{ kind: 'targets', at, requestedAt, code: id(link.code), userIds }];
  });
}

/** A moment when the use of every join must show. */
export const quietMs = (world: World): number =>
  (world.arrivals.at(-1)?.ms ?? 0) + COUNT_LAG_MS + 2 * CLOCK_ERROR_MS;
