import { announceCreation, placeInvite, revoke } from '../world/invite-actions.ts';
import { listInvites } from '../world/invites.ts';
import { invitePayload } from '../world/payloads.ts';
import { timestamp } from '../world/snowflake.ts';
import type { Channel, Guild, Invite } from '../world/world.ts';
import { may, reachChannel } from './access.ts';
import { fail, formError, ok, type Reply } from './reply.ts';
import type { RestRequest, Route } from './route.ts';

const CREATE_FIELDS = [
  'max_age',
  'max_uses',
  'temporary',
  'unique',
  'target_type',
  'target_user_id',
  'target_application_id',
  'target_users_file',
  'target_user_ids',
  'role_ids',
];

/** Invites by channel and by code. */
export const inviteRoutes: readonly Route[] = [
  { method: 'GET', template: '/channels/:channel/invites', handle: channelInvites },
  { method: 'POST', template: '/channels/:channel/invites', fields: CREATE_FIELDS, handle: create },
  {
    method: 'GET',
    template: '/invites/:code',
    query: ['with_counts', 'with_expiration', 'guild_scheduled_event_id'],
    handle: (request) =>
      withInvite(request, (guild, invite) => ok(invitePayload(request.world, guild, invite, null))),
  },
  { method: 'DELETE', template: '/invites/:code', handle: remove },
  { method: 'GET', template: '/invites/:code/target-users', handle: targetUsers },
  { method: 'GET', template: '/invites/:code/target-users/job-status', handle: jobStatus },
];

const MAX_INVITES = 1000;
const DEFAULT_MAX_AGE_S = 86_400;
const LONGEST_MAX_AGE_S = 5_184_000;

function withInvite(request: RestRequest, answer: (guild: Guild, invite: Invite) => Reply): Reply {
  const code = request.params.code ?? '';
  const guild = request.world.guilds.get(request.world.codes.get(code) ?? '');
  const invite = guild?.invites.get(code);
  return guild === undefined || invite === undefined
    ? fail('unknownInvite')
    : answer(guild, invite);
}

function channelInvites(request: RestRequest): Reply {
  const reached = reachChannel(request);
  if ('refused' in reached) return reached.refused;
  const { guild, channel } = reached;
  if (!may(request.world, guild, 'MANAGE_CHANNELS', channel)) return fail('missingPermissions');
  const listed = listInvites(guild, request.view).filter(
    ({ invite }) => invite.channelId === channel.id,
  );
  return ok(listed.map(({ invite, uses }) => invitePayload(request.world, guild, invite, uses)));
}

function create(request: RestRequest): Reply {
  const reached = reachChannel(request);
  if ('refused' in reached) return reached.refused;
  const { guild, channel } = reached;
  if (!may(request.world, guild, 'CREATE_INSTANT_INVITE', channel))
    return fail('missingPermissions');
  const draft = readDraft(request);
  if ('status' in draft) return draft;
  if (draft.roleIds.length > 0 && !may(request.world, guild, 'MANAGE_ROLES'))
    return fail('missingPermissions');
  const similar = draft.unique ? undefined : findSimilar(request, guild, channel, draft);
  if (similar !== undefined)
    return ok(invitePayload(request.world, guild, similar, similar.counter.uses));
  if (guild.invites.size >= MAX_INVITES) return fail('tooManyInvites');
  const { turn, world } = request;
  const spec = {
    channelId: channel.id,
    inviterId: world.bot.id,
    maxAgeS: draft.maxAgeS,
    maxUses: draft.maxUses,
    temporary: draft.temporary,
    roleIds: draft.roleIds,
    ...(draft.targetUserIds === null ? {} : { targetUserIds: draft.targetUserIds }),
  };
  const invite = placeInvite(turn, guild, spec);
  announceCreation(turn, guild, invite, true);
  return ok(invitePayload(world, guild, invite, 0));
}

