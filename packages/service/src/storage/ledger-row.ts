import type {
  AssumptionName,
  Attribution,
  Certainty,
  GuildId,
  InviteCode,
  Origin,
  UnknownReason,
  UserId,
} from 'wherefrom';
import type { LedgerTable } from './schema.ts';

/** What a join's row says, without when and how often it was written. */
export type LedgerContent = Omit<LedgerTable, 'guild' | 'was_member' | 'revision' | 'recorded_at'>;

/** A conclusion as it stands in the ledger. */
export interface LedgerEntry {
  readonly guildId: GuildId;
  readonly attribution: Attribution;
  /** The user was a member before. */
  readonly returning: boolean;
  /** Counts from 1, one more for every change of content. */
  readonly revision: number;
  /** Time of the step that last changed it, milliseconds since 1970. */
  readonly recordedAt: number;
}

export function contentOf(attribution: Attribution): LedgerContent {
  const { origin } = attribution;
  return {
    user: attribution.userId,
    joined_at: attribution.joinedAt,
    seen_at: attribution.seenAt,
    origin: origin?.kind ?? null,
    code: origin !== null && 'code' in origin ? origin.code : null,
    inviter: origin?.kind === 'invite' ? origin.inviterId : null,
    adder: origin?.kind === 'bot' ? origin.adderId : null,
    reason: origin?.kind === 'unknown' ? origin.reason : null,
    other_type: origin?.kind === 'other' ? origin.type : null,
    certainty: attribution.certainty,
    candidates: JSON.stringify(attribution.candidates),
    join_group: attribution.group === null ? null : JSON.stringify(attribution.group),
    assumptions: JSON.stringify(attribution.assumptions),
    evidence: JSON.stringify(attribution.evidence),
    while_away: attribution.whileAway ? 1 : 0,
    settled: attribution.settled ? 1 : 0,
  };
}

export function entryOf(row: LedgerTable): LedgerEntry {
  return {
    guildId: row.guild as GuildId,
    attribution: attributionOf(row),
    returning: row.was_member === 1,
    revision: row.revision,
    recordedAt: row.recorded_at,
  };
}

/** @throws SyntaxError if a text in the row is not the JSON that was written. */
export function attributionOf(row: LedgerContent): Attribution {
  return {
    userId: row.user as UserId,
    joinedAt: row.joined_at,
    seenAt: row.seen_at,
    origin: originOf(row),
    certainty: row.certainty as Certainty,
    candidates: JSON.parse(row.candidates) as Attribution['candidates'],
    group: row.join_group === null ? null : (JSON.parse(row.join_group) as Attribution['group']),
    assumptions: JSON.parse(row.assumptions) as readonly AssumptionName[],
    evidence: JSON.parse(row.evidence) as Attribution['evidence'],
    whileAway: row.while_away === 1,
    settled: row.settled === 1,
  };
}

/**
 * What a record does to the row that is there. A repeat changes nothing. A settled row yields only
 * to a settled record of a later step, so replaying old steps never reopens it; and to Discord's
 * own record, which may come in the very step that settled it.
 */
export function ledgerChange(
  stored: Pick<LedgerTable, keyof LedgerContent | 'recorded_at'> | undefined,
  record: LedgerContent,
  at: number,
): 'insert' | 'update' | 'keep' {
  if (stored === undefined) return 'insert';
  if (sameContent(stored, record)) return 'keep';
  if (stored.settled === 0) return at >= stored.recorded_at ? 'update' : 'keep';
  const isNews = record.certainty === 'reported' && stored.certainty !== 'reported';
  const isLater = record.settled === 1 && at > stored.recorded_at;
  return isNews || isLater ? 'update' : 'keep';
}

function sameContent(stored: LedgerContent, record: LedgerContent): boolean {
  return (
    stored.origin === record.origin &&
    stored.code === record.code &&
    stored.inviter === record.inviter &&
    stored.adder === record.adder &&
    stored.reason === record.reason &&
    stored.other_type === record.other_type &&
    stored.certainty === record.certainty &&
    stored.candidates === record.candidates &&
    stored.join_group === record.join_group &&
    stored.assumptions === record.assumptions &&
    stored.evidence === record.evidence &&
    stored.settled === record.settled
  );
}

function originOf(row: LedgerContent): Origin | null {
  const code = row.code as InviteCode | null;
  switch (row.origin as Origin['kind'] | null) {
    case null:
      return null;
    case 'invite':
      return { kind: 'invite', code: requiredCode(code), inviterId: row.inviter as UserId | null };
    case 'vanity':
      return { kind: 'vanity', code: requiredCode(code) };
    case 'bot':
      return { kind: 'bot', adderId: row.adder as UserId | null };
    case 'application':
      return { kind: 'application', code };
    case 'unknown':
      return { kind: 'unknown', reason: row.reason as UnknownReason };
    case 'other':
      return { kind: 'other', type: row.other_type ?? 0 };
    default:
      return { kind: row.origin as PlainKind };
  }
}

type PlainKind = 'no-invite' | 'discovery' | 'hub' | 'integration' | 'oauth' | 'lobby';

function requiredCode(code: InviteCode | null): InviteCode {
  if (code === null) throw new SyntaxError('a ledger row names an invite without its code');
  return code;
}
