import type { Attribution, Origin } from 'wherefrom';
import type { Score } from './score.ts';
import { keyOfTruth, type TrueJoin, verdictOn } from './truth.ts';

const useColour = process.stdout.isTTY && process.env.NO_COLOR === undefined;
const paint = (code: number) => (text: string) =>
  useColour || process.env.FORCE_COLOR !== undefined ? `\u001b[${code}m${text}\u001b[0m` : text;
const bold = paint(1);
const dim = paint(2);
const red = paint(31);
const green = paint(32);
const yellow = paint(33);
const cyan = paint(36);
const magenta = paint(35);

const CERTAINTY = {
  reported: green,
  certain: green,
  likely: cyan,
  ambiguous: yellow,
  unknown: magenta,
} as const;

export function titleLine(title: string): string {
  return `\n${bold(`— ${title}`)}`;
}

/** One line of the join log, with the truth beside it. */
export function joinLine(
  answer: Attribution,
  truth: TrueJoin | undefined,
  { town, name, again }: { readonly town: string; readonly name: string; readonly again: boolean },
): string {
  const colour = CERTAINTY[answer.certainty];
  const mark = again ? dim('  ↳ now'.padEnd(15)) : `  ${town.padEnd(13)}`;
  const said = `${pad(name, 22)} ${pad(wordsOf(answer), 40)} ${colour(pad(answer.certainty, 9))}`;
  if (!truth) return `${mark} ${said}`;
  const verdict = verdictOn(answer, truth);
  const sign = { right: green('✓'), open: yellow('·'), wrong: red('✗') }[verdict];
  return `${mark} ${said} ${sign} ${dim(`truth: ${keyOfTruth(truth)}`)}`;
}

function pad(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}

function wordsOf(answer: Attribution): string {
  const { origin: one, candidates, group } = answer;
  if (one !== null) return `← ${originWords(one, usesOf(answer))}`;
  const among = candidates.map(({ origin }) => originWords(origin, null)).join(' or ');
  if (!group || group.size < 3) return `← ${among}`;
  const sums = group.sums.map(({ origin, uses }) => `${uses}×${codeOf(origin)}`).join(' ');
  return `← one of ${group.size}: ${sums}`;
}

function usesOf({ origin, candidates }: Attribution): number | null {
  const named = candidates.find((candidate) => {
    return JSON.stringify(candidate.origin) === JSON.stringify(origin);
  });
  return named?.uses ?? null;
}

function codeOf(origin: Origin): string {
  return 'code' in origin && origin.code !== null ? origin.code : origin.kind;
}

function originWords(origin: Origin, uses: number | null): string {
  switch (origin.kind) {
    case 'invite':
      return uses === null ? `${origin.code}` : `${origin.code} (${uses} uses)`;
    case 'vanity':
      return uses === null ? 'vanity link' : `vanity link (${uses} uses)`;
    case 'bot':
      return `bot${origin.adderId === null ? '' : ' added by a moderator'}`;
    case 'no-invite':
      return 'no invite';
    case 'unknown':
      return `unknown: ${origin.reason}`;
    default:
      return origin.kind;
  }
}

/** The running score, in one line. */
export function runningScore(joins: number, firm: number, wrong: number): string {
  const faults = wrong === 0 ? green('0 wrong') : red(`${wrong} wrong`);
  return dim(`  ${joins} joins, ${firm} certain, `) + faults;
}

export function finalScore(score: Score, seed: number, seconds: number): string {
  const rows = Object.entries(score.byCertainty).map(
    ([certainty, { right, of }]) =>
      `  ${pad(certainty, 10)} ${String(of).padStart(4)} joins, ${right} of them name the truth outright`,
  );
  const lines = [
    titleLine(`score (seed ${seed}, ${seconds.toFixed(0)} s)`),
    `  ${score.joins} joins, ${score.listCalls} invite lists read`,
    dim(`  situations: ${score.situations}`),
    ...rows,
    `  certain: ${score.certain}; the oracle of worlds allows ${score.oracleCertain}`,
  ];
  if (score.failures.length === 0)
    lines.push(green('  every certain answer is true, every join has its line'));
  else lines.push(...score.failures.map((failure) => red(`  ✗ ${failure}`)));
  return lines.join('\n');
}
