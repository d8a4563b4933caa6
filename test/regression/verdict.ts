import type { Attribution } from '../../packages/core/src/index.ts';
import type { Row } from './notation.ts';
import { allows, answerText, type RowNames } from './wording.ts';

/** What a play of a row brought to light. */
export interface Outcome {
  /** Answers by member, as the row calls them. */
  readonly first: ReadonlyMap<string, Attribution>;
  readonly last: ReadonlyMap<string, Attribution>;
  /** Answers for joins that the row knows nothing of. */
  readonly strays: readonly string[];
  readonly calls: string;
  readonly names: RowNames;
}

/** Everything in which the outcome differs from what the row says; empty is right. */
export function complaintsOf(row: Row, outcome: Outcome): string[] {
  return [
    ...differences(row.expect, outcome.last, outcome.names, ''),
    ...differences(row.first, outcome.first, outcome.names, 'first '),
    ...untruths(row, outcome),
    ...outcome.strays.map((stray) => `an answer for ${stray}, which is no join`),
    ...(row.calls === null || row.calls === outcome.calls
      ? []
      : [`calls: ${outcome.calls}, expected ${row.calls}`]),
  ];
}

function differences(
  expected: ReadonlyMap<string, string>,
  answers: ReadonlyMap<string, Attribution>,
  names: RowNames,
  which: string,
): string[] {
  return [...expected].flatMap(([member, text]) => {
    const answer = answers.get(member);
    const actual = answer === undefined ? 'no answer' : answerText(answer, names);
    return actual === text ? [] : [`${which}${member} = ${actual}, expected ${text}`];
  });
}

/** No settled answer may rule out what really happened, and no certain one at any time. */
function untruths(row: Row, outcome: Outcome): string[] {
  return [...row.truth].flatMap(([member, truth]) => {
    const wrong = (answer: Attribution | undefined): boolean =>
      answer !== undefined && !allows(answer, truth, outcome.names);
    const found: string[] = [];
    if (!row.expect.has(member)) found.push(`the row expects nothing of ${member}`);
    const first = outcome.first.get(member);
    if (first?.certainty === 'certain' && wrong(first)) {
      found.push(`first: ${member} was really ${truth}`);
    }
    if (wrong(outcome.last.get(member))) found.push(`${member} was really ${truth}`);
    return found;
  });
}
