import type { Attribution } from 'wherefrom';
import { answersIn, type Difference, type Moment } from './replay.ts';

const CERTAINTIES = ['reported', 'certain', 'likely', 'ambiguous', 'unknown'] as const;

/** What a replay came to. */
export interface Summary {
  readonly joins: number;
  readonly settled: number;
  readonly byCertainty: Readonly<Record<Attribution['certainty'], number>>;
  readonly compared: number;
  /** Steps whose answers differ from the recorded ones. */
  readonly differing: number;
  readonly first: FirstDifference | null;
  /** Observations on which the engine threw. */
  readonly failures: number;
}

export interface FirstDifference extends Difference {
  readonly number: number;
}

/** Gathers it while a replay goes on. */
export class Tally {
  readonly #answers = new Map<string, Attribution>();
  #compared = 0;
  #differing = 0;
  #first: FirstDifference | null = null;
  #failures = 0;

  add(moment: Moment): void {
    switch (moment.kind) {
      case 'begun':
        return;
      case 'observed':
        if (moment.failed) this.#failures += 1;
        for (const answer of answersIn(moment.effects)) {
          this.#answers.set(`${answer.userId} ${answer.joinedAt}`, answer);
        }
        return;
      case 'compared':
        this.#compared += moment.answers;
        if (moment.difference === null) return;
        this.#differing += 1;
        this.#first ??= { number: moment.number, ...moment.difference };
    }
  }

  summary(): Summary {
    const answers = [...this.#answers.values()];
    const count = (certainty: Attribution['certainty']): number =>
      answers.filter((answer) => answer.certainty === certainty).length;
    return {
      joins: answers.length,
      settled: answers.filter(({ settled }) => settled).length,
      byCertainty: {
        reported: count('reported'),
        certain: count('certain'),
        likely: count('likely'),
        ambiguous: count('ambiguous'),
        unknown: count('unknown'),
      },
      compared: this.#compared,
      differing: this.#differing,
      first: this.#first,
      failures: this.#failures,
    };
  }
}

/** "9 certain, 2 likely", the surest first. */
export function certaintiesText({ byCertainty }: Summary): string {
  const parts = CERTAINTIES.filter((each) => byCertainty[each] > 0);
  return parts.map((each) => `${byCertainty[each]} ${each}`).join(', ');
}
