import {
  type Attribution,
  attributionShape,
  type ENGINE_CONSTANTS,
  type GuildId,
  idOf,
  Misfit,
  type Observation,
  observationShape,
  type StoredState,
  stateShape,
} from 'wherefrom';

/** Of the file. A reader knows this one only. */
export const JOURNAL_VERSION = 1;

/** The first line. */
export interface HeaderLine {
  readonly kind: 'header';
  /** Null where other names stand for the ids. */
  readonly guildId: GuildId | null;
}

/** What the engine knew before the next line. */
export interface StateLine {
  readonly kind: 'state';
  readonly at: number;
  readonly constants: typeof ENGINE_CONSTANTS;
  readonly state: StoredState;
}

export interface ObservationLine {
  readonly kind: 'observation';
  readonly observation: Observation;
}

/** What was answered, when it was recorded, to the observations since the line before of its kind. */
export interface StepLine {
  readonly kind: 'step';
  readonly answers: readonly Attribution[];
}

/** The last line. */
export interface EndLine {
  readonly kind: 'end';
  readonly steps: number;
}

export type JournalLine = HeaderLine | StateLine | ObservationLine | StepLine | EndLine;

/** The line as text; step and end get their mark from `Seal`. */
export function lineText(line: JournalLine): string {
  switch (line.kind) {
    case 'header':
      return JSON.stringify({
        wherefrom: 'journal',
        version: JOURNAL_VERSION,
        guild: line.guildId,
      });
    case 'state':
      return JSON.stringify({ state: line.state, at: line.at, constants: line.constants });
    case 'observation':
      return JSON.stringify(line.observation);
    case 'step':
      return JSON.stringify({ answers: line.answers });
    case 'end':
      return JSON.stringify({ end: { steps: line.steps } });
  }
}

type Bag = Readonly<Record<string, unknown>>;

/**
 * What a line of JSON says. The header is read by `readHeader`.
 * @throws Misfit
 */
export function readLine(value: unknown): Exclude<JournalLine, HeaderLine> {
  const bag = bagOf(value);
  if ('kind' in bag) return { kind: 'observation', observation: observationShape.read(bag, '') };
  if ('answers' in bag) {
    const { answers } = bag;
    if (!Array.isArray(answers)) throw new Misfit('answers', 'is no list');
    const read = answers.map((answer, at) => attributionShape.read(answer, `answers[${at}]`));
    return { kind: 'step', answers: read };
  }
  if ('state' in bag) return readState(bag);
  if ('end' in bag) {
    const { steps } = bagOf(bag.end);
    return { kind: 'end', steps: numberOf(steps, 'end.steps') };
  }
  throw new Misfit('', 'is no observation, no answers, no state and no end');
}

/** The header, or what else the first line is. */
export function readHeader(value: unknown): HeaderLine | 'none' | 'other-version' {
  if (typeof value !== 'object' || value === null || !('wherefrom' in value)) return 'none';
  const { wherefrom, version, guild } = value as Bag;
  if (wherefrom !== 'journal') return 'none';
  if (version !== JOURNAL_VERSION) return 'other-version';
  return { kind: 'header', guildId: idOf<GuildId>(guild) };
}

function readState({ state, at, constants }: Bag): StateLine {
  const named = Object.entries(bagOf(constants)).map(([name, value]) => {
    if (!/^[A-Z_]{1,60}$/.test(name)) throw new Misfit('constants', 'has a strange name in it');
    return [name, constantOf(value, `constants.${name}`)] as const;
  });
  return {
    kind: 'state',
    at: numberOf(at, 'at'),
    constants: Object.fromEntries(named),
    state: stateShape.read(state, 'state'),
  };
}

function bagOf(value: unknown): Bag {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Bag;
  throw new Misfit('', 'is no object');
}

function constantOf(value: unknown, path: string): number | readonly number[] {
  return Array.isArray(value) ? value.map((each) => numberOf(each, path)) : numberOf(value, path);
}

function numberOf(value: unknown, path: string): number {
  if (typeof value === 'number' && Math.abs(value) <= 8_640_000_000_000_000) return value;
  throw new Misfit(path, 'is no number that can be meant');
}
