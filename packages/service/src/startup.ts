import {
  type ApplicationReading,
  applicationFromPayload,
  profileFromPayload,
  type SearchMode,
  type UserId,
} from 'wherefrom';
import type { DiscordRest, RestAnswer, RestRequest } from './rest/discord-rest.ts';
import { ServiceError } from './service-error.ts';

/** Who the token belongs to. */
export interface BotIdentity {
  /** Null if Discord's answer does not say. */
  readonly userId: UserId | null;
  readonly name: string;
  readonly application: ApplicationReading;
}

/**
 * Asks Discord who we are and whether we may see members join, before anything is connected:
 * what is wrong then has a plain name, and no identify is spent on it.
 * @throws ServiceError `token-refused`, `intent-missing` or `api-unreachable`
 */
export async function identifyBot(rest: DiscordRest, apiUrl: string): Promise<BotIdentity> {
  const me = await asked(rest, '/users/@me', apiUrl);
  const found = applicationFromPayload(await asked(rest, '/applications/@me', apiUrl));
  if (found.kind === 'malformed') throw strange(apiUrl, '/applications/@me');
  const application = found.value;
  if (!application.membersIntent) {
    throw new ServiceError(
      'intent-missing',
      `The Server Members Intent of the application ${application.name} is switched off.`,
    );
  }
  const profile = profileFromPayload(me);
  const name = profile?.username ?? application.name;
  return { userId: profile?.userId ?? null, name, application };
}

async function asked(
  rest: DiscordRest,
  path: RestRequest['path'],
  apiUrl: string,
): Promise<unknown> {
  const answer = await rest.request({ method: 'GET', path, probe: true });
  if (answer.kind !== 'answered') throw failure(answer, apiUrl, path);
  return answer.body;
}

function failure(
  answer: Exclude<RestAnswer, { readonly kind: 'answered' }>,
  apiUrl: string,
  path: string,
): ServiceError {
  switch (answer.kind) {
    case 'token-refused':
      return new ServiceError('token-refused', `${apiUrl} answered 401 to GET ${path}.`);
    case 'refused':
      return new ServiceError(
        'api-unreachable',
        `${apiUrl} answered ${answer.status} to GET ${path}.`,
      );
    case 'rate-limited':
      return new ServiceError(
        'api-unreachable',
        `${apiUrl} asks us to wait (429) before GET ${path}.`,
      );
    case 'unreachable':
      return new ServiceError('api-unreachable', `${apiUrl} gave no usable answer to GET ${path}.`);
  }
}

function strange(apiUrl: string, path: string): ServiceError {
  return new ServiceError(
    'api-unreachable',
    `${apiUrl} answered GET ${path} with something strange.`,
  );
}

/** Said at the first run, in one sentence: what member search is, and whose choice it is. */
export function memberSearchText(mode: SearchMode): string {
  const state = mode === 'off' ? 'off' : `on (MEMBER_SEARCH=${mode})`;
  return (
    `Member search is ${state}: it asks Discord's own record how a member came, over an endpoint ` +
    'that Discord neither documents nor promises and may withdraw at any time, so switching it ' +
    'on (MEMBER_SEARCH=ambiguous or always) is the choice of whoever runs this bot.'
  );
}

const INVITE = 'https://discord.com/oauth2/authorize';

/**
 * The link that adds the bot to a guild with no more permissions than it needs, and the variants.
 * 52400 is Manage Channels, Manage Server, View Audit Log, View Channel, Send Messages, Embed Links
 * and Attach Files.
 */
export function inviteText(applicationId: string): string {
  const link = (permissions: number) =>
    `${INVITE}?client_id=${applicationId}&scope=bot%20applications.commands&permissions=${permissions}`;
  return [
    `Add the bot to a server: ${link(52_400)}`,
    '  Other permissions: 52401 if it shall make links (Create Invite), 268487857 if it shall also ' +
      'give roles (Manage Roles), 52384 without Manage Channels: then Discord tells nothing of ' +
      'invites made or ended between two joins, and a link used once only may stay unknown.',
  ].join('\n');
}
