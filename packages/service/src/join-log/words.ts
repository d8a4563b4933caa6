import type { AssumptionName, UnknownReason } from 'wherefrom';
import type { Removal } from '../ports.ts';

/** What a `likely` answer assumes; follows "assuming that". */
export const ASSUMPTION_WORDS: Readonly<Record<AssumptionName, string>> = {
  'no-lag': 'its count showed at once',
  'used-up': 'the vanished invite had reached its limit',
  'surplus-is-not-theirs': 'a use that nobody else took is not theirs',
  'nobody-unseen': 'nobody joined unseen while the bot was away',
  'role-from-invite': 'the role they arrived with came from the invite',
  A1: 'no join went unseen, as one did here this week',
  A2: 'the join was told in time, as one was not here this week',
  A3: 'the use was counted in time, as one was not here this week',
  A4: 'only joins raise counts, which failed here this week',
  A5: 'each join raises one count, which failed here this week',
  A6: 'the clocks agree, which they did not here this week',
};

/** Why nothing can be said; follows "source unknown:". */
export const UNKNOWN_WORDS: Readonly<Record<UnknownReason, string>> = {
  'no-permission': 'without Manage Server the bot cannot read invite counts',
  'no-baseline': 'the bot had not read the invite counts before',
  gap: 'the bot was not connected then',
  'lookup-failed': 'Discord gave no invite counts',
  'over-budget': 'too many requests at that moment',
  'no-record': 'they joined before the bot, and Discord has no record',
  imported: 'the imported record does not say',
};

export const REMOVAL_WORDS: Readonly<Record<Removal, string>> = {
  kicked: 'was kicked',
  banned: 'was banned',
  pruned: 'was pruned',
};

const UNITS = [
  { name: 'year', ms: 365 * 86_400_000 },
  { name: 'day', ms: 86_400_000 },
  { name: 'hour', ms: 3_600_000 },
  { name: 'minute', ms: 60_000 },
  { name: 'second', ms: 1_000 },
] as const;

/** A length of time in its two largest units: "3 days 4 hours". */
export function durationWords(ms: number): string {
  const first = UNITS.findIndex((unit) => ms >= unit.ms);
  if (first === -1) return 'less than a second';
  let rest = ms;
  const parts = UNITS.slice(first, first + 2).map((unit) => {
    const count = Math.floor(rest / unit.ms);
    rest -= count * unit.ms;
    return count === 0 ? '' : countWords(count, unit.name);
  });
  return parts.filter((part) => part !== '').join(' ');
}

/** "1 use", "2 uses". */
export function countWords(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
