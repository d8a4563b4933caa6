import type {
  ChannelId,
  GuildId,
  InviteCode,
  RoleId,
  UserId,
} from '../../packages/core/src/engine/ids.ts';
import type {
  InviteReading,
  JoinObserved,
  Observation,
} from '../../packages/core/src/engine/observation.ts';

/** Journals in a few words, for tests: all times are seconds after `START`. */
export const START = 1_700_000_000_000;

export type Id = UserId & ChannelId & RoleId & InviteCode & GuildId;
/** One name serves as an id of any kind. */
export const id = (name: string): Id => name as unknown as Id;
export const time = (seconds: number): number => START + Math.round(seconds * 1000);

export interface InviteNotes {
  readonly uses?: number | null;
  readonly max?: number;
  /** Long before the journal unless told; null where Discord leaves it out. */
  readonly created?: number | null;
  readonly expires?: number | null;
  readonly channel?: string;
  readonly roles?: readonly string[];
}

export function invite(code: string, notes: InviteNotes = {}): InviteReading {
  const created = notes.created === undefined ? -3600 : notes.created;
  const expires = notes.expires ?? null;
  return {
    code: id(code),
    inviterId: id(`${code}-owner`),
    channelId: id(notes.channel ?? 'general'),
    uses: notes.uses === undefined ? 0 : notes.uses,
    maxUses: notes.max ?? 0,
    createdAt: created === null ? null : time(created),
    expiresAt: expires === null ? null : time(expires),
    roleIds: (notes.roles ?? []).map(id),
    targeted: false,
    bypass: false,
  };
}

/** Counts by code; a number alone is an invite without a limit. */
export function list(
  requested: number,
  answered: number,
  counts: Readonly<Record<string, number | null | InviteNotes>>,
  complete = true,
): Observation {
  const invites = Object.entries(counts).map(([code, notes]) =>
    invite(code, typeof notes === 'object' && notes !== null ? notes : { uses: notes }),
  );
  const [requestedAt, at] = [time(requested), time(answered)];
  return { kind: 'invites', at, requestedAt, invites, complete };
}

export function join(
  user: string,
  joined: number,
  notes: Partial<Omit<JoinObserved, 'kind' | 'at' | 'roleIds'>> & {
    readonly at?: number;
    readonly roles?: readonly string[];
  } = {},
): Observation {
  const { at = joined + 0.1, roles = [], ...rest } = notes;
  return {
    kind: 'join',
    at: time(at),
    userId: id(user),
    joinedAt: time(joined),
    bot: false,
    guest: false,
    roleIds: roles.map(id),
    replayed: false,
    member: null,
    ...rest,
  };
}

export const leave = (user: string, at: number): Observation => ({
  kind: 'leave',
  at: time(at),
  userId: id(user),
});

export const created = (code: string, at: number, notes: InviteNotes = {}): Observation => ({
  kind: 'invite-created',
  at: time(at),
  invite: invite(code, { created: Math.floor(at), ...notes }),
});

export const deleted = (code: string, at: number): Observation => ({
  kind: 'invite-deleted',
  at: time(at),
  code: id(code),
  channelId: null,
});

export const revoked = (
  code: string,
  revokedAt: number,
  at: number,
  uses: number | null,
): Observation => ({
  kind: 'invite-revoked',
  at: time(at),
  code: id(code),
  revokedAt: time(revokedAt),
  uses,
});

export const channelDeleted = (channel: string, at: number): Observation => ({
  kind: 'channel-deleted',
  at: time(at),
  channelId: id(channel),
});

export const access = (at: number, auditLog: boolean): Observation => ({
  kind: 'access',
  at: time(at),
  counts: true,
  auditLog,
});

export const gap = (from: number, to: number): Observation => ({
  kind: 'gap',
  at: time(to),
  from: time(from),
  to: time(to),
  cause: 'outage',
});

export const session = (at: number, state: 'lost' | 'resumed'): Observation => ({
  kind: 'session',
  at: time(at),
  state,
});

export const vanity = (
  requested: number,
  answered: number,
  code: string | null,
  uses: number | null,
): Observation => ({
  kind: 'vanity',
  at: time(answered),
  requestedAt: time(requested),
  code: code === null ? null : id(code),
  uses,
});

export const vanityFailed = (at: number): Observation => ({
  kind: 'lookup-failed',
  at: time(at),
  what: 'vanity',
  failure: 'unavailable',
});

export const guild = (at: number, vanityCode: string | null): Observation => ({
  kind: 'guild',
  at: time(at),
  vanityCode: vanityCode === null ? null : id(vanityCode),
  manualApproval: false,
});

export const targets = (
  code: string,
  requested: number,
  answered: number,
  users: readonly string[] | null,
): Observation => ({
  kind: 'targets',
  at: time(answered),
  requestedAt: time(requested),
  code: id(code),
  userIds: users === null ? null : users.map(id),
});

export const botAdded = (bot: string, at: number, adder: string | null): Observation => ({
  kind: 'bot-added',
  at: time(at),
  botId: id(bot),
  adderId: adder === null ? null : id(adder),
});

export const passed = (at: number): Observation => ({ kind: 'time', at: time(at) });
