import { DatabaseSync } from 'node:sqlite';
import type { TruthRecord } from '@wherefrom/emulator';
import { allows, keyOfTruth, verdictOn } from '../../demo/truth.ts';
import type { Place } from './place.ts';
import { nameOf, type Stage } from './stage.ts';

/**
 * What must hold of the answers. `all`: the candidates of each hold the truth. `certain`: those
 * that are certain are right. `none`: the faults leave the assumptions.
 */
export type Promised = 'all' | 'certain' | 'none';

export interface Watched {
  readonly place: Place;
  readonly promise: Promised;
}

/** What must not be, one line each. */
export function findings(stage: Stage, watched: readonly Watched[]): string[] {
  const rows = ledgerRows(stage);
  return [
    ...stage.emulator.errors.map(({ kind, detail }) => `the emulator saw ${kind}: ${detail}`),
    ...strangersIn(stage, rows),
    ...watched.flatMap((guild) => ofGuild(stage, guild, rows)),
  ];
}

/** Rows by guild, user and joined_at, read from the file itself. */
function ledgerRows(stage: Stage): ReadonlyMap<string, number> {
  const database = new DatabaseSync(stage.databasePath, { readOnly: true });
  try {
    const rows = new Map<string, number>();
    for (const row of database.prepare('select guild, user, joined_at from ledger').all()) {
      const name = nameOf(String(row.guild), String(row.user), Number(row.joined_at));
      rows.set(name, (rows.get(name) ?? 0) + 1);
    }
    return rows;
  } finally {
    database.close();
  }
}

function strangersIn(stage: Stage, rows: ReadonlyMap<string, number>): string[] {
  const real = new Set(stage.emulator.truth().map(nameOfTruth));
  return [...rows.keys()].filter((name) => !real.has(name)).map((name) => `${name} never joined`);
}

function ofGuild(stage: Stage, { place, promise }: Watched, rows: ReadonlyMap<string, number>) {
  const truths = stage.emulator.truth().filter(({ guildId }) => guildId === place.guildId);
  return truths.flatMap((truth) => [
    ...rowFindings(stage, truth, rows),
    ...lineFindings(stage, place, truth, truths),
    ...answerFindings(stage, truth, promise),
  ]);
}

function rowFindings(stage: Stage, truth: TruthRecord, rows: ReadonlyMap<string, number>) {
  const name = nameOfTruth(truth);
  const count = rows.get(name) ?? 0;
  if (stage.unseen.has(name)) return count > 1 ? [`${name} has ${count} rows`] : [];
  return count === 1 ? [] : [`${name} has ${count} rows`];
}

function lineFindings(
  stage: Stage,
  place: Place,
  truth: TruthRecord,
  truths: readonly TruthRecord[],
): string[] {
  if (stage.unseen.has(nameOfTruth(truth))) return [];
  const own = truths.filter(({ userId }) => userId === truth.userId);
  const wanted = own.length + own.filter(({ leftAtMs }) => leftAtMs !== null).length;
  const found = stage.emulator
    .messages(place.channelIds['join-logs'] ?? '')
    .flatMap(({ body }) => body.content.split('\n'))
    .filter((line) => line.includes(`<@${truth.userId}>`)).length;
  return found === wanted ? [] : [`${nameOfTruth(truth)} has ${found} lines, not ${wanted}`];
}

function answerFindings(stage: Stage, truth: TruthRecord, promise: Promised): string[] {
  const name = nameOfTruth(truth);
  const answer = stage.answers.get(name);
  if (answer === undefined || promise === 'none') return [];
  const firm = answer.certainty === 'certain' || answer.certainty === 'reported';
  const words = `${name} in truth ${keyOfTruth(truth)}, answered ${JSON.stringify(answer)}`;
  if (!answer.settled) return [`not settled: ${words}`];
  if (firm && verdictOn(answer, truth) !== 'right') return [`certain and wrong: ${words}`];
  return promise === 'certain' || allows(answer, truth)
    ? []
    : [`not among the candidates: ${words}`];
}

function nameOfTruth({ guildId, userId, joinedAtMs }: TruthRecord): string {
  return nameOf(guildId, userId, joinedAtMs);
}
