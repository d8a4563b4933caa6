import type { Origin } from '../engine/attribution.ts';
import type { UserId } from '../engine/ids.ts';
import type { SettledJoin } from './settled-join.ts';

/** Who is credited with a join. */
export type Credit =
  | { readonly kind: 'inviter'; readonly inviterId: UserId }
  /**
   * Nobody knows which of a group's members came by whom, but how many by whom: each member
   * carries an equal part of the sums, so that all of a group add up to them exactly.
   */
  | { readonly kind: 'group'; readonly parts: readonly CreditPart[] }
  /** No inviter (a vanity link, a bot), or not known well enough. */
  | { readonly kind: 'nobody' };

/** What of a join that cannot be told apart falls to one inviter. */
export interface CreditPart {
  readonly inviterId: UserId;
  /** Above 0, at most 1. */
  readonly part: number;
}

const NOBODY: Credit = { kind: 'nobody' };

/** What the evidence allows to credit; a blocked inviter is the rule's affair. */
export function creditOf(join: SettledJoin, creditsLikely: boolean): Credit {
  const { certainty, origin } = join;
  switch (certainty) {
    case 'certain':
    case 'reported':
      return creditTo(inviterOf(origin));
    case 'likely':
      return creditsLikely ? creditTo(inviterOf(origin)) : NOBODY;
    case 'ambiguous':
      return ambiguousCredit(join);
    case 'unknown':
      return NOBODY;
  }
}

// Two links of the same person leave the link open, and the inviter certain.
function ambiguousCredit({ candidates, group }: SettledJoin): Credit {
  const inviters = new Set(candidates.map(({ origin }) => inviterOf(origin)));
  const [only] = inviters;
  if (inviters.size === 1) return creditTo(only ?? null);
  if (group === null || group.size <= 0) return NOBODY;
  const uses = new Map<UserId, number>();
  for (const sum of group.sums) {
    const inviterId = inviterOf(sum.origin);
    if (inviterId === null) continue;
    uses.set(inviterId, (uses.get(inviterId) ?? 0) + sum.uses);
  }
  const parts = [...uses].map(([inviterId, all]) => ({ inviterId, part: all / group.size }));
  const present = parts.filter(({ part }) => part > 0);
  return present.length === 0 ? NOBODY : { kind: 'group', parts: present };
}

function creditTo(inviterId: UserId | null): Credit {
  return inviterId === null ? NOBODY : { kind: 'inviter', inviterId };
}

function inviterOf(origin: Origin | null): UserId | null {
  return origin?.kind === 'invite' ? origin.inviterId : null;
}
