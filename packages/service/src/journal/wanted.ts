import { type Attribution, attributionShape, observationShape } from 'wherefrom';
import type { BeliefLine } from './belief-words.ts';
import { movedCodes } from './list-words.ts';
import { Mentioned } from './pseudonyms.ts';
import { answersIn, type Observed } from './replay.ts';

/** What of a journal is to be shown; it is replayed as a whole all the same. */
export interface Wanted {
  readonly user: string | null;
  readonly code: string | null;
  /** Milliseconds since 1970, both inclusive. */
  readonly from: number;
  readonly to: number;
}

/** Whether it speaks of the wanted person or code. `changed`: the lines of the belief that are new. */
export function isWanted(
  observed: Observed,
  changed: readonly BeliefLine[],
  wanted: Wanted,
): boolean {
  const { user, code } = wanted;
  if (!isInTime(observed.observation.at, wanted)) return false;
  const mentioned = mentionedIn(observed);
  for (const line of changed) {
    for (const each of line.users) mentioned.user(each);
    for (const each of line.codes) mentioned.code(each);
  }
  if (user !== null && !mentioned.users.has(user)) return false;
  return code === null || mentioned.codes.has(code);
}

export function isInTime(at: number, { from, to }: Wanted): boolean {
  return at >= from && at <= to;
}

/** Whether an answer is about the wanted person and may be the wanted code. */
export function isWantedAnswer(answer: Attribution, { user, code }: Wanted): boolean {
  if (user !== null && answer.userId !== user) return false;
  if (code === null) return true;
  const { codes } = mentionedInAnswer(answer);
  return codes.has(code);
}

/** Whether a line is of the story of the wanted person or code; what names none is of every story. */
export function speaksOf(line: BeliefLine, { user, code }: Pick<Wanted, 'user' | 'code'>): boolean {
  const { users, codes } = line;
  if (user !== null && users.length > 0 && !users.includes(user)) return false;
  if (code === null || codes.includes(code)) return true;
  return users.length === 0 && codes.length === 0;
}

/** A list names every code there is; it speaks of those that moved. */
function mentionedIn({ observation, before, effects }: Observed): Mentioned {
  const mentioned = new Mentioned();
  if (observation.kind === 'invites') {
    for (const { code } of movedCodes(observation, before)) mentioned.code(code);
  } else observationShape.rename(observation, mentioned);
  for (const answer of answersIn(effects)) attributionShape.rename(answer, mentioned);
  return mentioned;
}

function mentionedInAnswer(answer: Attribution): Mentioned {
  const mentioned = new Mentioned();
  attributionShape.rename(answer, mentioned);
  return mentioned;
}
