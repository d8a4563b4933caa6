import type { Snowflake } from './snowflake.ts';
import { type Guild, mint, type World } from './world.ts';

/** The audit log actions that the emulator writes, with Discord's numbers. */
export const AUDIT = {
  channelDelete: 12,
  memberKick: 20,
  memberBanAdd: 22,
  botAdd: 28,
  inviteCreate: 40,
  inviteDelete: 42,
} as const;

/** One changed key of an audit entry. */
export type AuditChange = {
  readonly key: string;
  readonly old_value?: unknown;
  readonly new_value?: unknown;
};

/** One entry of a guild's audit log. */
export type AuditEntry = {
  readonly id: Snowflake;
  readonly userId: Snowflake | null;
  readonly targetId: Snowflake | null;
  readonly action: number;
  readonly changes: readonly AuditChange[];
  readonly reason: string | null;
};

/** What the writer of an entry must say; the id comes from the time. */
export type AuditDraft = Omit<AuditEntry, 'id' | 'changes' | 'reason'> & {
  readonly changes?: readonly AuditChange[];
  readonly reason?: string | null;
};

/** Writes an entry. Entries are never removed here: no scenario lasts 45 days. */
export function writeAudit(
  world: World,
  guild: Guild,
  atMs: number,
  draft: AuditDraft,
): AuditEntry {
  const entry: AuditEntry = {
    id: mint(world, atMs),
    userId: draft.userId,
    targetId: draft.targetId,
    action: draft.action,
    changes: draft.changes ?? [],
    reason: draft.reason ?? null,
  };
  guild.audit.push(entry);
  return entry;
}

/** An entry as Discord sends it. */
export function auditPayload(entry: AuditEntry): Record<string, unknown> {
  return {
    id: entry.id,
    user_id: entry.userId,
    target_id: entry.targetId,
    action_type: entry.action,
    ...(entry.changes.length > 0 ? { changes: entry.changes } : {}),
    ...(entry.reason === null ? {} : { reason: entry.reason }),
  };
}
