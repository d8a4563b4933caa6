import type { Origin } from '../engine/attribution.ts';
import type { InviteCode, UserId } from '../engine/ids.ts';
import type { Correction, CorrectionChange } from './corrections.ts';
import type { SettledJoin } from './settled-join.ts';

/** What the tests of this room write in days, from a day on which every account is years old. */
export const DAY = 86_400_000;
export const FIRST = Date.UTC(2026, 0, 1);

export const day = (count: number): number => FIRST + count * DAY;
export const user = (name: string): UserId => name as UserId;

/** By a link of theirs, which is called as they are. */
export function by(inviter: string, link = inviter): Origin {
  return { kind: 'invite', code: link as InviteCode, inviterId: user(inviter) };
}

/** A member, of whom everything that speaks against them is known, and nothing does. */
export function joined(
  name: string,
  at: number,
  origin: Origin | null,
  told: Partial<SettledJoin> = {},
): SettledJoin {
  return {
    userId: user(name),
    joinedAt: day(at),
    certainty: 'certain',
    origin,
    candidates: [],
    group: null,
    accountCreatedAt: day(-1000),
    leftAt: null,
    hasAvatar: true,
    hasQuarantinedName: false,
    isPending: false,
    roleIds: [],
    firstMessageAt: null,
    ...told,
  };
}

/** One of several who cannot be told apart. */
export function oneOf(
  name: string,
  at: number,
  sums: readonly (readonly [Origin, number])[],
  told: Partial<SettledJoin> = {},
): SettledJoin {
  const size = sums.reduce((all, [, uses]) => all + uses, 0);
  return joined(name, at, null, {
    certainty: 'ambiguous',
    candidates: sums.map(([origin, uses]) => ({ origin, share: uses / size, uses })),
    group: { size, sums: sums.map(([origin, uses]) => ({ origin, uses })) },
    ...told,
  });
}

export function entry(id: string, at: number, change: CorrectionChange): Correction {
  return { id, at: day(at), actorId: user('moderator'), reason: 'a test', change };
}
