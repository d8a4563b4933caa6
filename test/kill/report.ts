import { boundaryNames } from './boundaries.ts';
import { standingOf } from './findings.ts';
import type { Life } from './history.ts';
import { plainRemovals } from './log-lines.ts';
import type { Outcome } from './run-kills.ts';

/** What a run has shown, as text for people. */
export function reportOf({ history, compared, records, miscounted, requests }: Outcome): string {
  const { lives, towns } = history;
  const { told } = compared;
  const count = <T>(things: readonly T[], is: (thing: T) => boolean): number =>
    things.filter(is).length;
  const lost = count(told, ({ fate, rows }) => fate !== 'unknowable' && rows.length === 0);
  const doubled = count(told, ({ rows }) => rows.length > 1);
  const joins = lives.map((life) => life.joins);
  return [
    boundaryTable(lives),
    '',
    '| what | how many |',
    '| --- | --- |',
    row('kills', lives.length),
    row('joins', told.length),
    row('joins between two kills: fewest, most', `${Math.min(...joins)}, ${Math.max(...joins)}`),
    row('joins while nothing ran', sum(lives.map((life) => life.joinsWhileDead))),
    row(
      'kills after which the session was resumed',
      count(lives.slice(1), ({ resumed }) => resumed),
    ),
    row(
      'sessions ended while nothing ran',
      count(lives, ({ invalidated }) => invalidated),
    ),
    row('joins lost or doubled', `${lost} lost, ${doubled} doubled`),
    row(
      'joins heard late only, and found',
      count(told, ({ rows: [one] }) => one?.whileAway === true),
    ),
    row(
      'joins that nobody could know',
      count(told, ({ fate, rows }) => fate === 'unknowable' && rows.length === 0),
    ),
    row('kicks and bans that are told as leaves', sum(towns.map(plainRemovals))),
    row('guilds', towns.length),
    row('requests', requests),
    row('assumptions refuted', records.refuted.map(({ assumption }) => assumption).join(' ') || 0),
    row('member counts that differ', miscounted.join('; ') || 0),
    row('start to first answer, resumed: median, worst', answerTimes(lives)),
    row('findings', compared.findings.length),
    '',
    standingTable(told.map((each) => `${each.fate}: ${standingOf(each)}`)),
  ].join('\n');
}

function boundaryTable(lives: readonly Life[]): string {
  const hits = new Map<string, number>();
  for (const { boundary } of lives) {
    const name = boundary ?? 'at a random moment, from outside';
    hits.set(name, (hits.get(name) ?? 0) + 1);
  }
  const names = [...boundaryNames.filter((name) => !name.startsWith('migration')), ...hits.keys()];
  const rows = [...new Set(names)].map((name) => row(name, hits.get(name) ?? 0));
  return ['| the process ended | times |', '| --- | --- |', ...rows].join('\n');
}

function standingTable(standings: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const standing of standings) counts.set(standing, (counts.get(standing) ?? 0) + 1);
  const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, n]) => row(name, n));
  return ['| answers | how many |', '| --- | --- |', ...rows].join('\n');
}

function answerTimes(lives: readonly Life[]): string {
  const times = lives.flatMap(({ firstAnswerMs }) => firstAnswerMs ?? []).sort((a, b) => a - b);
  if (times.length === 0) return 'none';
  return `${times[times.length >> 1]} ms, ${times.at(-1)} ms (of ${times.length})`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function row(name: string, value: string | number): string {
  return `| ${name} | ${value} |`;
}
