import assert from 'node:assert/strict';
import type { Observation } from '../../packages/core/src/engine/observation.ts';
import { type OracleAnswer, oracle } from './oracle.ts';

/** An answer in a line: who, how sure, the origin, all candidates, the added assumption. */
function line(answer: OracleAnswer): string {
  const { userId, certainty, origin, candidates, assumption } = answer;
  const leaning = assumption === null ? '' : ` if ${assumption}`;
  return `${userId} ${certainty} ${origin ?? '?'} of ${candidates.join(' ')}${leaning}`;
}

export function expectAnswers(
  observations: readonly Observation[],
  expected: readonly string[],
): void {
  assert.deepEqual(oracle(observations).map(line), expected);
}
