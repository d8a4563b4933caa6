import { userPayload } from '../world/payloads.ts';
import { ok, type Reply } from './reply.ts';
import type { RestRequest, Route } from './route.ts';

/** The gateway's address, the bot and its application. */
export const applicationRoutes: readonly Route[] = [
  {
    method: 'GET',
    template: '/gateway',
    handle: ({ sessionStart }) => ok({ url: sessionStart.url }),
  },
  { method: 'GET', template: '/gateway/bot', handle: gatewayBot },
  {
    method: 'GET',
    template: '/users/@me',
    handle: ({ world }) => ok({ ...userPayload(world.bot), flags: 0 }),
  },
  { method: 'GET', template: '/applications/@me', handle: application },
  { method: 'GET', template: '/oauth2/applications/@me', handle: application },
];

const DAILY_IDENTIFIES = 1000;
const DAY_MS = 86_400_000;

function gatewayBot({ sessionStart }: RestRequest): Reply {
  return ok({
    url: sessionStart.url,
    shards: sessionStart.shards,
    session_start_limit: {
      total: DAILY_IDENTIFIES,
      remaining: Math.max(0, sessionStart.identifiesLeft),
      reset_after: DAY_MS,
      max_concurrency: sessionStart.maxConcurrency,
    },
  });
}

function application({ world }: RestRequest): Reply {
  return ok({
    id: world.applicationId,
    name: world.bot.username,
    icon: null,
    description: '',
    bot_public: true,
    bot_require_code_grant: false,
    flags: world.applicationFlags,
    verify_key: '0'.repeat(64),
    team: null,
    owner: null,
    approximate_guild_count: world.guilds.size,
    bot: userPayload(world.bot),
  });
}
