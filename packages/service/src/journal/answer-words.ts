import type { Attribution, Evidence, Note, Origin, VanishReason } from 'wherefrom';
import { escapeCode } from '../join-log/escape.ts';
import { candidateWords } from '../join-log/origin-words.ts';
import { ASSUMPTION_WORDS, countWords, UNKNOWN_WORDS } from '../join-log/words.ts';
import type { Times } from './times.ts';
import { GAP_WORDS, limitWords, WORDING, wayWords, whoWords } from './words.ts';

const VANISHED_WORDS: Readonly<Record<VanishReason, string>> = {
  'used-up': 'its limit was reached, as the audit log tells of no other end',
  revoked: 'the audit log tells that it was deleted',
  expired: 'it had expired',
  'channel-deleted': 'its channel was deleted',
  unexplained: 'nothing tells why',
};

/** How they came and how sure that is, without the evidence. `alike`: all of whom that holds. */
export function answerWords(answer: Attribution, alike = [answer]): string {
  const users = alike.map(({ userId }) => userId);
  const who = answer.origin?.kind === 'bot' ? `the bot ${answer.userId}` : whoWords(users);
  const uses = usesOf(answer);
  return [
    `${who} joined ${howWords(answer)}`,
    ...(uses === null ? [] : [`${countWords(uses, 'use')} so far`]),
    certaintyWords(answer),
    ...(answer.whileAway ? ['while the bot was away'] : []),
    answer.settled ? 'settled' : 'may still change',
  ].join(' · ');
}

/** Answers that differ in nothing but the member, together. */
export function alikeAnswers(answers: readonly Attribution[]): readonly Attribution[][] {
  const together = Map.groupBy(answers, ({ userId, joinedAt: _, seenAt: __, ...conclusion }) =>
    JSON.stringify([conclusion.origin?.kind === 'bot' ? userId : '', conclusion]),
  );
  return [...together.values()];
}

function howWords(answer: Attribution): string {
  if (answer.origin !== null) return wayWords(answer.origin);
  return answer.candidates.length === 0 ? '(source unknown)' : candidateWords(answer, WORDING);
}

function usesOf({ origin, candidates }: Attribution): number | null {
  if (origin === null) return null;
  return candidates.find((each) => sameOrigin(each.origin, origin))?.uses ?? null;
}

function sameOrigin(one: Origin, other: Origin): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function certaintyWords({ certainty, assumptions }: Attribution): string {
  if (assumptions.length === 0) return certainty;
  const assumed = assumptions.map((name) => ASSUMPTION_WORDS[name]);
  return `${certainty}, assuming that ${assumed.join(', and that ')}`;
}

/** One piece of evidence; follows "because". */
export function evidenceWords(evidence: Evidence, times: Times): string {
  switch (evidence.kind) {
    case 'counted': {
      const { code, fromUses, toUses, from, to } = evidence;
      return `${escapeCode(code)} rose from ${fromUses} to ${toUses} between ${times.at(from)} and ${times.at(to)}`;
    }
    case 'vanished':
      return `${escapeCode(evidence.code)} was gone by ${times.at(evidence.at)}: ${VANISHED_WORDS[evidence.why]}`;
    case 'possible':
      return `${escapeCode(evidence.code)} may have been used ${limitWords(evidence.limit)}, which no reading tells`;
    case 'nothing-counted':
      return `no count that could be theirs moved in ${countWords(evidence.lists, 'list')} and ${countWords(evidence.vanityReadings, 'vanity reading')} after they came`;
    case 'unclaimed':
      return `${countWords(evidence.uses, 'use')} of ${escapeCode(evidence.code)} belongs to nobody who is known`;
    case 'others':
      return `${countWords(evidence.joins, 'other join')} may have made the same uses`;
    case 'excluded':
      return `${escapeCode(evidence.code)} is for listed people, and they are not among them`;
    case 'gap':
      return `nothing was heard from ${times.at(evidence.from)} to ${times.at(evidence.to)} (${GAP_WORDS[evidence.cause]}), so somebody may have joined unseen`;
    case 'bot':
      return evidence.adderId === null
        ? 'bots use no invites, and the audit log does not name who added it'
        : `bots use no invites, and the audit log names user ${evidence.adderId}`;
    case 'failed':
      return UNKNOWN_WORDS[evidence.reason];
    case 'reported': {
      const { origin, certainty } = evidence.inferred;
      const before = origin === null ? certainty : `${certainty}, ${wayWords(origin)}`;
      return `Discord's own record, read by ${times.at(evidence.at)}, says ${wayWords(evidence.origin)} (before it: ${before})`;
    }
  }
}

/** What Health counts, told as it happens. */
export function noteWords(note: Note): string {
  switch (note.kind) {
    case 'refuted':
      return `${note.assumption} is refuted: for a week nothing here is certain that leans on it`;
    case 'reopened':
      return `the settled answer of user ${note.userId} is open again`;
    case 'repeat':
      return `not a join: user ${note.userId} is here already`;
    case 'repair':
      return `not a join: Discord repairs an old membership of user ${note.userId}`;
    case 'guest':
      return `not a join: ${note.userId} is a guest`;
    case 'unclaimed':
      return `${countWords(note.uses, 'use')} of ${escapeCode(note.code)} stays unclaimed`;
    case 'count-fell':
      return `the count of ${escapeCode(note.code)} fell: it is not believed yet`;
    case 'permission-lost':
      return 'the counts cannot be read any more';
    case 'permission-back':
      return 'the counts can be read again';
    case 'closed':
      return `${countWords(note.joins, 'join')} stayed open too long: their candidates stay as they are`;
    case 'swept': {
      const read = note.whole ? 'the member list was read' : 'the member list was read in part';
      return `${read}: ${countWords(note.found, 'member')} had joined unheard`;
    }
    case 'search-agreed':
      return `Discord's own record of user ${note.userId} says what had been certain`;
    case 'search-disagreed':
      return `Discord's own record of user ${note.userId} contradicts what had been certain`;
    case 'search-refused':
      return "Discord's own record may not be read";
    case 'search-withdrawn':
      return "Discord's own record is not asked for now";
  }
}
