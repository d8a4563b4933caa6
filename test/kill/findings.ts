import type { Emulator, TruthRecord } from '@wherefrom/emulator';
import { allows, verdictOn } from '../../demo/truth.ts';
import { type Fate, fateOf } from './fates.ts';
import { type History, killsAround } from './history.ts';
import { lineFindings } from './line-findings.ts';
import type { LedgerRow, Records } from './records.ts';
import type { Town } from './town.ts';

/** One join as it happened, and what is stored of it. */
export interface Told {
  readonly truth: TruthRecord;
  readonly fate: Fate;
  readonly rows: readonly LedgerRow[];
}

export interface Compared {
  /** What must not be, one entry each. */
  readonly findings: readonly string[];
  readonly told: readonly Told[];
}

/** Uses of somebody who was never seen may pass for those of others who came about then. */
const UNSEEN_REACH_MS = 60_000;

/** Holds what the service stored and said against what happened. */
export function compare(emulator: Emulator, history: History, records: Records): Compared {
  const told = history.towns.flatMap((town) => toldOf(town, records));
  const findings = [
    ...history.incidents,
    ...(records.integrity === 'ok' ? [] : [`the database is damaged: ${records.integrity}`]),
    ...emulator.errors.map(({ kind, request, detail }) => `${request}: ${kind} ${detail}`),
    ...strangers(told, records),
    ...records.refuted
      .filter(({ assumption }) => assumption === 'A1')
      .map(({ guildId }) => `guild ${guildId} believes that a join went unseen (A1)`),
    ...history.towns.flatMap((town) => {
      const own = told.filter(({ truth }) => truth.guildId === town.guildId);
      const tell = teller(town, history);
      return [
        ...own.flatMap((join) => joinFindings(join, own, town).map((what) => tell(what, join))),
        ...memberFindings(town, own, records).map(({ what, join }) => tell(what, join)),
        ...lineFindings(town, own, records).map(({ what, join }) => tell(what, join)),
      ];
    }),
  ];
  return { findings, told };
}

export type Finding = { readonly what: string; readonly join: Told };

function toldOf(town: Town, { ledger }: Records): readonly Told[] {
  const rows = ledger.filter(({ guildId }) => guildId === town.guildId);
  return town.truths().map((truth) => ({
    truth,
    fate: fateOf(town, truth),
    rows: rows.filter((row) => row.userId === truth.userId && row.joinedAt === truth.joinedAtMs),
  }));
}

function teller(town: Town, history: History): (what: string, join: Told) => string {
  return (what, { truth, fate, rows }) =>
    [
      `${town.name}: ${what}`,
      `  join ${JSON.stringify(truth)} (${fate})`,
      `  rows ${JSON.stringify(rows)}`,
      `  ${killsAround(history, truth.joinedAtMs)}`,
    ].join('\n');
}

function strangers(told: readonly Told[], { ledger }: Records): string[] {
  const real = new Set(told.flatMap(({ rows }) => rows));
  return ledger
    .filter((row) => !real.has(row))
    .map((row) => `nobody joined: ${JSON.stringify(row)}`);
}

function joinFindings(join: Told, own: readonly Told[], town: Town): string[] {
  const { fate, rows, truth } = join;
  const [row] = rows;
  const atLeast = fate === 'unknowable' ? 0 : 1;
  if (rows.length < atLeast) return ['the join is lost'];
  if (row === undefined) return [];
  return [
    ...(rows.length > 1 ? ['the join is there twice'] : []),
    ...(row.settled ? [] : ['the answer is not settled']),
    ...certaintyFindings(row, join, town),
    ...(allows(row, truth) || mayBeExcluded(row, join, own, town)
      ? []
      : ['the truth is no candidate']),
  ];
}

function certaintyFindings(row: LedgerRow, { truth, fate }: Told, town: Town): string[] {
  const isBot = truth.origin.kind === 'bot';
  const firm = row.certainty === 'certain' || row.certainty === 'reported';
  const found: string[] = [];
  if (firm && !isRight(row, truth)) found.push(`${row.certainty} and wrong`);
  const isFirst = town.losses.isFoundFirst(town.guildId, truth.joinedAtMs);
  if (row.whileAway && fate === 'heard' && !isFirst)
    found.push('found afterwards, though its event came');
  if (fate === 'missed' && !row.whileAway) found.push('not named as found afterwards');
  if (row.whileAway && firm && !isBot) found.push(`${row.certainty}, though its event never came`);
  return found;
}

/** The whole origin: an invite's maker and a bot's adder are part of it. */
function isRight(row: LedgerRow, truth: TruthRecord): boolean {
  if (verdictOn(row, truth) !== 'right') return false;
  const { origin } = row;
  if (origin?.kind === 'invite' && truth.origin.kind === 'invite') {
    return origin.inviterId === truth.origin.inviterId;
  }
  if (row.certainty === 'reported' && origin?.kind === 'bot' && truth.origin.kind === 'bot') {
    return origin.adderId === truth.origin.adderId;
  }
  return true;
}

/** In a gap an invite may come and go unseen, and the uses of those whom nobody can know stay. */
function mayBeExcluded(
  row: LedgerRow,
  { truth }: Told,
  own: readonly Told[],
  { losses, guildId, made }: Town,
): boolean {
  if (row.assumptions.includes('nobody-unseen')) return true;
  const madeAt = truth.origin.kind === 'invite' ? made.get(truth.origin.code) : undefined;
  if (madeAt !== undefined && losses.about(guildId, madeAt).length > 0) return true;
  return own.some(
    ({ truth: other, rows }) =>
      rows.length === 0 && Math.abs(other.joinedAtMs - truth.joinedAtMs) < UNSEEN_REACH_MS,
  );
}

function memberFindings(town: Town, own: readonly Told[], { members }: Records): Finding[] {
  const stored = new Map(
    members
      .filter(({ guildId }) => guildId === town.guildId)
      .map((member) => [member.userId, member]),
  );
  const latest = new Map(own.map((join) => [join.truth.userId, join]));
  return [...latest].flatMap(([userId, join]) => {
    const { truth, rows } = join;
    if (rows.length === 0) return [];
    const member = stored.get(userId);
    if (member?.joinedAt !== truth.joinedAtMs) {
      return { what: `the member table says ${JSON.stringify(member)}`, join };
    }
    const lost =
      truth.leftAtMs !== null && town.losses.about(town.guildId, truth.leftAtMs).length > 0;
    if (lost || member.present === (truth.leftAtMs === null)) return [];
    return { what: `the member table says present: ${member.present}`, join };
  });
}

/** For the summary: how an answer stands to the truth. */
export function standingOf({ truth, rows: [row] }: Told): string {
  if (row === undefined) return 'no row';
  const verdict = verdictOn(row, truth);
  const reason = row.origin?.kind === 'unknown' ? ` ${row.origin.reason}` : '';
  return `${row.certainty}${reason}, ${verdict}`;
}
