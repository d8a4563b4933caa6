import type { UserId } from '../engine/ids.ts';
import type { CountingRule, FakeReason, FakeSign } from './counting-rule.ts';
import type { Credit } from './credit.ts';
import type { SettledJoin } from './settled-join.ts';

/** What came before a join of the same member: facts that only the whole history has. */
export interface EarlierJoin {
  readonly joinedAt: number;
  /** Everybody who was ever credited with this member, before this join. */
  readonly inviterIds: ReadonlySet<UserId>;
}

/** Why a join is fake by the rule; empty if it is not. Every sign that holds is named. */
export function fakeReasons(
  join: SettledJoin,
  credit: Credit,
  earlier: EarlierJoin | null,
  { match, signs }: CountingRule['fake'],
): readonly FakeReason[] {
  const held = signs.filter((sign) => holds(sign, join, credit, earlier));
  if (match === 'all' && held.length < signs.length) return [];
  return [...new Set(held.map(({ kind }) => kind))];
}

function holds(
  sign: FakeSign,
  join: SettledJoin,
  credit: Credit,
  earlier: EarlierJoin | null,
): boolean {
  switch (sign.kind) {
    case 'young-account':
      return join.joinedAt - join.accountCreatedAt < sign.underMs;
    case 'own-link':
      return credit.kind === 'inviter' && credit.inviterId === join.userId;
    case 'returning':
      return earlier !== null && returned(sign, join, credit, earlier);
    case 'quick-leave':
      return join.leftAt !== null && join.leftAt - join.joinedAt < sign.underMs;
    case 'no-avatar':
      return join.hasAvatar === false;
    case 'quarantined-name':
      return join.hasQuarantinedName === true;
    case 'pending':
      return join.isPending === true;
  }
}

function returned(
  sign: Extract<FakeSign, { kind: 'returning' }>,
  join: SettledJoin,
  credit: Credit,
  earlier: EarlierJoin,
): boolean {
  if (sign.withinMs !== null && join.joinedAt - earlier.joinedAt > sign.withinMs) return false;
  if (sign.through === 'anybody') return true;
  // Where either inviter is open, neither "the same" nor "another" is known.
  if (credit.kind !== 'inviter' || earlier.inviterIds.size === 0) return false;
  return earlier.inviterIds.has(credit.inviterId) === (sign.through === 'same-inviter');
}
