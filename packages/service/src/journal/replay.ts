import {
  type Attribution,
  attributionShape,
  type Effect,
  emptyState,
  type GuildState,
  guildState,
  type Observation,
  restFromJson,
  restToJson,
  stateShape,
  step,
  storedState,
} from 'wherefrom';
import type { StateLine } from './journal-line.ts';
import { Mentioned } from './pseudonyms.ts';
import type { NumberedLine } from './read-journal.ts';

/** Changes nothing but the order of the fields, which is then that of the shape. */
const AS_IT_IS = new Mentioned();

/** What a replay comes upon, in the order of the file. */
export type Moment = Begun | Observed | Compared;

/** The state from which it goes on. */
export interface Begun {
  readonly kind: 'begun';
  readonly number: number;
  readonly line: StateLine;
  /**
   * How it follows from what was replayed before: as it was left, as a restart leaves it, or not
   * at all, because something in between was not recorded. Null for the first.
   */
  readonly follows: 'as-left' | 'restart' | 'unrecorded' | null;
}

/** One observation, and what the engine made of it. */
export interface Observed {
  readonly kind: 'observed';
  readonly number: number;
  readonly observation: Observation;
  readonly before: GuildState;
  readonly state: GuildState;
  readonly effects: readonly Effect[];
  /** The engine threw, and the observation was passed over. */
  readonly failed: boolean;
}

/** The answers since the last such moment beside those that were recorded. */
export interface Compared {
  readonly kind: 'compared';
  readonly number: number;
  readonly answers: number;
  readonly difference: Difference | null;
}

/** The first pair that differs; null where one side has no more. */
export interface Difference {
  readonly recorded: Attribution | null;
  readonly replayed: Attribution | null;
}

/** Replays the lines; nothing but them decides what comes out. */
export function* replay(lines: Iterable<NumberedLine>): Generator<Moment, void> {
  let state = emptyState();
  let first = true;
  let answers: Attribution[] = [];
  for (const { number, line } of lines) {
    switch (line.kind) {
      case 'state':
        yield { kind: 'begun', number, line, follows: first ? null : followsFrom(state, line) };
        state = guildState(line.state);
        break;
      case 'observation': {
        const observed = observe(number, state, line.observation);
        answers.push(...answersIn(observed.effects));
        state = observed.state;
        yield observed;
        break;
      }
      case 'step':
        yield compared(number, line.answers, answers);
        answers = [];
        break;
      case 'end':
        return;
    }
    first = false;
  }
}

/** The answers among what the engine asks for. */
export function answersIn(effects: readonly Effect[]): readonly Attribution[] {
  return effects.flatMap((effect) => (effect.kind === 'record' ? [effect.attribution] : []));
}

/** The engine never throws for what Discord can send; a file can hold anything. */
function observe(number: number, before: GuildState, observation: Observation): Observed {
  const shared = { kind: 'observed', number, observation, before } as const;
  try {
    return { ...shared, ...step(before, observation), failed: false };
  } catch {
    return { ...shared, state: before, effects: [], failed: true };
  }
}

function compared(
  number: number,
  recorded: readonly Attribution[],
  replayed: readonly Attribution[],
): Compared {
  const length = Math.max(recorded.length, replayed.length);
  for (let at = 0; at < length; at += 1) {
    const pair = { recorded: recorded[at] ?? null, replayed: replayed[at] ?? null };
    if (canonical(pair.recorded) !== canonical(pair.replayed)) {
      return { kind: 'compared', number, answers: recorded.length, difference: pair };
    }
  }
  return { kind: 'compared', number, answers: recorded.length, difference: null };
}

function canonical(answer: Attribution | null): string {
  return answer === null ? '' : JSON.stringify(attributionShape.rename(answer, AS_IT_IS));
}

function followsFrom(state: GuildState, line: StateLine): NonNullable<Begun['follows']> {
  const begun = canonicalState(guildState(line.state));
  if (begun === canonicalState(state)) return 'as-left';
  return begun === canonicalState(restarted(state)) ? 'restart' : 'unrecorded';
}

/** As the store gives it back: nothing is open across a restart, and codes come in their order. */
function restarted({ invites, rest }: GuildState): GuildState {
  const sorted = [...invites].sort(([one], [other]) => (one < other ? -1 : 1));
  return { invites: new Map(sorted), rest: restFromJson(restToJson(rest)) };
}

function canonicalState(state: GuildState): string {
  return JSON.stringify(stateShape.rename(storedState(state), AS_IT_IS));
}
