import { CLOCK_ERROR_MS, EVENT_DELAY_MS } from '../../packages/core/src/engine/constants.ts';
import type { Observation } from '../../packages/core/src/engine/observation.ts';
import type { Invite } from './invite.ts';
import { followInvites } from './invites.ts';
import { strangersUses } from './strangers.ts';
import { type Frame, type Interval, NO_BASELINE, touchesGap, type UseClass } from './use-class.ts';
import { lastUses, mayBeUsedUp } from './vanishing.ts';
import { vanityUses } from './vanity.ts';

export interface Uses {
  readonly classes: readonly UseClass[];
  /** Ids of the vanished invites of which one may assume that they were used up. */
  readonly undecided: readonly string[];
}

/** All uses that the journal proves or allows, derived from the whole of it at once. */
export function deriveUses(
  observations: readonly Observation[],
  variation: Pick<Frame, 'lagMs' | 'usedUp' | 'rules'>,
): Uses {
  const frame = { ...variation, ...circumstances(observations) };
  const invites = followInvites(frame, observations);
  const classes = [
    ...beforeFirstList(frame, observations),
    ...vanityUses(frame, observations),
    ...invites.flatMap((invite) => usesOf(frame, invite)),
    ...strangersUses(frame, observations),
  ];
  return {
    classes: classes.filter((uses) => uses.limit > 0),
    undecided: invites.filter((invite) => mayBeUsedUp(frame, invite)).map(({ id }) => id),
  };
}

function usesOf(frame: Frame, invite: Invite): UseClass[] {
  const open = invite.pending === null ? [] : [invite.pending];
  // An end covers the whole time since the last reading, the unreadable part included.
  const rest = invite.ending === null ? open : [lastUses(frame, invite, invite.ending)];
  return [...invite.classes, ...rest];
}

function beforeFirstList(frame: Frame, observations: readonly Observation[]): UseClass[] {
  const first = observations.find((observation) => observation.kind === 'invites');
  if (first === undefined) return [];
  return [
    {
      origin: NO_BASELINE,
      from: -Infinity,
      until: first.at + CLOCK_ERROR_MS,
      counted: false,
      limit: Infinity,
      gapped: touchesGap(frame, { from: -Infinity, to: first.at }),
      answeredAt: first.at,
      roleIds: [],
    },
  ];
}

function circumstances(
  observations: readonly Observation[],
): Pick<Frame, 'gaps' | 'lost' | 'deaf' | 'channelEnds' | 'lastAt'> {
  return {
    gaps: observations.filter((observation) => observation.kind === 'gap'),
    lost: lostSessions(observations),
    deaf: deafTimes(observations),
    channelEnds: observations.flatMap(({ kind, at }) => (kind === 'channel-deleted' ? [at] : [])),
    lastAt: observations.at(-1)?.at ?? -Infinity,
  };
}

/** The permission may have gone as long before we heard of it as an event may take. */
function deafTimes(observations: readonly Observation[]): Interval[] {
  const intervals: Interval[] = [];
  let lostAt: number | null = null;
  for (const observation of observations) {
    if (observation.kind !== 'access') continue;
    if (!observation.auditLog) lostAt ??= observation.at - EVENT_DELAY_MS - CLOCK_ERROR_MS;
    else if (lostAt !== null) {
      intervals.push({ from: lostAt, to: observation.at });
      lostAt = null;
    }
  }
  return lostAt === null ? intervals : [...intervals, { from: lostAt, to: Infinity }];
}

function lostSessions(observations: readonly Observation[]): Interval[] {
  const intervals: Interval[] = [];
  let lostAt: number | null = null;
  for (const observation of observations) {
    // A session that could not resume is followed by a gap instead.
    if (observation.kind !== 'session' && observation.kind !== 'gap') continue;
    if (observation.kind === 'session' && observation.state === 'lost') lostAt ??= observation.at;
    else if (lostAt !== null) {
      intervals.push({ from: lostAt, to: observation.at });
      lostAt = null;
    }
  }
  return lostAt === null ? intervals : [...intervals, { from: lostAt, to: Infinity }];
}
