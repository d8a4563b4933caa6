import type { GuildState, InviteReading, KnownMember, Observation } from 'wherefrom';
import { escapeCode } from '../join-log/escape.ts';
import { countWords } from '../join-log/words.ts';
import { lengthText, type Times } from './times.ts';

type Of<Kind extends Observation['kind']> = Extract<Observation, { readonly kind: Kind }>;

/** So many codes of a list are told one by one. */
const LISTED = 12;

const GAP_WORDS: Readonly<Record<Of<'gap'>['cause'], string>> = {
  'first-start': 'the bot was new here',
  restart: 'the bot was restarted',
  'session-lost': 'the session could not be resumed',
  outage: 'the server was out of reach',
  removed: 'the bot was removed and invited again',
  clock: 'a clock was wrong',
};

const FAILURE_WORDS: Readonly<Record<Of<'lookup-failed'>['failure'], string>> = {
  refused: 'Discord refused it (403)',
  unavailable: 'no usable answer came',
  'over-budget': 'it could not be sent in time',
};

/** Why nothing was heard for a while. */
export function gapWords(cause: Of<'gap'>['cause']): string {
  return GAP_WORDS[cause];
}

/** What was observed, in words. `before` is what was known then: a list is told by what moved. */
export function observationWords(
  observation: Observation,
  before: GuildState,
  times: Times,
): string {
  switch (observation.kind) {
    case 'join':
      return joinWords(observation, times);
    case 'leave':
      return `user ${observation.userId} left`;
    case 'invites':
      return listWords(observation, before, times);
    case 'vanity':
      return vanityWords(observation, before, times);
    case 'lookup-failed':
      return `the ${observation.what === 'vanity' ? 'vanity counter' : 'invite list'} could not be read: ${FAILURE_WORDS[observation.failure]}`;
    case 'targets':
      return targetWords(observation);
    case 'invite-created':
      return createdWords(observation.invite, times);
    case 'invite-deleted':
      return `${escapeCode(observation.code)} is gone (INVITE_DELETE does not say why)`;
    case 'invite-revoked':
      return revokedWords(observation, times);
    case 'channel-deleted':
      return `channel ${observation.channelId} was deleted, and its invites with it`;
    case 'bot-added':
      return `the audit log: the bot ${observation.botId} was added by ${observation.adderId === null ? 'somebody it does not name' : `user ${observation.adderId}`}`;
    case 'access':
      return `permissions: counts ${can(observation.counts)} be read, the audit log ${can(observation.auditLog)} be heard`;
    case 'guild':
      return guildWords(observation);
    case 'gap':
      return `nothing was heard from ${times.at(observation.from)} to ${times.at(observation.to)}: ${gapWords(observation.cause)}`;
    case 'session':
      return observation.state === 'lost'
        ? 'the connection broke; events are held back until it resumes'
        : 'the connection resumed; all that was held back has come';
    case 'member-seen':
      return `an update names user ${observation.userId} as a member since ${times.at(observation.joinedAt)}${memberWords(observation.member, times)}`;
    case 'clock-doubted':
      return 'a clock turned out to be wrong: no time before this can be compared with one after it';
    case 'time':
      return 'time passed, as long as the engine had asked for';
  }
}

function can(may: boolean): string {
  return may ? 'can' : 'cannot';
}

function joinWords(join: Of<'join'>, times: Times): string {
  const who = `${join.bot ? 'the bot' : 'user'} ${join.userId}`;
  const joined =
    join.joinedAt === null
      ? `${who} came without a time of joining`
      : `${who} joined at ${times.at(join.joinedAt)}, told ${lengthText(join.at - join.joinedAt)} later`;
  const roles = join.roleIds.length === 0 ? '' : `, with ${rolesWords(join.roleIds)}`;
  const flags = `${join.guest ? ', a voice guest' : ''}${join.replayed ? ', replayed after a resume' : ''}`;
  return `${joined}${roles}${flags}${memberWords(join.member, times)}`;
}

function memberWords(member: KnownMember | null, times: Times): string {
  if (member === null) return '';
  const still = member.present ? 'not seen leaving' : 'left since';
  return ` (known: joined at ${times.at(member.joinedAt)}, ${still})`;
}

function rolesWords(roleIds: readonly string[]): string {
  return `${roleIds.length === 1 ? 'role' : 'roles'} ${roleIds.join(', ')}`;
}

function listWords(list: Of<'invites'>, before: GuildState, times: Times): string {
  const asked = `asked for at ${times.at(list.requestedAt)}, answered ${lengthText(list.at - list.requestedAt)} later`;
  const hole = list.complete ? '' : ', incomplete: what it lacks may be there all the same';
  const moved = movedCodes(list, before).map(({ words }) => words);
  const more = moved.length > LISTED ? ` and ${moved.length - LISTED} more` : '';
  const what = moved.length === 0 ? 'no count moved' : moved.slice(0, LISTED).join(', ') + more;
  return `the invite list (${countWords(list.invites.length, 'invite')}, ${asked}${hole}): ${what}`;
}

/** The codes whose reading tells something new, and what. */
export function movedCodes(
  list: Of<'invites'>,
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

function vanityWords(reading: Of<'vanity'>, { rest }: GuildState, times: Times): string {
  const asked = `asked for at ${times.at(reading.requestedAt)}, answered ${lengthText(reading.at - reading.requestedAt)} later`;
  if (reading.code === null) return `the vanity counter (${asked}): an empty answer`;
  const known = rest.vanity.code === reading.code ? rest.vanity.uses : null;
  const uses = reading.uses ?? '?';
  const moved = known === null || known === reading.uses ? uses : `${known} -> ${uses}`;
  return `the vanity counter (${asked}): ${escapeCode(reading.code)} ${moved}`;
}

function targetWords({ code, userIds }: Of<'targets'>): string {
  const who = `who may accept ${escapeCode(code)}`;
  if (userIds === null) return `${who} could not be read`;
  const named = userIds.slice(0, LISTED).join(', ');
  const more = userIds.length > LISTED ? ` and ${userIds.length - LISTED} more` : '';
  return `${who}: ${countWords(userIds.length, 'user')}${named === '' ? '' : ` (${named}${more})`}`;
}

function createdWords(invite: InviteReading, times: Times): string {
  const by = invite.inviterId === null ? '' : ` by user ${invite.inviterId}`;
  const parts = [
    ...(invite.maxUses === 0 ? [] : [`for ${countWords(invite.maxUses, 'use')}`]),
    ...(invite.expiresAt === null ? [] : [`until ${times.at(invite.expiresAt)}`]),
    ...(invite.roleIds.length === 0 ? [] : [`gives ${rolesWords(invite.roleIds)}`]),
    ...(invite.targeted ? ['for listed people'] : []),
    ...(invite.bypass ? ['skips the approval'] : []),
  ];
  return [`${escapeCode(invite.code)} was made${by}`, ...parts].join(', ');
}

function revokedWords(revoked: Of<'invite-revoked'>, times: Times): string {
  const uses = revoked.uses === null ? 'its count not told' : `its last count ${revoked.uses}`;
  return `the audit log: ${escapeCode(revoked.code)} was deleted at ${times.at(revoked.revokedAt)}, ${uses}`;
}

function guildWords({ vanityCode, manualApproval }: Of<'guild'>): string {
  const vanity =
    vanityCode === null ? 'no vanity link' : `the vanity link ${escapeCode(vanityCode)}`;
  return `the server has ${vanity}${manualApproval ? ', and members join by approval' : ''}`;
}
