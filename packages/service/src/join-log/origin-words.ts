import type { Attribution, InviteCode, Origin, UserId } from 'wherefrom';
import { escapeCode, escapeName } from './escape.ts';
import { UNKNOWN_WORDS } from './words.ts';

/** Beyond this many a list of codes ends in "+ n more". */
const LISTED_CODES = 25;
/** Up to this many candidates are shown with their inviters. */
const WITH_INVITERS = 5;

/** What the wording needs besides the attribution. */
export interface Wording {
  readonly concealed: readonly InviteCode[];
  readonly nameOf: (userId: UserId) => string | null;
}

/** The code that an origin names, or null. */
export function codeOf(origin: Origin): InviteCode | null {
  switch (origin.kind) {
    case 'invite':
    case 'vanity':
    case 'application':
      return origin.code;
    default:
      return null;
  }
}

/** Inline code; a code that opens roles shows only its beginning where everyone reads along. */
export function codeWords(code: InviteCode, concealed: readonly InviteCode[]): string {
  if (!concealed.includes(code)) return escapeCode(code);
  return `${escapeCode(code.slice(0, 2))}… (hidden in a public channel)`;
}

/** A person by name and id, as text: never a mention, so nobody is called for an invite. */
export function personWords(userId: UserId, wording: Wording): string {
  const name = wording.nameOf(userId);
  return name === null ? `user ${userId}` : `**${escapeName(name)}** (${userId})`;
}

/** How they came, one origin; follows "joined" or "had joined". */
export function originWords(origin: Origin, wording: Wording): string {
  switch (origin.kind) {
    case 'invite':
      return `with ${codeWords(origin.code, wording.concealed)} ${inviterWords(origin.inviterId, wording)}`;
    case 'vanity':
      return `with the vanity link ${escapeCode(origin.code)}`;
    case 'bot':
      return origin.adderId === null
        ? 'as a bot, added by somebody the audit log does not name'
        : `as a bot added by ${personWords(origin.adderId, wording)}`;
    case 'application':
      return origin.code === null
        ? 'by an approved request, code unknown'
        : `by an approved request with ${codeWords(origin.code, wording.concealed)}`;
    case 'no-invite':
      return 'without an invite that Discord counts (Server Discovery, an app, a hub or an integration)';
    case 'discovery':
      return 'through Server Discovery';
    case 'hub':
      return 'through a student hub';
    case 'integration':
      return 'through an integration (Twitch, YouTube)';
    case 'oauth':
      return 'through an app that added them (OAuth2)';
    case 'lobby':
      return 'through a game lobby';
    case 'other':
      return `in a way that Discord numbers ${origin.type}`;
    case 'unknown':
      return `(source unknown: ${UNKNOWN_WORDS[origin.reason]})`;
  }
}

/** The origins still possible, each code named; follows "joined". */
export function candidateWords(attribution: Attribution, wording: Wording): string {
  const origins = attribution.candidates.map((candidate) => candidate.origin);
  const detailed = origins.length <= WITH_INVITERS;
  const listed = origins
    .slice(0, LISTED_CODES)
    .map((origin) => (detailed ? originWords(origin, wording) : originLabel(origin, wording)));
  const more = origins.length - listed.length;
  const lead = detailed ? '' : 'with one of ';
  const text = `${lead}${listed.join(detailed ? ', or ' : ', ')}${more > 0 ? ` + ${more} more` : ''}`;
  return `${text}${groupWords(attribution, wording)}`;
}

/** The shortest name of an origin: its code, or a word or two. */
export function originLabel(origin: Origin, wording: Pick<Wording, 'concealed'>): string {
  const code = codeOf(origin);
  if (origin.kind === 'vanity') return `vanity ${escapeCode(origin.code)}`;
  if (code !== null) return codeWords(code, wording.concealed);
  switch (origin.kind) {
    case 'unknown':
      return 'source unknown';
    case 'no-invite':
      return 'no counted invite';
    case 'application':
      return 'approved request';
    default:
      return origin.kind;
  }
}

function inviterWords(inviterId: UserId | null, wording: Wording): string {
  return inviterId === null
    ? '(Discord names no inviter)'
    : `by ${personWords(inviterId, wording)}`;
}

/** " (among these 3: 2 x A, 1 x B)" */
function groupWords(attribution: Attribution, wording: Wording): string {
  const { group } = attribution;
  if (group === null || group.size < 2) return '';
  const sums = group.sums
    .slice(0, LISTED_CODES)
    .map((sum) => `${sum.uses} x ${originLabel(sum.origin, wording)}`);
  const counted = group.sums.reduce((sum, { uses }) => sum + uses, 0);
  if (group.sums.length > sums.length) sums.push('more');
  if (counted < group.size) sums.push(`${group.size - counted} x no count`);
  return ` (among these ${group.size}: ${sums.join(', ')})`;
}
