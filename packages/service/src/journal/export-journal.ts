import { attributionShape, type GuildId, Misfit, observationShape, stateShape } from 'wherefrom';
import { ServiceError } from '../service-error.ts';
import type { RecordedEntry } from '../storage/recorded-journals.ts';
import { type JournalEntry, journalLines, pseudonymous } from './write-journal.ts';

export interface ExportOptions {
  readonly guildId: GuildId;
  /** Other names stand for ids and codes. */
  readonly pseudonyms: boolean;
}

/** What was exported. */
export interface Exported {
  /** The whole file. */
  readonly text: string;
  readonly lines: number;
  readonly steps: number;
}

/**
 * The journal file of what was recorded.
 * @throws ServiceError `journal-none`, or `journal-strange` if an entry cannot be read
 */
export function exportJournal(
  recorded: readonly RecordedEntry[],
  { guildId, pseudonyms }: ExportOptions,
): Exported {
  const entries = recorded.flatMap(entriesOf);
  const steps = entries.filter(({ kind }) => kind === 'step').length;
  if (steps === 0) {
    throw new ServiceError('journal-none', `Nothing is recorded of the server ${guildId}.`);
  }
  const lines = [
    ...(pseudonyms
      ? journalLines(
          null,
          pseudonymous(() => entries),
        )
      : journalLines(guildId, entries)),
  ];
  return { text: lines.map((line) => `${line}\n`).join(''), lines: lines.length, steps };
}

/** Read through their shapes: nothing leaves the database that is not known. */
function entriesOf(recorded: RecordedEntry, index: number): readonly JournalEntry[] {
  try {
    if (recorded.kind === 'start') {
      const { at, constants } = recorded;
      const state = stateShape.read(recorded.state, 'state');
      return [{ kind: 'state', at, constants, state }];
    }
    const observations = recorded.observations.map((each): JournalEntry => {
      return { kind: 'observation', observation: observationShape.read(each, '') };
    });
    const answers = recorded.answers.map((each) => attributionShape.read(each, ''));
    return [...observations, { kind: 'step', answers }];
  } catch (cause) {
    const why = cause instanceof Misfit ? cause.message : 'it is not what was written';
    throw new ServiceError('journal-strange', `Recorded entry ${index + 1}: ${why}.`, { cause });
  }
}
