import type { LedgerEntry } from '../../packages/service/src/storage/ledger-row.ts';
import { type GuildEnd, gapFor } from './guild-end.ts';
import { joinKey } from './recorder.ts';
import { agrees, allows, keyOf, keyOfTruth } from './truth.ts';

/** One row per real join, all settled, none wrong where it promises, each with room for the truth. */
export function checkLedger(end: GuildEnd): string[] {
  return [...strangers(end), ...lost(end), ...end.rows.flatMap((row) => checkRow(end, row))];
}

function strangers({ rows, truthOf }: GuildEnd): string[] {
  return rows
    .filter((row) => !truthOf.has(row))
    .map((row) => `${nameOf(row)}: a row of the ledger is no join`);
}

function lost(end: GuildEnd): string[] {
  return end.unseen
    .filter((truth) => gapFor(end, truth) === undefined)
    .map(
      (truth) => `${joinKey(truth.userId, truth.joinedAtMs)}: a join outside every gap has no row`,
    );
}

function checkRow(end: GuildEnd, row: LedgerEntry): string[] {
  const { attribution } = row;
  const truth = end.truthOf.get(row);
  if (truth === undefined) return [];
  const said = `${nameOf(row)} ${attribution.certainty} of ${attribution.candidates.map(({ origin }) => keyOf(origin))}, in truth ${keyOfTruth(truth)}`;
  const findings: string[] = [];
  const promises = attribution.certainty === 'certain' || attribution.certainty === 'reported';
  if (!attribution.settled) findings.push(`${said}: not settled`);
  if (promises && !agrees(attribution, truth)) findings.push(`${said}: wrong`);
  if (attribution.certainty === 'unknown') return [...findings, ...reasonless(end, row)];
  if (promises || allows(attribution, truth)) return findings;
  // Nobody can name a code that Discord never showed.
  if (truth.origin.kind === 'invite' && !wasShown(end, row, truth.origin.code)) return findings;
  if (end.doubtful(attribution.joinedAt)) return findings;
  return [...findings, `${said}: no room for the truth`];
}

/** Until the answer was settled. */
function wasShown({ record }: GuildEnd, row: LedgerEntry, code: string): boolean {
  const { seen } = record.told.get(nameOf(row)) ?? { seen: record.journal.length };
  return record.journal
    .slice(0, seen)
    .some(
      (each) =>
        (each.kind === 'invite-created' && each.invite.code === code) ||
        (each.kind === 'invite-deleted' && each.code === code) ||
        (each.kind === 'invites' && each.invites.some((invite) => invite.code === code)),
    );
}

/** `unknown` needs a reason that the journal bears out. */
function reasonless({ record }: GuildEnd, row: LedgerEntry): string[] {
  const { origin } = row.attribution;
  const reason = origin?.kind === 'unknown' ? origin.reason : 'none';
  const borneOut = record.journal.some((each) => {
    switch (reason) {
      case 'no-permission':
        return (
          (each.kind === 'access' && !each.counts) ||
          (each.kind === 'lookup-failed' && each.failure === 'refused') ||
          (each.kind === 'invites' &&
            each.invites.length > 0 &&
            each.invites.every(({ uses }) => uses === null))
        );
      case 'lookup-failed':
        return each.kind === 'lookup-failed' && each.what === 'invites';
      case 'over-budget':
        return each.kind === 'lookup-failed' && each.failure === 'over-budget';
      case 'no-baseline':
        return each.kind === 'invites';
      case 'gap':
        return each.kind === 'clock-doubted';
      default:
        return false;
    }
  });
  return borneOut ? [] : [`${nameOf(row)}: unknown for ${reason}, which nothing bears out`];
}

function nameOf({ attribution }: LedgerEntry): string {
  return joinKey(attribution.userId, attribution.joinedAt);
}
