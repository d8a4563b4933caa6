import { AUDIT_SILENCE_MS, CLOCK_ERROR_MS } from '../../packages/core/src/engine/constants.ts';
import type {
  InvitesRead,
  ListedMember,
  Observation,
} from '../../packages/core/src/engine/observation.ts';
import { id, START } from '../oracle/notation.ts';
import { type Chance, chance } from './properties-chance.ts';
import { listReadings, vanityReadings } from './properties-lists.ts';
import {
  joinEvents,
  leaveEvents,
  linkEvents,
  quietMs,
  type Witness,
} from './properties-witness.ts';
import { endedMs, inventWorld, type World, whyEnded } from './properties-world.ts';

export interface TruthfulJournal {
  readonly observations: readonly Observation[];
  /** By user and `joined_at`: the origins that an honest observer may believe. */
  readonly truths: ReadonlyMap<string, readonly string[]>;
  /** A gap swallowed a join that the member list does not show. */
  readonly lost: boolean;
  /** Whose join it was; the member list shows them, but for those who have left again. */
  readonly missed: readonly ListedMember[];
}

export const joinKey = (userId: string, joinedAt: number): string => `${userId}@${joinedAt}`;

/** A small world, observed within the assumptions A1 to A6. */
export function truthfulJournal(tape: readonly number[]): TruthfulJournal {
  const draw = chance(tape);
  const world = inventWorld(draw);
  const offsetMs = draw.pick([0, -CLOCK_ERROR_MS, CLOCK_ERROR_MS, 200]);
  const gap = inventGap(draw, START + quietMs(world) - CLOCK_ERROR_MS);
  const witness: Witness = { chance: draw, world, offsetMs, auditLog: !draw.maybe(15), gap };
  const joins = joinEvents(witness);
  const lists = listReadings(witness);
  const vanity = vanityReadings(witness);
  const links = linkEvents(witness);
  const observed = inOrder([
    ...joins,
    ...leaveEvents(joins),
    ...lists,
    ...vanity,
    ...inTime(world, links, lists),
  ]);
  const kept = withoutLost(witness, observed);
  const lastAt = kept.at(-1)?.at ?? START;
  const endAt = lastAt + draw.pick([10_100, 100, 3_000, 5_000]);
  const observations: Observation[] = [
    { kind: 'access', at: START, counts: true, auditLog: witness.auditLog },
    {
      kind: 'guild',
      at: START,
      vanityCode: world.vanity === null ? null : id('vain'),
      manualApproval: false,
    },
    ...kept,
    { kind: 'time', at: endAt },
  ];
  const swallowed = joinsOf(observed).size - joinsOf(kept).size;
  const missed = missedIn(observed, kept).filter(() => !draw.maybe(15));
  const lost = missed.length < swallowed;
  return { observations, truths: truthsOf(witness, observations), lost, missed };
}

function joinsOf(observations: readonly Observation[]): ReadonlySet<string> {
  return new Set(
    observations.flatMap((each) =>
      each.kind === 'join' ? [joinKey(each.userId, each.joinedAt ?? 0)] : [],
    ),
  );
}

/** Members whose join was lost, but for those who came again since: the list shows that join. */
function missedIn(observed: readonly Observation[], kept: readonly Observation[]): ListedMember[] {
  const told = new Set(kept.flatMap((each) => (each.kind === 'join' ? [each.userId] : [])));
  const missed = new Map<string, ListedMember>();
  for (const each of observed) {
    if (each.kind !== 'join' || each.joinedAt === null || told.has(each.userId)) continue;
    const { userId, joinedAt, bot, roleIds } = each;
    missed.set(userId, { userId, joinedAt, bot, roleIds, member: null });
  }
  return [...missed.values()];
}

export function inOrder(observations: readonly Observation[]): Observation[] {
  return observations.toSorted((a, b) => a.at - b.at);
}

/** The reason for an end is told within the silence that would prove another one. */
function inTime(
  world: World,
  events: readonly Observation[],
  lists: readonly InvitesRead[],
): Observation[] {
  const latest = (code: string): number => {
    const told = events.filter((each) => each.kind === 'invite-deleted' && each.code === code);
    const link = world.links.find((each) => each.code === code);
    const gone = lists.filter(
      ({ complete, at, invites }) =>
        complete &&
        at >= START + (link === undefined ? 0 : endedMs(world, link)) - CLOCK_ERROR_MS &&
        !invites.some((invite) => invite.code === code),
    );
    return Math.min(...[...told, ...gone].map(({ at }) => at)) + AUDIT_SILENCE_MS;
  };
  return events.map((event) => {
    if (event.kind === 'invite-revoked')
      return { ...event, at: Math.min(event.at, latest(event.code)) };
    if (event.kind !== 'channel-deleted') return event;
    const inside = world.links.filter(
      (link) => link.channel === event.channelId && whyEnded(world, link) === 'channel-deleted',
    );
    return { ...event, at: Math.min(event.at, ...inside.map(({ code }) => latest(code))) };
  });
}

/** The last readings come after it. */
function inventGap(draw: Chance, before: number): Witness['gap'] {
  if (!draw.maybe(20)) return null;
  const from = START + draw.between(1_000, 20_000);
  const to = Math.min(from + draw.between(100, 4_000), before - 100);
  return to < from ? null : { from, to };
}

function withoutLost({ gap }: Witness, observed: readonly Observation[]): Observation[] {
  if (gap === null) return [...observed];
  const kept = observed.filter(({ at }) => at < gap.from || at > gap.to);
  return inOrder([...kept, { kind: 'gap', at: gap.to, ...gap, cause: 'outage' }]);
}

function truthsOf({ world }: Witness, observations: readonly Observation[]): Map<string, string[]> {
  const shown = new Set<string>();
  for (const observation of observations) {
    if (observation.kind === 'invite-created') shown.add(observation.invite.code);
    if (observation.kind === 'invites') for (const { code } of observation.invites) shown.add(code);
  }
  return new Map(
    world.arrivals.map(({ user, ms, by }) => {
      const key = joinKey(user, START + ms);
      if (by === 'vanity') return [key, ['vanity:vain']];
      if (typeof by === 'string') return [key, [by]];
      // Nobody can name a code that Discord never showed.
      return [key, shown.has(by.link) ? [`invite:${by.link}`] : [`invite:${by.link}`, 'no-invite']];
    }),
  );
}
