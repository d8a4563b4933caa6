import type { GapCause, Origin } from 'wherefrom';
import { originWords, type Wording } from '../join-log/origin-words.ts';
import { countWords } from '../join-log/words.ts';

/** Why nothing was heard for a while. */
export const GAP_WORDS: Readonly<Record<GapCause, string>> = {
  'first-start': 'the bot was new here',
  restart: 'the bot was restarted',
  'session-lost': 'the session could not be resumed',
  outage: 'the server was out of reach',
  removed: 'the bot was removed and invited again',
  clock: 'a clock was wrong',
};

/** No journal holds a name, and whoever replays one may see every code. */
export const WORDING: Wording = { concealed: [], nameOf: () => null };

const NAMED_USERS = 6;

/** "user 3", "users 3, 4", "users 3, 4, 5 ... 17, 18 (16 of them)" */
export function whoWords(users: readonly string[]): string {
  if (users.length === 1) return `user ${users[0]}`;
  if (users.length <= NAMED_USERS) return `users ${users.join(', ')}`;
  const [first, last] = [users.slice(0, 3).join(', '), users.slice(-2).join(', ')];
  return `users ${first} ... ${last} (${users.length} of them)`;
}

/** One way to come, without a name in it; follows "joined". */
export function wayWords(origin: Origin): string {
  return originWords(origin, WORDING);
}

/** At most so many uses. */
export function limitWords(limit: number | null): string {
  return limit === null ? 'any number of times' : `up to ${countWords(limit, 'time')}`;
}
