import type { Observation } from '../../packages/core/src/engine/observation.ts';
import { answerAll, type OracleAnswer } from './answers.ts';
import { enumerateWorlds } from './worlds.ts';

export type { OracleAnswer } from './answers.ts';

/**
 * What the journal of one guild proves about each join, after the fact: obviously right and slow.
 * Joins for which no list was requested yet are left out, unless they are explained already.
 */
export function oracle(observations: readonly Observation[]): OracleAnswer[] {
  return answerAll(observations, enumerateWorlds).filter(isAnswered);
}

export function isAnswered(answer: OracleAnswer): boolean {
  return !answer.pending || answer.certainty === 'certain';
}
