import { CLOCK_ERROR_MS } from '../../packages/core/src/engine/constants.ts';
import type { InviteCode } from '../../packages/core/src/engine/ids.ts';
import type {
  InviteDeleted,
  InviteRevoked,
  InvitesRead,
  Observation,
} from '../../packages/core/src/engine/observation.ts';
import { earliest, type Frame, isGapped, type UseClass } from './use-class.ts';

export type InviteEnd = InviteDeleted | InviteRevoked;

export function isEnd(observation: Observation): observation is InviteEnd {
  return observation.kind === 'invite-deleted' || observation.kind === 'invite-revoked';
}

/** The request of the last list that would have shown an older invite; -Infinity if none. */
export function lastLook(frame: Frame, lists: readonly InvitesRead[]): number {
  const list = lists.findLast(({ complete }) => complete || !frame.rules.sinceCompleteList);
  return list?.requestedAt ?? -Infinity;
}

/** Possible uses of invites of which the journal tells nothing but their end. */
export function strangersUses(frame: Frame, observations: readonly Observation[]): UseClass[] {
  const told = new Set(observations.flatMap(codesTold));
  const ends = observations.filter(isEnd).filter(({ code }) => !told.has(code));
  const codes = [...new Set(ends.map(({ code }) => code))];
  return codes.flatMap((code) => {
    const own = ends.filter((end) => end.code === code);
    const before = observations.slice(0, observations.indexOf(own[0]!));
    // Whatever lies before the first list has no baseline anyway.
    return before.some(({ kind }) => kind === 'invites') ? [strangerUses(frame, own, before)] : [];
  });
}

function strangerUses(
  frame: Frame,
  ends: readonly InviteEnd[],
  before: readonly Observation[],
): UseClass {
  const revoked = ends.find((end) => end.kind === 'invite-revoked');
  const { code, at: answeredAt } = ends[0]!;
  const since = lastLook(
    frame,
    before.filter((each) => each.kind === 'invites'),
  );
  const from = earliest(frame, since);
  const until = (revoked?.revokedAt ?? answeredAt) + CLOCK_ERROR_MS;
  return {
    origin: `invite:${code}`,
    from,
    until,
    counted: false,
    limit: revoked?.uses ?? Infinity,
    gapped: isGapped(frame, { from, until }, { from: since, to: answeredAt }),
    answeredAt,
    roleIds: [],
  };
}

function codesTold(observation: Observation): InviteCode[] {
  if (observation.kind === 'invite-created') return [observation.invite.code];
  return observation.kind === 'invites' ? observation.invites.map(({ code }) => code) : [];
}
