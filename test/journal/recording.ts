import {
  type Attribution,
  ENGINE_CONSTANTS,
  emptyState,
  type GuildId,
  type GuildState,
  type GuildStep,
  guildState,
  type Observation,
  restFromJson,
  restToJson,
  step,
  storedState,
} from '../../packages/core/src/index.ts';
import type { ReplayOptions } from '../../packages/service/src/journal/replay-file.ts';
import { replayFile } from '../../packages/service/src/journal/replay-file.ts';
import type { RecordedEntry } from '../../packages/service/src/storage/recorded-journals.ts';

export const GUILD = '900000000000000001' as GuildId;

/** The steps that a journal makes, `size` observations each. */
export function* stepsOf(
  journal: readonly Observation[],
  {
    size = 1,
    state: first = emptyState(),
  }: { readonly size?: number; readonly state?: GuildState } = {},
): Generator<GuildStep, GuildState> {
  let state = first;
  for (let at = 0; at < journal.length; at += size) {
    const before = state;
    const observations = journal.slice(at, at + size);
    const records: Attribution[] = [];
    for (const observation of observations) {
      const taken = step(state, observation);
      state = taken.state;
      for (const effect of taken.effects) {
        if (effect.kind === 'record') records.push(effect.attribution);
      }
    }
    yield stepFrom(observations, [before, state], records);
  }
  return state;
}

function stepFrom(
  observations: readonly Observation[],
  [before, state]: readonly [GuildState, GuildState],
  records: readonly Attribution[],
): GuildStep {
  const codes = new Set([...before.invites.keys(), ...state.invites.keys()]);
  return {
    guildId: GUILD,
    at: observations.at(-1)!.at,
    observations,
    receipts: [],
    before,
    state,
    changedCodes: [...codes].filter((code) => before.invites.get(code) !== state.invites.get(code)),
    records,
    members: [],
    notes: [],
  };
}

/** What a store would have recorded, as it comes out of one; started again before some steps. */
export function recordedOf(
  journal: readonly Observation[],
  {
    size = 1,
    restartAt = journal.length,
  }: { readonly size?: number; readonly restartAt?: number } = {},
): readonly RecordedEntry[] {
  const first = [...stepsOf(journal.slice(0, restartAt), { size })];
  const second = [
    ...stepsOf(journal.slice(restartAt), { size, state: restarted(first.at(-1)?.state) }),
  ];
  const entries = [first, second].flatMap((steps) => {
    const [start] = steps;
    return start === undefined ? [] : [startOf(start), ...steps.map(entryOf)];
  });
  return JSON.parse(JSON.stringify(entries)) as readonly RecordedEntry[];
}

function startOf({ at, before }: GuildStep): RecordedEntry {
  return { kind: 'start', at, constants: ENGINE_CONSTANTS, state: storedState(before) };
}

function entryOf({ observations, records }: GuildStep): RecordedEntry {
  return { kind: 'step', observations, answers: records };
}

function restarted(state: GuildState = emptyState()): GuildState {
  const { invites, rest } = storedState(state);
  const sorted = invites.toSorted((one, other) => (one.code < other.code ? -1 : 1));
  return guildState({ invites: sorted, rest: restFromJson(restToJson(rest)) });
}

export interface ReplayOutcome {
  readonly exit: number;
  readonly out: string;
  readonly complaints: string;
}

/** The command without its process. */
export function replayed(text: string, options: Partial<ReplayOptions> = {}): ReplayOutcome {
  let [out, complaints] = ['', ''];
  const terminal = {
    write: (part: string) => {
      out += part;
    },
    complain: (part: string) => {
      complaints += part;
    },
  };
  const wanted = { user: null, code: null, from: -Infinity, to: Infinity };
  const plain = { wanted, answersOnly: false, json: false, unproven: false, coloured: false };
  const exit = replayFile(text, { ...plain, ...options }, terminal);
  return { exit, out, complaints };
}
