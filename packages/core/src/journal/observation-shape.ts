import type {
  InviteReading,
  KnownMember,
  ListedMember,
  Observation,
  SearchHit,
  SearchMode,
} from '../engine/observation.ts';
import { attributionShape, gapCause, origin } from './attribution-shape.ts';
import {
  channel,
  code,
  count,
  list,
  nullable,
  optional,
  place,
  record,
  role,
  type Shape,
  time,
  truth,
  user,
  variants,
  word,
} from './shape.ts';

const member = nullable(record<KnownMember>({ joinedAt: time, present: truth }));

const invite = record<InviteReading>({
  code,
  inviterId: nullable(user),
  channelId: nullable(channel),
  uses: nullable(count),
  maxUses: count,
  createdAt: nullable(time),
  expiresAt: nullable(time),
  roleIds: list(role),
  targeted: truth,
  bypass: truth,
});

const listed = record<ListedMember>({
  userId: user,
  joinedAt: time,
  bot: truth,
  roleIds: list(role),
  member,
});

const hit = record<SearchHit>({ userId: user, joinedAt: time, origin: nullable(origin) });

export const searchMode: Shape<SearchMode> = word({ off: true, ambiguous: true, always: true });

/** Every kind of observation, field by field. */
export const observationShape: Shape<Observation> = variants<Observation>({
  join: {
    at: time,
    userId: user,
    joinedAt: nullable(time),
    bot: truth,
    guest: truth,
    roleIds: list(role),
    replayed: truth,
    member,
  },
  leave: { at: time, userId: user },
  invites: { at: time, requestedAt: time, invites: list(invite), complete: truth },
  vanity: { at: time, requestedAt: time, code: nullable(code), uses: nullable(count) },
  'lookup-failed': {
    at: time,
    what: word({ invites: true, vanity: true, members: true }),
    failure: word({ refused: true, unavailable: true, 'over-budget': true }),
  },
  targets: { at: time, requestedAt: time, code, userIds: nullable(list(user)) },
  members: {
    at: time,
    requestedAt: time,
    since: time,
    until: time,
    after: nullable(place),
    members: list(listed),
    next: nullable(place),
  },
  searched: {
    at: time,
    requestedAt: time,
    asked: list(user),
    hits: list(hit),
    known: list(attributionShape),
  },
  'search-failed': {
    at: time,
    failure: word({ refused: true, withdrawn: true, 'not-indexed': true, unavailable: true }),
    retryAt: nullable(time),
  },
  'invite-created': { at: time, invite },
  'invite-deleted': { at: time, code, channelId: nullable(channel) },
  'invite-revoked': { at: time, code, revokedAt: time, uses: nullable(count) },
  'channel-deleted': { at: time, channelId: channel },
  'bot-added': { at: time, botId: user, adderId: nullable(user) },
  access: { at: time, counts: truth, auditLog: truth, search: optional(searchMode) },
  guild: { at: time, vanityCode: nullable(code), manualApproval: truth },
  gap: {
    at: time,
    from: time,
    to: time,
    cause: gapCause,
    turnover: optional(truth),
    replaying: optional(truth),
  },
  session: { at: time, state: word({ lost: true, resumed: true }) },
  'member-seen': { at: time, userId: user, joinedAt: time, member },
  'clock-doubted': { at: time },
  time: { at: time },
});
