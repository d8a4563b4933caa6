import { type AuditEntry, auditPayload } from '../world/audit-log.ts';
import { listInvites, vanityUses } from '../world/invites.ts';
import { findMember, findUser, pageMembers } from '../world/members.ts';
import {
  channelPayload,
  guildPayload,
  invitePayload,
  memberPayload,
  rolePayload,
  userPayload,
} from '../world/payloads.ts';
import { compareSnowflakes, isSnowflake } from '../world/snowflake.ts';
import { type Guild, memberCount } from '../world/world.ts';
import { may, reachGuild, seesMembers } from './access.ts';
import { fail, formError, ok, type Reply } from './reply.ts';
import type { RestRequest, Route } from './route.ts';

/** What a guild shows of itself. */
export const guildRoutes: readonly Route[] = [
  route('/guilds/:guild', guild, ['with_counts']),
  route('/guilds/:guild/invites', invites),
  route('/guilds/:guild/vanity-url', vanity),
  route('/guilds/:guild/members', members, ['limit', 'after']),
  route('/guilds/:guild/members/:user', member),
  route('/guilds/:guild/audit-logs', auditLog, [
    'user_id',
    'action_type',
    'before',
    'after',
    'limit',
  ]),
  route('/guilds/:guild/channels', (_, found) =>
    ok([...found.channels.values()].map(channelPayload)),
  ),
  route('/guilds/:guild/roles', (_, found) => ok([...found.roles.values()].map(rolePayload))),
];

type InGuild = (request: RestRequest, guild: Guild) => Reply;

function route(template: string, answer: InGuild, query: readonly string[] = []): Route {
  const handle = (request: RestRequest): Reply => {
    const reached = reachGuild(request);
    return 'refused' in reached ? reached.refused : answer(request, reached.guild);
  };
  return { method: 'GET', template, query, handle };
}

function guild(request: RestRequest, found: Guild): Reply {
  const counts = { approximate_member_count: memberCount(found), approximate_presence_count: 0 };
  return ok({
    ...guildPayload(found),
    ...(request.query.get('with_counts') === 'true' ? counts : {}),
  });
}

// Three modes (docs PR 7792): counts, a list without counts, or nothing.
function invites({ world, view }: RestRequest, found: Guild): Reply {
  const withCounts = may(world, found, 'MANAGE_GUILD');
  if (!withCounts && !may(world, found, 'VIEW_AUDIT_LOG')) return fail('missingPermissions');
  const listed = listInvites(found, view);
  return ok(
    listed.map(({ invite, uses }) => invitePayload(world, found, invite, withCounts ? uses : null)),
  );
}

function vanity({ world, view }: RestRequest, found: Guild): Reply {
  if (!may(world, found, 'MANAGE_GUILD')) return fail('missingPermissions');
  return ok({ code: found.vanity?.code ?? null, uses: vanityUses(found, view) });
}

function members({ world, query }: RestRequest, found: Guild): Reply {
  if (!seesMembers(world)) return fail('missingAccess');
  const limit = readLimit(query, 1, 1000);
  if (limit === null) return formError({ limit: 'int value should be between 1 and 1000.' });
  const after = query.get('after') ?? '0';
  if (!isSnowflake(after)) return formError({ after: `Value "${after}" is not snowflake.` });
  return ok(pageMembers(found, after, limit).map((entry) => memberPayload(entry)));
}

function member({ params }: RestRequest, found: Guild): Reply {
  const entry = findMember(found, params.user ?? '');
  return entry === null ? fail('unknownMember') : ok(memberPayload(entry));
}

function auditLog({ world, query }: RestRequest, found: Guild): Reply {
  if (!may(world, found, 'VIEW_AUDIT_LOG')) return fail('missingPermissions');
  const limit = readLimit(query, 50, 100);
  if (limit === null) return formError({ limit: 'int value should be between 1 and 100.' });
  const entries = selectAudit(found, query, limit);
  const userIds = new Set(entries.flatMap((entry) => [entry.userId, entry.targetId]));
  const users = [...userIds].flatMap((id) =>
    id === null ? [] : (findUser(world, found, id) ?? []),
  );
  return ok({
    audit_log_entries: entries.map(auditPayload),
    users: users.map(userPayload),
    application_commands: [],
    auto_moderation_rules: [],
    guild_scheduled_events: [],
    integrations: [],
    threads: [],
    webhooks: [],
  });
}

/** Newest first, except with `after`, which pages upwards. */
function selectAudit(found: Guild, query: URLSearchParams, limit: number): AuditEntry[] {
  const [userId, action] = [query.get('user_id'), query.get('action_type')];
  const [before, after] = [query.get('before'), query.get('after')];
  const fitting = found.audit.filter(
    (entry) =>
      (userId === null || entry.userId === userId) &&
      (action === null || entry.action === Number(action)) &&
      (before === null || compareSnowflakes(entry.id, before) < 0) &&
      (after === null || compareSnowflakes(entry.id, after) > 0),
  );
  return after === null ? fitting.reverse().slice(0, limit) : fitting.slice(0, limit);
}

/** The `limit` of a query; null when it is out of bounds. */
export function readLimit(query: URLSearchParams, fallback: number, most: number): number | null {
  const text = query.get('limit');
  if (text === null) return fallback;
  const limit = Number(text);
  return Number.isInteger(limit) && limit >= 1 && limit <= most ? limit : null;
}
