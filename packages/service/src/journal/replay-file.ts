import { terminalText } from '../service-error.ts';
import { COLOURED, PLAIN } from './paint.ts';
import { type Journal, type NumberedLine, readJournal } from './read-journal.ts';
import { replay } from './replay.ts';
import { ReplayJson } from './replay-json.ts';
import { ReplayText } from './replay-text.ts';
import type { ReplayView, Title } from './replay-view.ts';
import { type Summary, Tally } from './summary.ts';
import { Times } from './times.ts';
import type { Wanted } from './wanted.ts';

export interface ReplayOptions {
  readonly wanted: Wanted;
  readonly answersOnly: boolean;
  readonly json: boolean;
  /** Show all of a file that is not whole, and say so. */
  readonly unproven: boolean;
  readonly coloured: boolean;
}

/** Where a replay is told. */
export interface Terminal {
  write(text: string): void;
  complain(text: string): void;
}

/** How the command ends. 1: other answers than were recorded. 2: the file cannot be relied on. */
export type ReplayExit = 0 | 1 | 2;

/** Replays the text of a file. Whatever is in it, this ends with a message. */
export function replayFile(text: string, options: ReplayOptions, terminal: Terminal): ReplayExit {
  const journal = tryRead(text, options, terminal);
  if (journal === null) return 2;
  const { flaw } = journal;
  if (flaw !== null) terminal.complain(`${terminalText(flaw)}\n`);
  const shown = options.unproven
    ? journal.lines
    : journal.lines.filter(({ number }) => number <= journal.provenTo);
  const summary = tell(journal, shown, options, terminal);
  if (flaw === null) return summary.differing > 0 ? 1 : 0;
  if (flaw.code === 'journal-changed') terminal.complain(partingText(journal.lines));
  return 2;
}

function tryRead(text: string, { unproven }: ReplayOptions, terminal: Terminal): Journal | null {
  try {
    return readJournal(text, { bare: unproven });
  } catch (error) {
    terminal.complain(`${terminalText(error)}\n`);
    return null;
  }
}

function tell(
  journal: Journal,
  shown: readonly NumberedLine[],
  options: ReplayOptions,
  terminal: Terminal,
): Summary {
  const write = (text: string): void => {
    if (text !== '') terminal.write(text);
  };
  const title = titleOf(journal, shown);
  if (title === null) {
    write('Nothing of it can be shown.\n');
    return new Tally().summary();
  }
  const view = viewFor(title, options);
  const tally = new Tally();
  write(view.title(title));
  for (const moment of replay(shown)) {
    tally.add(moment);
    write(view.moment(moment));
  }
  const summary = tally.summary();
  write(view.summary(summary));
  return summary;
}

function titleOf({ header, flaw }: Journal, shown: readonly NumberedLine[]): Title | null {
  const times = shown.flatMap(({ line }) => {
    if (line.kind === 'observation') return [line.observation.at];
    return line.kind === 'state' ? [line.at] : [];
  });
  const [from] = times;
  if (from === undefined) return null;
  return {
    guildId: header?.guildId ?? null,
    from,
    to: times.at(-1) ?? from,
    observations: shown.filter(({ line }) => line.kind === 'observation').length,
    whole: header !== null && flaw === null,
    lastLine: shown.at(-1)?.number ?? 0,
  };
}

function viewFor(title: Title, options: ReplayOptions): ReplayView {
  const { wanted, answersOnly, coloured, json, unproven } = options;
  const shared = { wanted, answersOnly, times: new Times(title.from) };
  if (json) return new ReplayJson(shared);
  const proven = title.whole || !unproven;
  return new ReplayText({ ...shared, paint: coloured ? COLOURED : PLAIN, proven });
}

/** With all the lines, the changed ones too. */
function partingText(lines: readonly NumberedLine[]): string {
  const tally = new Tally();
  for (const moment of replay(lines)) tally.add(moment);
  const { first } = tally.summary();
  const last = lines.at(-1)?.number ?? 0;
  return first === null
    ? `  Up to line ${last} the answers in the file are those of the replay all the same.\n`
    : `  The answers in the file and those of the replay part at line ${first.number}.\n`;
}
