import {
  type Attribution,
  ENGINE_CONSTANTS,
  emptyState,
  type GuildId,
  type GuildState,
  type Observation,
  restFromJson,
  restToJson,
  step,
  storedState,
} from 'wherefrom';
import {
  type JournalEntry,
  journalLines,
} from '../../packages/service/src/journal/write-journal.ts';
import type { World } from './mixes.ts';
import { joinKey, type Record } from './recorder.ts';
import { Stage } from './stage.ts';
import { keyOf } from './truth.ts';

/** What one engine saw of a guild, cut down to what the answer in question needs. */
export interface ShortJournal {
  /** A journal file, for `npm run replay`. */
  readonly text: string;
  readonly observations: number;
  readonly of: number;
}

/** An observation, or the moment at which another process took over. */
type Event = Observation | 'handover';

/** Of the first join that a finding names; null where none does, or its answer cannot be replayed. */
export async function journalFor(
  world: World,
  findings: readonly string[],
  until: number,
): Promise<ShortJournal | null> {
  const stage = new Stage(world);
  try {
    await stage.play();
    for (const [key] of findings.flatMap((finding) => [...finding.matchAll(/\d+@\d+/g)])) {
      const record = [...stage.recorder.records.values()].find(({ told }) => told.has(key));
      if (record !== undefined) return shortenJournal(record, key, until);
    }
    return null;
  } finally {
    stage.close();
  }
}

/**
 * Leaves out of a guild's journal whatever the last answer of a join does not need, halves first,
 * for as long as `until` (ms of `performance.now`) allows. Null if replaying all of it does not give
 * that answer: a write that failed may have cost the process what the record holds.
 */
export function shortenJournal(record: Record, key: string, until: number): ShortJournal | null {
  const told = record.told.get(key)?.last;
  if (told === undefined) return null;
  const wanted = wordsOf(told);
  const holds = (events: readonly Event[]): boolean => {
    const last = answersOf(events).findLast((answer) => keyOfAnswer(answer) === key);
    return last !== undefined && wordsOf(last) === wanted;
  };
  const all = eventsOf(record);
  if (!holds(all)) return null;
  let kept = all;
  for (let size = kept.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < kept.length && performance.now() < until; ) {
      const fewer = kept.toSpliced(at, size);
      if (holds(fewer)) kept = fewer;
      else at += size;
    }
  }
  const text = [...journalLines(record.guildId as GuildId, entriesOf(kept))].join('\n');
  return {
    text: `${text}\n`,
    observations: kept.filter((event) => event !== 'handover').length,
    of: record.journal.length,
  };
}

function eventsOf({ journal, handovers }: Record): readonly Event[] {
  return journal.flatMap((observation, at): Event[] =>
    handovers.includes(at) ? ['handover', observation] : [observation],
  );
}

/** As a process finds what the one before it stored. */
function handedOver({ invites, rest }: GuildState): GuildState {
  return { invites, rest: restFromJson(restToJson(rest)) };
}

function* statesOf(events: readonly Event[]) {
  let state = emptyState();
  for (const event of events) {
    if (event === 'handover') {
      state = handedOver(state);
      yield { event, state, answers: [] };
      continue;
    }
    const next = step(state, event);
    state = next.state;
    const answers = next.effects.flatMap((effect) =>
      effect.kind === 'record' ? [effect.attribution] : [],
    );
    yield { event, state, answers };
  }
}

function answersOf(events: readonly Event[]): readonly Attribution[] {
  return [...statesOf(events)].flatMap(({ answers }) => answers);
}

function* entriesOf(events: readonly Event[]): Generator<JournalEntry, void> {
  let at = 0;
  const begun = (state: GuildState): JournalEntry => {
    return { kind: 'state', at, constants: ENGINE_CONSTANTS, state: storedState(state) };
  };
  for (const { event, state, answers } of statesOf(events)) {
    if (at === 0 && event !== 'handover') {
      at = event.at;
      yield begun(emptyState());
    }
    if (event === 'handover') yield begun(state);
    else {
      at = event.at;
      yield { kind: 'observation', observation: event };
      yield { kind: 'step', answers };
    }
  }
}

function keyOfAnswer({ userId, joinedAt }: Attribution): string {
  return joinKey(userId, joinedAt);
}

function wordsOf({ certainty, candidates, settled }: Attribution): string {
  return `${certainty} ${candidates.map(({ origin }) => keyOf(origin)).join()} ${settled}`;
}
