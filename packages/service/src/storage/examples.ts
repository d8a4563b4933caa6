import {
  type Attribution,
  type ChannelId,
  emptyState,
  type GuildId,
  type GuildStep,
  type InviteCode,
  type InviteRecord,
  type Origin,
  type UserId,
} from 'wherefrom';
import type { LinePorts } from './line-rows.ts';

/** Facts for the tests of storage and join log. Noon of 2026-03-01, UTC. */
export const NOON = Date.UTC(2026, 2, 1, 12);
export const GUILD = '900000000000000001' as GuildId;
export const CHANNEL = '910000000000000001' as ChannelId;
export const GRACE = '200000000000000001' as UserId;
export const CODE = 'abcDEF12' as InviteCode;

/** A user whose account is years old. */
export function userOf(number: number): UserId {
  return String(100_000_000_000_000_000n + BigInt(number)) as UserId;
}

export function inviteOrigin(code: InviteCode = CODE, inviterId: UserId | null = GRACE): Origin {
  return { kind: 'invite', code, inviterId };
}

/** A provisional, certain answer, unless said otherwise. */
export function attributionOf(changes: Partial<Attribution> = {}): Attribution {
  const origin = changes.origin === undefined ? inviteOrigin() : changes.origin;
  return {
    userId: userOf(1),
    joinedAt: NOON,
    seenAt: NOON + 200,
    origin,
    certainty: 'certain',
    candidates: origin === null ? [] : [{ origin, share: null, uses: 12 }],
    group: null,
    assumptions: [],
    evidence: [{ kind: 'nothing-counted', lists: 1, vanityReadings: 0 }],
    whileAway: false,
    settled: false,
    ...changes,
  };
}

export function stepOf(changes: Partial<GuildStep> = {}): GuildStep {
  return {
    guildId: GUILD,
    at: NOON + 300,
    observations: [],
    before: emptyState(),
    receipts: [],
    state: emptyState(),
    changedCodes: [],
    records: [],
    members: [],
    notes: [],
    ...changes,
  };
}

/** A step with the join of one user and its first answer. */
export function joinStep(changes: Partial<Attribution> = {}, guildId: GuildId = GUILD): GuildStep {
  const answer = attributionOf(changes);
  const { userId, joinedAt } = answer;
  const bot = answer.origin?.kind === 'bot';
  return stepOf({
    guildId,
    at: answer.seenAt + 100,
    members: [{ kind: 'joined', userId, joinedAt, bot }],
    records: [answer],
  });
}

export function leaveStep(userId: UserId, at: number, guildId: GuildId = GUILD): GuildStep {
  return stepOf({ guildId, at, members: [{ kind: 'left', userId, at }] });
}

export function inviteRecord(changes: Partial<InviteRecord> = {}): InviteRecord {
  return {
    uses: 3,
    maxUses: 0,
    inviterId: GRACE,
    channelId: CHANNEL,
    createdAtS: NOON / 1000,
    expiresAtS: 0,
    ...changes,
  };
}

/** Every guild logs to one channel, everybody is called after the last digits of their id. */
export const LOGGING: LinePorts = {
  channels: { channelFor: () => ({ id: CHANNEL, everyoneReads: false }) },
  names: { nameOf: (userId) => `N${userId.slice(-3)}` },
  removals: { removalOf: () => null },
};
