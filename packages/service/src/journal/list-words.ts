import type { GuildState, InviteReading, Observation } from 'wherefrom';
import { escapeCode } from '../join-log/escape.ts';
import { countWords } from '../join-log/words.ts';
import { lengthText, type Times } from './times.ts';

type InvitesRead = Extract<Observation, { readonly kind: 'invites' }>;

/** So many codes of a list are told one by one. */
const LISTED = 12;

/** A list is told by what moved in it. */
export function listWords(list: InvitesRead, before: GuildState, times: Times): string {
  const asked = `asked for at ${times.at(list.requestedAt)}, answered ${lengthText(list.at - list.requestedAt)} later`;
  const hole = list.complete ? '' : ', incomplete: what it lacks may be there all the same';
  const moved = movedCodes(list, before).map(({ words }) => words);
  const more = moved.length > LISTED ? ` and ${moved.length - LISTED} more` : '';
  const what = moved.length === 0 ? 'no count moved' : moved.slice(0, LISTED).join(', ') + more;
  return `the invite list (${countWords(list.invites.length, 'invite')}, ${asked}${hole}): ${what}`;
}

/** The codes whose reading tells something new, and what. */
export function movedCodes(
  list: InvitesRead,
  { invites, rest }: GuildState,
): readonly { readonly code: string; readonly words: string }[] {
  const shown = new Set(list.invites.map(({ code }) => code));
  const first = rest.listedAt === null;
  const moved = list.invites.flatMap((reading) => {
    const { code, uses } = reading;
    const known = invites.get(code);
    const words = escapeCode(code);
    if (known === undefined)
      return [{ code, words: `${first ? '' : 'new: '}${readingWords(reading)}` }];
    if (uses === null) return [{ code, words: `${words} without a count` }];
    return uses === known.uses ? [] : [{ code, words: `${words} ${known.uses ?? '?'} -> ${uses}` }];
  });
  const missing = [...invites.keys()].filter((code) => !shown.has(code));
  return [...moved, ...missing.map((code) => ({ code, words: `${escapeCode(code)} is missing` }))];
}

function readingWords({ code, uses, maxUses }: InviteReading): string {
  const limit = maxUses === 0 ? '' : ` of ${maxUses}`;
  return `${escapeCode(code)} ${uses ?? '?'}${limit}`;
}
