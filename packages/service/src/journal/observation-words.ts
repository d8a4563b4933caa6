import type { GuildState, InviteReading, KnownMember, Observation } from 'wherefrom';
import { escapeCode } from '../join-log/escape.ts';
import { countWords } from '../join-log/words.ts';
import { listWords } from './list-words.ts';
import { lengthText, type Times } from './times.ts';
import { GAP_WORDS, wayWords, whoWords } from './words.ts';

type Of<Kind extends Observation['kind']> = Extract<Observation, { readonly kind: Kind }>;

/** So many codes of a list are told one by one. */
const LISTED = 12;

const LOOKUP_WORDS: Readonly<Record<Of<'lookup-failed'>['what'], string>> = {
  invites: 'the invite list',
  vanity: 'the vanity counter',
  members: 'a page of the member list',
};

const SEARCH_FAILURE_WORDS: Readonly<Record<Of<'search-failed'>['failure'], string>> = {
  refused: 'Discord refuses it here (403)',
  withdrawn: 'it is not to be asked by this bot for now',
  'not-indexed': 'it is not ready yet (202)',
  unavailable: 'no usable answer came',
};

const SEARCH_WORDS: Readonly<Record<NonNullable<Of<'access'>['search']>, string>> = {
  off: '',
  ambiguous: ", Discord's own record is asked for joins that the counts leave open",
  always: ", Discord's own record is asked for every join",
};

const FAILURE_WORDS: Readonly<Record<Of<'lookup-failed'>['failure'], string>> = {
  refused: 'Discord refused it (403)',
  unavailable: 'no usable answer came',
  'over-budget': 'it could not be sent in time',
};

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
      return `${LOOKUP_WORDS[observation.what]} could not be read: ${FAILURE_WORDS[observation.failure]}`;
    case 'targets':
      return targetWords(observation);
    case 'members':
      return pageWords(observation, times);
    case 'searched':
      return searchWords(observation);
    case 'search-failed':
      return failedSearchWords(observation, times);
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
      return accessWords(observation);
    case 'guild':
      return guildWords(observation);
    case 'gap':
      return `nothing was heard from ${times.at(observation.from)} to ${times.at(observation.to)}: ${GAP_WORDS[observation.cause]}${observation.turnover === true ? '; the number of members is another now' : ''}`;
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

function accessWords({ counts, auditLog, search = 'off' }: Of<'access'>): string {
  return `permissions: counts ${can(counts)} be read, the audit log ${can(auditLog)} be heard${SEARCH_WORDS[search]}`;
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

function pageWords(page: Of<'members'>, times: Times): string {
  const { after, members, next, since, until } = page;
  const place = after === null ? 'its first page' : `the page after ${after}`;
  const found = members.slice(0, LISTED).map(({ userId, bot }) => `${bot ? 'bot ' : ''}${userId}`);
  const more = members.length > LISTED ? ` and ${members.length - LISTED} more` : '';
  const who = members.length === 0 ? 'nobody' : `${found.join(', ')}${more}`;
  const end = next === null ? 'that was the last' : `the next begins after ${next}`;
  return `the member list, ${place}, for who joined from ${times.at(since)} to ${times.at(until)}: ${who}; ${end}`;
}

function searchWords({ asked, hits }: Of<'searched'>): string {
  const told = hits.slice(0, LISTED).map(({ userId, origin }) => {
    return `user ${userId} ${origin === null ? 'without a source' : wayWords(origin)}`;
  });
  const silent = asked.filter((userId) => !hits.some((hit) => hit.userId === userId));
  const rest = silent.length === 0 ? [] : [`nothing yet of ${whoWords(silent)}`];
  return `Discord's own record: ${[...told, ...rest].join('; ')}`;
}

function failedSearchWords({ failure, retryAt }: Of<'search-failed'>, times: Times): string {
  const again = retryAt === null ? '' : `, asked again from ${times.at(retryAt)} on`;
  return `Discord's own record gave nothing: ${SEARCH_FAILURE_WORDS[failure]}${again}`;
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
