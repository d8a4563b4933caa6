import type { KeptInvite, KeptJoin } from '../storage/kept-facts.ts';

/** What a cell of an export holds. Times are ISO 8601 in UTC; a list is JSON within CSV. */
type Cell = string | number | boolean | null | object;

export type ExportedRow = Readonly<Record<string, Cell>>;

/** A join as it leaves the house: everything that is kept of it. */
export function exportedJoin(row: KeptJoin): ExportedRow {
  return {
    guild_id: row.guild,
    user_id: row.user,
    joined_at: instant(row.joined_at),
    left_at: row.left_at === null ? null : instant(row.left_at),
    certainty: row.certainty,
    origin: row.origin,
    code: row.code,
    inviter_id: row.inviter,
    adder_id: row.adder,
    reason: row.reason,
    other_type: row.other_type,
    settled: row.settled === 1,
    returning: row.was_member === 1,
    while_away: row.while_away === 1,
    revision: row.revision,
    recorded_at: instant(row.recorded_at),
    candidates: listOf(row.candidates),
    group: row.join_group === null ? null : listOf(row.join_group),
    assumptions: listOf(row.assumptions),
    evidence: listOf(row.evidence),
  };
}

/** An invite that was ever seen, with the count that Discord last told of it. */
export function exportedInvite(row: KeptInvite): ExportedRow {
  return {
    guild_id: row.guild,
    code: row.code,
    inviter_id: row.inviter,
    channel_id: row.channel,
    uses: row.uses,
    max_uses: row.max_uses,
    created_at: instant(row.created_s * 1_000),
    grants_roles_or_is_targeted: row.restricted === 1,
    first_seen_at: instant(row.first_seen_at),
    last_seen_at: instant(row.last_seen_at),
  };
}

// A moment that no calendar has is told as the number that was stored: an export leaves nothing out.
function instant(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString();
}

function listOf(text: string): object | string {
  try {
    return JSON.parse(text) as object;
  } catch {
    return text;
  }
}
