import type { TruthRecord } from '@wherefrom/emulator';
import type { Attribution, GuildStep, Observation, TrackerReport } from 'wherefrom';
import { SAME_JOIN_MS } from '../../packages/core/src/engine/constants.ts';
import { agrees, keyOf } from './truth.ts';

/** What was told of one join over time. */
export interface Told {
  readonly first: Attribution;
  last: Attribution;
  /** An answer that said something (not `unknown`) was followed by one that takes it back. */
  changed: boolean;
  /** How many observations of the guild's journal were behind the last record. */
  seen: number;
}

/** All that one guild's engine observed, and what it answered. */
export interface Record {
  readonly guildId: string;
  readonly journal: Observation[];
  /** Journal lengths at which another process took over. */
  readonly handovers: number[];
  readonly told: Map<string, Told>;
  readonly notes: { [kind: string]: number };
  /** A write that the process believes failed: it will come again, unless the process ends. */
  doubtful: { readonly length: number; readonly process: number } | null;
}

export const joinKey = (userId: string, joinedAt: number): string => `${userId}@${joinedAt}`;

/** Watches every write of the store, and checks each answer that settles against the truth. */
export class Recorder {
  readonly records = new Map<string, Record>();
  readonly reports: TrackerReport[] = [];
  readonly lines: string[] = [];
  /** What must never be, one line each. */
  readonly findings: string[] = [];
  process = 0;
  steps = 0;
  readonly #truth: readonly TruthRecord[];
  readonly #known = new Map<string, TruthRecord[]>();
  #read = 0;

  constructor(truth: readonly TruthRecord[]) {
    this.#truth = truth;
  }

  of(guildId: string): Record {
    const known = this.records.get(guildId);
    if (known !== undefined) return known;
    const record: Record = {
      guildId,
      journal: [],
      handovers: [],
      told: new Map(),
      notes: {},
      doubtful: null,
    };
    this.records.set(guildId, record);
    return record;
  }

  started(): void {
    this.process += 1;
    for (const record of this.records.values()) record.handovers.push(record.journal.length);
  }

  /** A step is in the database. `acknowledged` is false where the process was told otherwise. */
  written(step: GuildStep, acknowledged: boolean): void {
    this.steps += 1;
    const record = this.of(step.guildId);
    const { doubtful } = record;
    if (doubtful?.process === this.process) record.journal.length = doubtful.length;
    record.doubtful = acknowledged
      ? null
      : { length: record.journal.length, process: this.process };
    record.journal.push(...step.observations);
    for (const { kind } of step.notes) record.notes[kind] = (record.notes[kind] ?? 0) + 1;
    for (const answer of step.records) this.#answered(record, answer);
  }

  /**
   * The join as it truly was; undefined for what is none. A repeated event with a shifted time may
   * stand for a first one that was lost (rule 6).
   */
  truthOf(guildId: string, userId: string, joinedAt: number): TruthRecord | undefined {
    const own = this.joinsOf(guildId, userId);
    return (
      own.find((truth) => truth.joinedAtMs === joinedAt) ??
      own.find((truth) => Math.abs(truth.joinedAtMs - joinedAt) < SAME_JOIN_MS)
    );
  }

  joinsOf(guildId: string, userId: string): readonly TruthRecord[] {
    for (; this.#read < this.#truth.length; this.#read += 1) {
      const truth = this.#truth[this.#read]!;
      const key = `${truth.guildId} ${truth.userId}`;
      const known = this.#known.get(key);
      if (known === undefined) this.#known.set(key, [truth]);
      else known.push(truth);
    }
    return this.#known.get(`${guildId} ${userId}`) ?? [];
  }

  #answered(record: Record, answer: Attribution): void {
    const key = joinKey(answer.userId, answer.joinedAt);
    const before = record.told.get(key);
    const changed = before !== undefined && isTakenBack(before.last, answer);
    record.told.set(key, {
      first: before?.first ?? answer,
      last: answer,
      changed: (before?.changed ?? false) || changed,
      seen: record.journal.length,
    });
    if (!answer.settled || (answer.certainty !== 'certain' && answer.certainty !== 'reported'))
      return;
    const truth = this.truthOf(record.guildId, answer.userId, answer.joinedAt);
    if (truth !== undefined && agrees(answer, truth)) return;
    this.findings.push(`settled ${answer.certainty} is wrong: ${key} in ${record.guildId}`);
  }
}

const RANK = { unknown: 0, ambiguous: 1, likely: 2, certain: 3, reported: 3 } as const;

/**
 * Whether what was told does not stand: another origin, a weaker certainty, or one more candidate of
 * an ambiguous answer. What only becomes firmer stands, and Discord's record only adds to it.
 */
function isTakenBack(before: Attribution, now: Attribution): boolean {
  if (before.certainty === 'unknown' || now.certainty === 'reported') return false;
  if (before.origin !== null) {
    const named = now.origin !== null && keyOf(now.origin) === keyOf(before.origin);
    return !named || RANK[now.certainty] < RANK[before.certainty];
  }
  const known = new Set(before.candidates.map(({ origin }) => keyOf(origin)));
  return now.candidates.some(({ origin }) => !known.has(keyOf(origin)));
}
