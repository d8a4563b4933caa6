import type { Refusal } from 'wherefrom';
import type { RestAnswer } from './discord-rest.ts';

export const unavailable: Refusal = { kind: 'failed', failure: 'unavailable' };

/** What the tracker makes of a request that brought nothing. */
export function refusal(answer: Exclude<RestAnswer, { readonly kind: 'answered' }>): Refusal {
  if (answer.kind === 'rate-limited') return { kind: 'failed', failure: 'over-budget' };
  if (answer.kind === 'refused' && answer.status === 403)
    return { kind: 'failed', failure: 'refused' };
  return unavailable;
}
