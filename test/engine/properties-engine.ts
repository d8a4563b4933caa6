import { existsSync } from 'node:fs';
import type { Attribution, Candidate, Origin } from '../../packages/core/src/engine/attribution.ts';
import type { Effect } from '../../packages/core/src/engine/effect.ts';
import type { ListedMember, Observation } from '../../packages/core/src/engine/observation.ts';
import type { OracleAnswer } from '../oracle/answers.ts';
import type { OriginKey } from '../oracle/use-class.ts';
import { joinKey } from './random-journal.ts';

export interface Engine {
  emptyState(): unknown;
  step(
    state: unknown,
    observation: Observation,
  ): { readonly state: unknown; readonly effects: readonly Effect[] };
}

const location = new URL('../../packages/core/src/engine/engine.ts', import.meta.url);

/** Null as long as it is not written. Loaded so, the oracle's own tests run without it. */
export const engine: Engine | null = existsSync(location)
  ? ((await import(location.href)) as Engine)
  : null;

export function effectsOf(used: Engine, observations: readonly Observation[]): Effect[] {
  let state = used.emptyState();
  return observations.flatMap((observation) => {
    const next = used.step(state, observation);
    state = next.state;
    return next.effects;
  });
}

/** The last answer for each join. */
export function recordsOf(effects: readonly Effect[]): Map<string, Attribution> {
  const records = new Map<string, Attribution>();
  for (const effect of effects) {
    if (effect.kind !== 'record') continue;
    const { userId, joinedAt } = effect.attribution;
    records.set(joinKey(userId, joinedAt), effect.attribution);
  }
  return records;
}

function originKey(origin: Origin): OriginKey {
  switch (origin.kind) {
    case 'invite':
    case 'vanity':
      return `${origin.kind}:${origin.code}`;
    case 'unknown':
      return `unknown:${origin.reason}`;
    default:
      return origin.kind;
  }
}

/** What the oracle must have said for this record; the wording of both is the same. */
export function wordsOf(record: Attribution): string {
  // `no-invite` is at most likely, refuted assumptions or not.
  const basic =
    record.origin?.kind !== 'no-invite' &&
    record.assumptions.length > 0 &&
    record.assumptions.every((assumption) => /^A\d$/.test(assumption));
  const certainty = record.certainty === 'likely' && basic ? 'certain' : record.certainty;
  const origin = record.origin === null ? null : originKey(record.origin);
  const candidates = record.candidates.map((each: Candidate) => originKey(each.origin)).sort();
  return words(certainty, origin, candidates);
}

export function wordsOfAnswer(answer: OracleAnswer): string {
  return words(answer.certainty, answer.origin, answer.candidates);
}

function words(certainty: string, origin: OriginKey | null, candidates: readonly string[]): string {
  // An unknown origin has no candidates worth comparing.
  const among = certainty === 'unknown' ? '' : ` of ${candidates.join(' ')}`;
  return `${certainty} ${origin ?? '?'}${among}`;
}

/** The engine's last answers in the oracle's words. */
export function answersOf(
  used: Engine,
  journal: readonly Observation[],
): Pick<OracleAnswer, 'userId' | 'joinedAt' | 'certainty' | 'origin' | 'candidates'>[] {
  return [...recordsOf(effectsOf(used, journal)).values()].map((record) => ({
    userId: record.userId,
    joinedAt: record.joinedAt,
    certainty: record.certainty,
    origin: record.origin === null ? null : originKey(record.origin),
    candidates:
      record.certainty === 'unknown'
        ? ['unknown:no-baseline']
        : record.candidates.map(({ origin }) => originKey(origin)),
  }));
}

interface Told {
  readonly record: Attribution;
  /** How many observations the engine had seen when it settled the answer, or in all. */
  readonly seen: number;
}

function tell(used: Engine, journal: readonly Observation[]): Map<string, Told> {
  const told = new Map<string, Told>();
  let state = used.emptyState();
  for (const [index, observation] of journal.entries()) {
    const next = used.step(state, observation);
    state = next.state;
    for (const [key, record] of recordsOf(next.effects)) {
      told.set(key, { record, seen: record.settled ? index + 1 : journal.length });
    }
  }
  return told;
}