type Draft = {
  readonly maxAgeS: number;
  readonly maxUses: number;
  readonly temporary: boolean;
  readonly unique: boolean;
  readonly roleIds: readonly string[];
  readonly targetUserIds: readonly string[] | null;
};

function readDraft({ body }: RestRequest): Draft | Reply {
  const maxAgeS = body.max_age ?? DEFAULT_MAX_AGE_S;
  const maxUses = body.max_uses ?? 0;
  if (!isWithin(maxAgeS, LONGEST_MAX_AGE_S)) return formError({ max_age: 'out of range' });
  if (!isWithin(maxUses, 100)) return formError({ max_uses: 'out of range' });
  const roleIds = body.role_ids ?? [];
  if (!isIdList(roleIds)) return formError({ role_ids: 'not a list of snowflakes' });
  const targets = body.target_user_ids ?? readCsv(body.target_users_file);
  if (targets !== null && !isIdList(targets))
    return formError({ target_user_ids: 'not a list of snowflakes' });
  return {
    maxAgeS,
    maxUses,
    temporary: body.temporary === true,
    unique: body.unique === true,
    roleIds,
    targetUserIds: targets === null ? null : [...new Set(targets)],
  };
}

function isWithin(value: unknown, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;
}

function isIdList(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) && value.every((id) => typeof id === 'string' && /^\d{15,20}$/.test(id))
  );
}

function readCsv(file: unknown): readonly string[] | null {
  if (typeof file !== 'string') return null;
  const lines = file.split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => line !== '' && line.toLowerCase() !== 'user_id');
}

// Without `unique`, Discord may hand back an invite that it made before on the same terms.
function findSimilar(
  { world }: RestRequest,
  guild: Guild,
  channel: Channel,
  draft: Draft,
): Invite | undefined {
  if (draft.targetUserIds !== null || draft.roleIds.length > 0) return undefined;
  return [...guild.invites.values()].find(
    (invite) =>
      invite.channelId === channel.id &&
      invite.inviterId === world.bot.id &&
      invite.maxAgeS === draft.maxAgeS &&
      invite.maxUses === draft.maxUses &&
      invite.temporary === draft.temporary &&
      invite.targetUserIds === null &&
      invite.roleIds.length === 0,
  );
}

function remove(request: RestRequest): Reply {
  return withInvite(request, (guild, invite) => {
    const { world, turn, reason } = request;
    const channel = guild.channels.get(invite.channelId);
    const allowed =
      may(world, guild, 'MANAGE_GUILD') ||
      (channel !== undefined && may(world, guild, 'MANAGE_CHANNELS', channel));
    if (!allowed) return fail('missingPermissions');
    const payload = invitePayload(world, guild, invite, null);
    revoke(turn, guild, invite, { byId: world.bot.id, announce: true, reason });
    return ok(payload);
  });
}

function withTargets(
  request: RestRequest,
  answer: (ids: readonly string[], invite: Invite) => Reply,
): Reply {
  return withInvite(request, (guild, invite) => {
    const { world } = request;
    const isOwn = invite.inviterId === world.bot.id;
    const allowed =
      isOwn || may(world, guild, 'MANAGE_GUILD') || may(world, guild, 'VIEW_AUDIT_LOG');
    if (!allowed) return fail('missingPermissions');
    return invite.targetUserIds === null
      ? fail('noTargetUsers')
      : answer(invite.targetUserIds, invite);
  });
}

function targetUsers(request: RestRequest): Reply {
  return withTargets(request, (ids) => ({
    status: 200,
    body: `${['user_id', ...ids].join('\n')}\n`,
    contentType: 'text/csv; charset=utf-8',
  }));
}

function jobStatus(request: RestRequest): Reply {
  return withTargets(request, (ids, invite) =>
    ok({
      status: 2,
      total_users: ids.length,
      processed_users: ids.length,
      created_at: timestamp(invite.createdAtMs),
      completed_at: timestamp(invite.createdAtMs),
      error_message: null,
    }),
  );
}
