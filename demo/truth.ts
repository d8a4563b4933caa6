import type { Emulator } from '@wherefrom/emulator';
import type { Attribution, Origin } from 'wherefrom';

export type TrueJoin = ReturnType<Emulator['truth']>[number];

/** Equal for an answer and a truth that name the same origin. */
export function keyOfOrigin(origin: Origin): string {
  switch (origin.kind) {
    case 'invite':
      return `invite ${origin.code}`;
    case 'vanity':
      return 'vanity';
    case 'bot':
      return 'bot';
    case 'no-invite':
      return 'no invite';
    case 'unknown':
      return `unknown: ${origin.reason}`;
    case 'application':
      return `application ${origin.code ?? ''}`.trim();
    default:
      return origin.kind;
  }
}

export function keyOfTruth({ origin }: TrueJoin): string {
  switch (origin.kind) {
    case 'invite':
      return `invite ${origin.code}`;
    case 'vanity':
      return 'vanity';
    case 'bot':
      return 'bot';
    default:
      return 'no invite';
  }
}

export type Verdict = 'right' | 'open' | 'wrong';

/** Right: it names the truth. Open: the truth is among the candidates. Wrong: neither. */
export function verdictOn(
  answer: Pick<Attribution, 'origin' | 'certainty' | 'candidates'>,
  truth: TrueJoin,
): Verdict {
  const wanted = keyOfTruth(truth);
  if (answer.origin !== null && answer.certainty !== 'unknown') {
    return keyOfOrigin(answer.origin) === wanted ? 'right' : 'wrong';
  }
  if (answer.certainty === 'unknown') return 'open';
  return answer.candidates.some(({ origin }) => keyOfOrigin(origin) === wanted) ? 'open' : 'wrong';
}

/** Whether the candidates leave room for the truth; an unknown answer rules nothing out. */
export function allows(
  answer: Pick<Attribution, 'certainty' | 'candidates'>,
  truth: TrueJoin,
): boolean {
  if (answer.certainty === 'unknown') return true;
  const wanted = keyOfTruth(truth);
  return answer.candidates.some(
    ({ origin }) => origin.kind === 'unknown' || keyOfOrigin(origin) === wanted,
  );
}
