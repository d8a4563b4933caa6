import type { ChannelId, GuildId, RoleId, UserId } from '../engine/ids.ts';
import type { BotAdded, InviteCreated, InviteRevoked } from '../engine/observation.ts';
import { expiryFromAge } from './invites.ts';
import {
  codeOf,
  countOf,
  flagsOf,
  listOf,
  malformed,
  objectOf,
  type Payload,
  type Reading,
  read,
  textOf,
} from './payload.ts';
import { idOf, idsOf, snowflakeTime } from './snowflake.ts';

const ACTION = {
  memberKick: 20,
  memberPrune: 21,
  memberBanAdd: 22,
  botAdd: 28,
  inviteCreate: 40,
  inviteDelete: 42,
} as const;
const APPLICATION_BYPASS = 1 << 3;

/** Why a member is gone, as far as the audit log tells. `at` comes from the id of the entry. */
export type LeaveReason =
  | {
      readonly kind: 'removed';
      readonly userId: UserId;
      readonly reason: 'kicked' | 'banned';
      readonly by: UserId | null;
      readonly at: number;
    }
  /** A prune has one entry for all: the leaves around it are its leaves. */
  | {
      readonly kind: 'pruned';
      readonly members: number | null;
      readonly by: UserId | null;
      readonly at: number;
    };

/** What an audit log entry is to us. */
export type AuditMeaning =
  | { readonly kind: 'observation'; readonly observation: InviteRevoked | InviteCreated | BotAdded }
  | { readonly kind: 'leave-reason'; readonly leave: LeaveReason }
  /** An action that says nothing about joins; CHANNEL_DELETE (12) has an event of its own. */
  | { readonly kind: 'ignored' };

/** GUILD_AUDIT_LOG_ENTRY_CREATE. */
export interface AuditEvent {
  readonly guildId: GuildId;
  readonly meaning: AuditMeaning;
}

/**
 * Reads GUILD_AUDIT_LOG_ENTRY_CREATE. Times come from the id of the entry, which is minted when
 * the thing happened.
 * @see https://docs.discord.com/developers/resources/audit-log#audit-log-entry-object
 */
export function auditEntryFromPayload(value: unknown, at: number): Reading<AuditEvent> {
  const payload = objectOf(value);
  const guildId = idOf<GuildId>(payload.guild_id);
  if (guildId === null) return malformed('guild_id');
  const id = idOf(payload.id);
  const madeAt = id === null ? null : snowflakeTime(id);
  if (madeAt === null) return malformed('id');
  const meaning = meaningOf(payload, madeAt, at);
  return 'path' in meaning ? meaning : read({ guildId, meaning });
}

function meaningOf(entry: Payload, madeAt: number, at: number) {
  switch (entry.action_type) {
    case ACTION.inviteDelete:
      return inviteRevoked(entry, madeAt, at);
    case ACTION.inviteCreate:
      return inviteCreated(entry, madeAt, at);
    case ACTION.botAdd:
      return botAdded(entry, at);
    case ACTION.memberKick:
      return removed(entry, 'kicked', madeAt);
    case ACTION.memberBanAdd:
      return removed(entry, 'banned', madeAt);
    case ACTION.memberPrune:
      return pruned(entry, madeAt);
    default:
      return { kind: 'ignored' } as const;
  }
}

function inviteRevoked(entry: Payload, revokedAt: number, at: number) {
  const old = changesOf(entry, 'old_value');
  const code = codeOf(old.get('code'));
  if (code === null) return malformed('changes.code');
  const uses = countOf(old.get('uses'));
  return observed({ kind: 'invite-revoked', at, code, revokedAt, uses });
}

function inviteCreated(entry: Payload, createdAt: number, at: number) {
  const made = changesOf(entry, 'new_value');
  const code = codeOf(made.get('code'));
  if (code === null) return malformed('changes.code');
  return observed({
    kind: 'invite-created',
    at,
    invite: {
      code,
      inviterId: idOf<UserId>(made.get('inviter_id')),
      channelId: idOf<ChannelId>(made.get('channel_id')),
      uses: null,
      maxUses: countOf(made.get('max_uses')) ?? 0,
      createdAt,
      expiresAt: expiryFromAge(createdAt, made.get('max_age')),
      roleIds: idsOf<RoleId>(made.get('role_ids')),
      targeted: false,
      bypass: (flagsOf(made.get('flags')) & APPLICATION_BYPASS) !== 0,
    },
  });
}

function botAdded(entry: Payload, at: number) {
  const botId = idOf<UserId>(entry.target_id);
  if (botId === null) return malformed('target_id');
  return observed({ kind: 'bot-added', at, botId, adderId: idOf<UserId>(entry.user_id) });
}

function removed(entry: Payload, reason: 'kicked' | 'banned', at: number) {
  const userId = idOf<UserId>(entry.target_id);
  if (userId === null) return malformed('target_id');
  return leaveReason({ kind: 'removed', userId, reason, by: idOf<UserId>(entry.user_id), at });
}

function pruned(entry: Payload, at: number) {
  const members = Number(textOf(objectOf(entry.options).members_removed) ?? Number.NaN);
  return leaveReason({
    kind: 'pruned',
    members: countOf(members),
    by: idOf<UserId>(entry.user_id),
    at,
  });
}

function observed(observation: InviteRevoked | InviteCreated | BotAdded): AuditMeaning {
  return { kind: 'observation', observation };
}

function leaveReason(leave: LeaveReason): AuditMeaning {
  return { kind: 'leave-reason', leave };
}

function changesOf(entry: Payload, side: 'old_value' | 'new_value'): ReadonlyMap<string, unknown> {
  const changes = new Map<string, unknown>();
  for (const change of listOf(entry.changes).map(objectOf)) {
    const key = textOf(change.key);
    if (key !== null && change[side] !== undefined) changes.set(key, change[side]);
  }
  return changes;
}
