import type { Entry } from './contestants.ts';
import { type GroupFigures, groupFigures, type Measured } from './figures.ts';
import { table } from './markdown.ts';
import { type Tally, tallyOf } from './score.ts';
import type { StartCost } from './start.ts';
import { GROUPS, type Group, type Story } from './stories/story.ts';

/** Everything as text: group by group, then the starts, then all in one table. */
export function tablesOf(
  measured: Measured,
  entries: readonly Entry[],
  stories: readonly Story[],
): string {
  const groups = GROUPS.filter((group) => stories.some((story) => story.group === group));
  const parts = groups.map((group) => groupTable(measured, entries, group, stories));
  if (measured.starts.length > 0) parts.push(startTable(measured, entries));
  parts.push(summary(measured, entries, groups, stories));
  return `${[...parts, ...notesOn(measured, entries, groups, stories)].join('\n\n')}\n`;
}

function groupTable(
  { outcomes }: Measured,
  entries: readonly Entry[],
  group: Group,
  stories: readonly Story[],
): string {
  const own = stories.filter((story) => story.group === group);
  const about = own.map((story) => `- ${story.name}: ${story.about}`).join('\n');
  const rows = entries.map((entry) => [
    ...namesOf(entry),
    ...own.map(({ name }) => storyCell(outcomes, entry, name)),
    ...priceOf(groupFigures(outcomes, { ...entry, group }, stories)),
  ]);
  const head = [...NAMES, ...own.map(({ name }) => name), ...PRICE];
  return `## ${group}\n\n${about}\n\n${LEGEND}, x: ${CRASH}\n\n${table(head, rows)}`;
}

const NAMES = ['tracker', 'set-up'];
const VERDICTS = ['right', 'wrong', 'ambiguous', 'missed'] as const;
const PRICE = ['calls per join', 'answer: median', 'worst'];
const LEGEND = VERDICTS.join('/');
const CRASH = 'an error ended the process, or would have';

function namesOf({ contestant, setUp }: Entry): string[] {
  return [contestant.name, setUp];
}

function priceOf({ callsPerJoin, times }: GroupFigures): string[] {
  return [callsPerJoin?.toFixed(1) ?? '-', seconds(times.medianMs), seconds(times.worstMs)];
}

const seconds = (ms: number | null): string => (ms === null ? '-' : `${(ms / 1_000).toFixed(2)} s`);
const cellOf = (tally: Tally): string =>
  VERDICTS.map((verdict) => String(tally[verdict])).join('/');

function storyCell(
  outcomes: Measured['outcomes'],
  { contestant, setUp }: Entry,
  story: string,
): string {
  const outcome = outcomes.find(
    (each) => each.contestant === contestant.name && each.setUp === setUp && each.story === story,
  );
  if (outcome === undefined) return '-';
  const cell = cellOf(tallyOf(outcome.joins.map(({ verdict }) => verdict)));
  return outcome.crashes.length > 0 ? `${cell} x` : cell;
}

function startTable({ starts }: Measured, entries: readonly Entry[]): string {
  const head = [...NAMES, 'first: calls', 'seconds', 'again: calls', 'seconds'];
  const rows = entries.flatMap((entry) => {
    const start = startOf(starts, entry);
    return start === undefined
      ? []
      : [[...namesOf(entry), ...costOf(start.first), ...costOf(start.again)]];
  });
  return `## start\n\nA bot in 300 guilds, on an empty folder and then on the counts it kept\n\n${table(head, rows)}`;
}

function startOf(starts: Measured['starts'], { contestant, setUp }: Entry) {
  return starts.find((each) => each.contestant === contestant.name && each.setUp === setUp);
}

function costOf(cost: StartCost | null | undefined): string[] {
  return cost ? [String(cost.requests), cost.seconds.toFixed(1)] : ['-', '-'];
}

/** Calls and times are those of ordinary joins: a crowd is another matter, and has its own table. */
function summary(
  { outcomes, starts }: Measured,
  entries: readonly Entry[],
  groups: readonly Group[],
  stories: readonly Story[],
): string {
  const figuresOf = (entry: Entry): GroupFigures[] =>
    groups.map((group) => groupFigures(outcomes, { ...entry, group }, stories));
  const rows = entries.map((entry) => {
    const figures = figuresOf(entry);
    const crashes = figures.reduce((sum, { crashedStories }) => sum + crashedStories, 0);
    const first = startOf(starts, entry)?.first;
    return [
      ...namesOf(entry),
      ...figures.map(({ final }) => cellOf(final)),
      `${crashes} of ${stories.length}`,
      ...(figures[0] === undefined ? ['-', '-', '-'] : priceOf(figures[0])),
      ...costOf(first),
    ];
  });
  const joins = entries.slice(0, 1).flatMap(figuresOf);
  const titles = joins.map(({ group, joins: count }) => `${group}, ${count} joins`);
  const head = [...NAMES, ...titles, 'crashed in', ...PRICE, '300 guilds: calls', 'seconds'];
  return `## all\n\n${LEGEND}\n\n${table(head, rows)}`;
}

/** What only a tracker has that revises its answers and promises some, and what spoils a run. */
function notesOn(
  { outcomes }: Measured,
  entries: readonly Entry[],
  groups: readonly Group[],
  stories: readonly Story[],
): string[] {
  const promises = entries
    .filter(({ contestant }) => contestant.revises)
    .flatMap((entry) => groups.map((group) => ({ ...entry, group })))
    .map((of) => {
      const { contestant, group } = of;
      const figures = groupFigures(outcomes, of, stories);
      const kept = `${figures.promises} answers were certain, ${figures.brokenPromises} of them wrong`;
      const { medianMs, worstMs } = figures.firstTimes;
      const times = `after ${seconds(medianMs)} at the median, ${seconds(worstMs)} at worst`;
      return `${contestant.name}, ${group}: ${kept}; first answers ${cellOf(figures.first)}, ${times}`;
    });
  const spoilt = [...new Set(outcomes.flatMap(({ violations }) => violations))];
  return [...promises, ...spoilt.map((what) => `NOT FAIR: the emulator had no answer to ${what}`)];
}
