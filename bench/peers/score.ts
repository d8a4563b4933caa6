import type { Said, Source } from './answer.ts';

/** `wrong` is the worst: somebody was credited who did not bring the member. */
export type Verdict = 'right' | 'wrong' | 'ambiguous' | 'missed';

/** Which of the rarer sources a tracker has a word for. */
export interface Words {
  readonly none: boolean;
  readonly bot: boolean;
}

/**
 * One answer against the truth. Null is silence. "Unknown" is right where the tracker has no other
 * word for what is true; candidates without the truth are as wrong as a wrong name.
 */
export function verdictOn(truth: Source, said: Said | null, words: Words): Verdict {
  switch (said?.kind) {
    case 'named':
      return isSame(said.source, truth) ? 'right' : 'wrong';
    case 'ambiguous':
      return said.candidates.some((source) => isSame(source, truth)) ? 'ambiguous' : 'wrong';
    case 'unknown':
      return lacksWord(truth, words) ? 'right' : 'missed';
    default:
      return 'missed';
  }
}

function isSame(left: Source, right: Source): boolean {
  if (left.kind === 'invite' && right.kind === 'invite') return left.code === right.code;
  return left.kind === right.kind;
}

function lacksWord({ kind }: Source, words: Words): boolean {
  return (kind === 'none' && !words.none) || (kind === 'bot' && !words.bot);
}

const BEST_FIRST = ['right', 'ambiguous', 'missed'] as const;

/**
 * All answers to one join. A tracker that revises is taken at its last word. One that does not has
 * credited somebody with each answer: one wrong credit spoils the join, else the best counts.
 */
export function verdictOnAll(
  truth: Source,
  answers: readonly Said[],
  { words, revises }: { readonly words: Words; readonly revises: boolean },
): Verdict {
  if (revises) return verdictOn(truth, answers.at(-1) ?? null, words);
  const verdicts = answers.map((said) => verdictOn(truth, said, words));
  if (verdicts.includes('wrong')) return 'wrong';
  return BEST_FIRST.find((verdict) => verdicts.includes(verdict)) ?? 'missed';
}

/** How often each verdict fell. */
export type Tally = Readonly<Record<Verdict, number>>;

export function tallyOf(verdicts: readonly Verdict[]): Tally {
  const tally = { right: 0, wrong: 0, ambiguous: 0, missed: 0 };
  for (const verdict of verdicts) tally[verdict] += 1;
  return tally;
}
