import {
  attributionShape,
  type GuildId,
  type Names,
  observationShape,
  stateShape,
} from 'wherefrom';
import { type JournalLine, lineText } from './journal-line.ts';
import { Mentioned, Pseudonyms } from './pseudonyms.ts';
import { Seal } from './seal.ts';

/** What lies between the header and the end. */
export type JournalEntry = Exclude<JournalLine, { readonly kind: 'header' | 'end' }>;

/** The lines of a journal file, without line breaks. */
export function* journalLines(
  guildId: GuildId | null,
  entries: Iterable<JournalEntry>,
): Generator<string, void> {
  const seal = new Seal();
  const plain = (line: JournalLine): string => {
    const text = lineText(line);
    seal.add(text);
    return text;
  };
  yield plain({ kind: 'header', guildId });
  let steps = 0;
  for (const entry of entries) {
    if (entry.kind !== 'step') yield plain(entry);
    else {
      steps += 1;
      yield seal.marked(lineText(entry));
    }
  }
  yield seal.marked(lineText({ kind: 'end', steps }));
}

/** The same journal with other names. Goes through it twice, as what keeps its order has to be known first. */
export function* pseudonymous(
  entries: () => Iterable<JournalEntry>,
): Generator<JournalEntry, void> {
  const mentioned = new Mentioned();
  for (const entry of entries()) renamed(entry, mentioned);
  const names = new Pseudonyms(mentioned);
  for (const entry of entries()) yield renamed(entry, names);
}

/** Every id and code of the entry by its other name. */
export function renamed(entry: JournalEntry, names: Names): JournalEntry {
  switch (entry.kind) {
    case 'state':
      return { ...entry, state: stateShape.rename(entry.state, names) };
    case 'observation':
      return { ...entry, observation: observationShape.rename(entry.observation, names) };
    case 'step':
      return {
        ...entry,
        answers: entry.answers.map((answer) => attributionShape.rename(answer, names)),
      };
  }
}
