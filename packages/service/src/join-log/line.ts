import type { Attribution, UserId } from 'wherefrom';
import { escapeName } from './escape.ts';
import type { JoinFacts, LeaveFacts, LineFacts } from './facts.ts';
import { candidateWords, codeOf, originLabel, originWords, type Wording } from './origin-words.ts';
import { ASSUMPTION_WORDS, countWords, durationWords, REMOVAL_WORDS } from './words.ts';

/** An account younger than this when it joined is flagged. */
const YOUNG_ACCOUNT_MS = 7 * 86_400_000;
/** A join told later than this carries its time: that of the message would mislead. */
const LATE_MS = 60_000;
/** Found only afterwards: the event of the join never came. */
const AWAY = 'while the bot was away';
const DISCORD_EPOCH_MS = 1_420_070_400_000;
const SHORT_CODES = 3;

/** One line in three lengths: all of it, what a raid leaves room for, and the least that is honest. */
export interface LineTexts {
  readonly full: string;
  readonly short: string;
  /** At most 52 characters, whatever the facts. */
  readonly bare: string;
}

/**
 * Words one line of the join log. It stands alone or in a digest, mentions the member, pings
 * nobody, and holds no line break.
 */
export function composeLine(
  facts: LineFacts,
  nameOf: (userId: UserId) => string | null,
): LineTexts {
  const wording: Wording = { concealed: facts.concealed, nameOf };
  const name = facts.name ?? nameOf(facts.userId);
  const member = `<@${facts.userId}> ${name === null ? `(${facts.userId})` : `**${escapeName(name)}**`}`;
  switch (facts.kind) {
    case 'join':
      return {
        full: `${member} ${joinWords(facts, wording)}`,
        short: `${member} ${shortJoin(facts, wording)}`,
        bare: `<@${facts.userId}> ${bareOrigin(facts.attribution, wording)}`,
      };
    case 'leave':
      return {
        full: `${member} ${leaveWords(facts, wording)}`,
        short: `${member} ${goneWords(facts)}`,
        bare: `<@${facts.userId}> ${goneWords(facts)}`,
      };
  }
}

function joinWords(facts: JoinFacts, wording: Wording): string {
  const { attribution } = facts;
  const how = howWords(attribution, wording);
  return [
    `joined ${how}`,
    ...usesWords(attribution),
    ...certaintyWords(attribution),
    ...flags(facts),
  ].join(' · ');
}

function howWords(attribution: Attribution, wording: Wording): string {
  if (attribution.origin !== null) return originWords(attribution.origin, wording);
  if (attribution.candidates.length === 0) return '(source unknown)';
  return candidateWords(attribution, wording);
}

function usesWords(attribution: Attribution): readonly string[] {
  const { origin } = attribution;
  if (origin === null || codeOf(origin) === null) return [];
  const code = codeOf(origin);
  const uses = attribution.candidates.find((candidate) => codeOf(candidate.origin) === code)?.uses;
  return uses === undefined || uses === null ? [] : [`${countWords(uses, 'use')} so far`];
}

function certaintyWords(attribution: Attribution): readonly string[] {
  switch (attribution.certainty) {
    case 'reported':
      return attribution.origin?.kind === 'bot' ? [] : ["from Discord's own record"];
    case 'likely':
      return [likelyWords(attribution)];
    case 'ambiguous':
      return ['ambiguous'];
    case 'certain':
    case 'unknown':
      return [];
  }
}

function likelyWords(attribution: Attribution): string {
  const assumed = attribution.assumptions.map((name) => ASSUMPTION_WORDS[name]);
  if (assumed.length > 0) return `likely, assuming that ${assumed.join(', and that ')}`;
  return attribution.origin?.kind === 'no-invite' ? 'likely, because no count moved' : 'likely';
}

function flags(facts: JoinFacts): readonly string[] {
  const { joinedAt, seenAt } = facts.attribution;
  const ageMs = joinedAt - createdAt(facts.userId);
  const words: string[] = [];
  if (facts.attribution.whileAway) words.push(AWAY);
  if (facts.returning) words.push('returning');
  if (ageMs < YOUNG_ACCOUNT_MS)
    words.push(`young account (${durationWords(Math.max(ageMs, 0))} old)`);
  if (seenAt - joinedAt > LATE_MS) words.push(`joined <t:${Math.floor(joinedAt / 1000)}:f>`);
  return words;
}

function leaveWords(facts: LeaveFacts, wording: Wording): string {
  const stayed =
    facts.joinedAt === null ? '' : ` after ${durationWords(facts.leftAt - facts.joinedAt)}`;
  return `${goneWords(facts)}${stayed} · ${cameWords(facts.attribution, wording)}`;
}

function goneWords(facts: LeaveFacts): string {
  return facts.removal === null ? 'left' : REMOVAL_WORDS[facts.removal];
}

function cameWords(attribution: Attribution | null, wording: Wording): string {
  if (attribution === null) return 'no record of how they had come';
  const likely = attribution.certainty === 'likely' ? 'probably ' : '';
  return `had ${likely}joined ${howWords(attribution, wording)}`;
}

function shortJoin(facts: JoinFacts, wording: Wording): string {
  const { attribution } = facts;
  const likely = attribution.certainty === 'likely' ? ' (likely)' : '';
  const away = attribution.whileAway ? ` · ${AWAY}` : '';
  const returning = facts.returning ? ' · returning' : '';
  return `joined: ${shortOrigin(attribution, wording)}${likely}${away}${returning}`;
}

function shortOrigin(attribution: Attribution, wording: Wording): string {
  if (attribution.origin !== null) return originLabel(attribution.origin, wording);
  if (attribution.candidates.length === 0) return 'source unknown';
  const labels = attribution.candidates.map((candidate) => originLabel(candidate.origin, wording));
  const more = labels.length - SHORT_CODES;
  return `${labels.slice(0, SHORT_CODES).join(' or ')}${more > 0 ? ` + ${more} more` : ''}`;
}

function bareOrigin(attribution: Attribution, wording: Wording): string {
  const { origin, candidates } = attribution;
  if (origin === null) {
    return candidates.length === 0 ? 'source unknown' : `one of ${candidates.length} origins`;
  }
  const label = originLabel(origin, wording);
  return label.length <= 28 ? label : 'joined';
}

function createdAt(userId: UserId): number {
  return Number(BigInt(userId) >> 22n) + DISCORD_EPOCH_MS;
}