/**
 * The journal with the wakes that the engine asks for, as the shell delivers them: what is due in
 * an outage comes after word of it.
 */
export function withWakes(
  used: Engine,
  journal: readonly Observation[],
  missed: readonly ListedMember[] = [],
): Observation[] {
  const woken: Observation[] = [];
  let state = used.emptyState();
  let wakeAt: number | null = null;
  const feed = (observation: Observation): void => {
    woken.push(observation);
    const next = used.step(state, observation);
    state = next.state;
    for (const effect of next.effects) if (effect.kind === 'wake') wakeAt = effect.at;
    // The whole member list is one page, and it comes at once.
    const wanted = next.effects.find((effect) => effect.kind === 'fetch-members');
    if (wanted !== undefined) feed(pageOf(wanted, missed, observation.at));
  };
  let fedAt = -Infinity;
  for (const observation of journal) {
    // What had come to pass before an outage was delivered then.
    const until = observation.kind === 'gap' ? observation.from : observation.at;
    for (let wakes = 0; wakeAt !== null && wakeAt <= until && wakes < 50; wakes += 1) {
      const at: number = Math.max(wakeAt, fedAt);
      wakeAt = null;
      feed({ kind: 'time', at });
    }
    feed(observation);
    fedAt = observation.at;
  }
  return woken;
}

function pageOf(
  { since, until, after }: Extract<Effect, { readonly kind: 'fetch-members' }>,
  missed: readonly ListedMember[],
  at: number,
): Observation {
  const members = missed.filter(({ joinedAt }) => joinedAt >= since && joinedAt <= until);
  return { kind: 'members', at, requestedAt: at, since, until, after, members, next: null };
}

/**
 * The joins on which the engine and the oracle differ. What is settled stays although later
 * observations may tell more: the oracle then sees only what the engine had seen.
 */
export function differences(
  used: Engine,
  observed: readonly Observation[],
  answer: (observations: readonly Observation[]) => readonly OracleAnswer[],
  missed: readonly ListedMember[] = [],
): string[] {
  const journal = withWakes(used, observed, missed);
  const told = tell(used, journal);
  const settled = new Set([...told].filter(([, { record }]) => record.settled).map(([key]) => key));
  const found: string[] = [];
  for (const last of answer(journal)) {
    const key = joinKey(last.userId, last.joinedAt);
    const { record, seen } = told.get(key) ?? { record: null, seen: journal.length };
    told.delete(key);
    if (record === null && last.pending) continue;
    const expected = answer(journal.slice(0, seen)).find((each) => sameJoin(each, last)) ?? last;
    const [right, actual] = [
      wordsOfAnswer(expected),
      record === null ? 'no record' : wordsOf(record),
    ];
    if (actual === right) continue;
    const others = settled.size > (settled.has(key) ? 1 : 0);
    if (others && record !== null && areEquallyOpen(record, expected)) continue;
    const when = record?.settled ? `settled after ${seen} of ${journal.length}` : 'open';
    found.push(`${key} (${when})\n  engine: ${actual}\n  oracle: ${right}`);
  }
  for (const key of told.keys()) found.push(`${key}: recorded, but no join`);
  return found;
}

/**
 * Under an added assumption the engine weighs only what is still in the window: joins that settled
 * and were parked meanwhile, and the uses they took, are out of it. So where others have settled,
 * one side may find a `likely` origin and the other none; the candidates are the same.
 */
function areEquallyOpen(record: Attribution, expected: OracleAnswer): boolean {
  const candidates = record.candidates.map((each) => originKey(each.origin)).sort();
  if (candidates.length < 2 || candidates.join() !== expected.candidates.join()) return false;
  return [record.certainty, expected.certainty].toSorted().join() === 'ambiguous,likely';
}

function sameJoin(a: OracleAnswer, b: OracleAnswer): boolean {
  return a.userId === b.userId && a.joinedAt === b.joinedAt;
}
