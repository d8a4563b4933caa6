import type {
  AssumptionName,
  Attribution,
  BasicAssumption,
  Candidate,
  Certainty,
  Evidence,
  GapCause,
  JoinGroup,
  Origin,
  UnknownReason,
  VanishReason,
} from '../engine/attribution.ts';
import {
  code,
  count,
  list,
  nullable,
  part,
  record,
  type Shape,
  time,
  truth,
  user,
  variants,
  word,
} from './shape.ts';

export const gapCause: Shape<GapCause> = word({
  'first-start': true,
  restart: true,
  'session-lost': true,
  outage: true,
  removed: true,
  clock: true,
});

const BASIC: Readonly<Record<BasicAssumption, true>> = {
  A1: true,
  A2: true,
  A3: true,
  A4: true,
  A5: true,
  A6: true,
};

export const basicAssumption: Shape<BasicAssumption> = word(BASIC);

const assumption: Shape<AssumptionName> = word({
  'no-lag': true,
  'used-up': true,
  'surplus-is-not-theirs': true,
  'nobody-unseen': true,
  'role-from-invite': true,
  ...BASIC,
});

const reason: Shape<UnknownReason> = word({
  'no-permission': true,
  'no-baseline': true,
  gap: true,
  'lookup-failed': true,
  'over-budget': true,
  'no-record': true,
  imported: true,
});

const VANISHED: Readonly<Record<VanishReason, true>> = {
  'used-up': true,
  revoked: true,
  expired: true,
  'channel-deleted': true,
  unexplained: true,
};

const vanishReason: Shape<VanishReason> = word(VANISHED);

/** How a class of uses ended, the verdict of the audit log still to come included. */
export const ending: Shape<VanishReason | 'pending'> = word({ ...VANISHED, pending: true });

export const origin: Shape<Origin> = variants<Origin>({
  invite: { code, inviterId: nullable(user) },
  vanity: { code },
  bot: { adderId: nullable(user) },
  application: { code: nullable(code) },
  'no-invite': {},
  discovery: {},
  hub: {},
  integration: {},
  oauth: {},
  lobby: {},
  other: { type: count },
  unknown: { reason },
});

const certainty: Shape<Certainty> = word({
  reported: true,
  certain: true,
  likely: true,
  ambiguous: true,
  unknown: true,
});

const inferred = record<Extract<Evidence, { readonly kind: 'reported' }>['inferred']>({
  certainty,
  origin: nullable(origin),
});

const evidence: Shape<Evidence> = variants<Evidence>({
  counted: { code, uses: count, fromUses: count, toUses: count, from: time, to: time },
  vanished: { code, why: vanishReason, at: time },
  possible: { code, limit: nullable(count) },
  'nothing-counted': { lists: count, vanityReadings: count },
  unclaimed: { code, uses: count },
  others: { joins: count },
  excluded: { code, why: word({ 'target-list': true }) },
  gap: { from: time, to: time, cause: gapCause },
  bot: { adderId: nullable(user) },
  failed: { reason },
  reported: { origin, at: time, inferred },
});

const candidate = record<Candidate>({
  origin,
  share: nullable(part),
  uses: nullable(count),
});

const group = record<JoinGroup>({
  size: count,
  sums: list(record<JoinGroup['sums'][number]>({ origin, uses: count })),
});

/** An answer, field by field. */
export const attributionShape: Shape<Attribution> = record<Attribution>({
  userId: user,
  joinedAt: time,
  seenAt: time,
  origin: nullable(origin),
  certainty,
  candidates: list(candidate),
  group: nullable(group),
  assumptions: list(assumption),
  evidence: list(evidence),
  settled: truth,
  whileAway: truth,
});
