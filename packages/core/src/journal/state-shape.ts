import type { InviteCode } from '../engine/ids.ts';
import type {
  AccessState,
  AdderSeen,
  BotSeen,
  FoundJoin,
  Gap,
  GuildRest,
  GuildState,
  InviteRecord,
  InviteTraits,
  ListSeen,
  LookupState,
  SearchState,
  SearchTarget,
  Span,
  Sweep,
  TargetReading,
  UnreadCode,
  VanityState,
  Wants,
} from '../engine/state.ts';
import { basicAssumption, gapCause } from './attribution-shape.ts';
import { searchMode } from './observation-shape.ts';
import {
  channel,
  code,
  count,
  list,
  nullable,
  place,
  record,
  role,
  type Shape,
  time,
  truth,
  user,
} from './shape.ts';
import { fall, parkedCluster, tombstone, useClass, windowJoin } from './window-shape.ts';

/** A guild's state as plain JSON. The order of the invites is part of it. */
export interface StoredState {
  readonly invites: readonly InviteEntry[];
  readonly rest: GuildRest;
}

/** A living invite with its code. */
export interface InviteEntry extends InviteRecord {
  readonly code: InviteCode;
}

/** For a journal: nothing is left out, unlike in what the store keeps across a restart. */
export function storedState({ invites, rest }: GuildState): StoredState {
  return { invites: [...invites].map(([own, known]) => ({ code: own, ...known })), rest };
}

/** The state to go on from. */
export function guildState({ invites, rest }: StoredState): GuildState {
  return { invites: new Map(invites.map(({ code: own, ...known }) => [own, known])), rest };
}

const maybeTime = nullable(time);

const lookup = record<LookupState>({
  listOpen: truth,
  vanityOpen: truth,
  askedAt: maybeTime,
  vanityAskedAt: maybeTime,
  refreshAt: maybeTime,
  vanityRefreshAt: maybeTime,
  failingSince: maybeTime,
  failures: count,
  failedAt: maybeTime,
  overBudget: truth,
  vanityFailures: count,
  vanityFailedAt: maybeTime,
  targetsAsked: list(code),
});

const sweep = record<Sweep>({
  since: time,
  until: time,
  startedAt: time,
  progressAt: time,
  after: nullable(place),
  open: truth,
  failures: count,
  failedAt: maybeTime,
  found: list(
    record<FoundJoin>({
      userId: user,
      joinedAt: time,
      seenAt: time,
      roleIds: list(role),
      left: truth,
    }),
  ),
});

const search = record<SearchState>({
  open: truth,
  askedAt: maybeTime,
  refusedAt: maybeTime,
  pausedUntil: maybeTime,
  targets: list(
    record<SearchTarget>({
      userId: user,
      joinedAt: time,
      seenAt: time,
      attempts: count,
      dueAt: time,
    }),
  ),
  checked: count,
  agreed: count,
});

const rest = record<GuildRest>({
  access: record<AccessState>({
    counts: truth,
    auditLog: truth,
    auditLogSince: maybeTime,
    search: searchMode,
  }),
  refusedAt: maybeTime,
  vanityRefusedAt: maybeTime,
  manualApproval: truth,
  listedAt: maybeTime,
  listAnsweredAt: maybeTime,
  lists: list(record<ListSeen>({ requestedAt: time, at: time, complete: truth })),
  trackedSince: maybeTime,
  unread: list(record<UnreadCode>({ code, readAt: maybeTime, missedAt: maybeTime, shown: truth })),
  fresh: list(record<GuildRest['fresh'][number]>({ code, createdAt: time })),
  deadChannels: list(record<GuildRest['deadChannels'][number]>({ channelId: channel, at: time })),
  traits: list(record<InviteTraits>({ code, roleIds: list(role), targeted: truth, bypass: truth })),
  vanity: record<VanityState>({
    code: nullable(code),
    uses: nullable(count),
    readAt: maybeTime,
    unreadAt: maybeTime,
    toldAt: maybeTime,
  }),
  lookup,
  joins: list(windowJoin),
  bots: list(record<BotSeen>({ userId: user, joinedAt: time, seenAt: time, whileAway: truth })),
  adders: list(record<AdderSeen>({ botId: user, adderId: nullable(user), at: time })),
  classes: list(useClass),
  parked: list(parkedCluster),
  tombstones: list(tombstone),
  falls: list(fall),
  gaps: list(record<Gap>({ from: time, to: time, cause: gapCause })),
  targets: list(record<TargetReading>({ code, requestedAt: time, at: time, userIds: list(user) })),
  forgottenUntil: maybeTime,
  doubtedUntil: maybeTime,
  usedCodes: list(code),
  session: record<GuildRest['session']>({ lost: truth, resumedAt: maybeTime }),
  refuted: list(record<GuildRest['refuted'][number]>({ assumption: basicAssumption, at: time })),
  unswept: nullable(record<Span>({ since: time, until: time })),
  sweep: nullable(sweep),
  search,
  wants: record<Wants>({ listAt: maybeTime, vanityAt: maybeTime, deadlineAt: maybeTime }),
  wakeAt: maybeTime,
});

/** All that the engine knows of a guild, field by field. */
export const stateShape: Shape<StoredState> = record<StoredState>({
  invites: list(
    record<InviteEntry>({
      code,
      uses: nullable(count),
      maxUses: count,
      inviterId: nullable(user),
      channelId: nullable(channel),
      createdAtS: count,
      expiresAtS: count,
    }),
  ),
  rest,
});
