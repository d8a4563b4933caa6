import { memberPayload, type Payload } from '../world/payloads.ts';
import { indexed, searchMembers } from '../world/search.ts';
import type { Guild, Member } from '../world/world.ts';
import { may, reachGuild, seesMembers } from './access.ts';
import { fail, ok, type Reply } from './reply.ts';
import type { RestRequest, Route } from './route.ts';
import { readSearch, SEARCH_FIELDS } from './search-form.ts';

/** Discord's own record of how members came in: undocumented, late, and gone tomorrow perhaps. */
export const searchRoutes: readonly Route[] = [
  {
    method: 'POST',
    template: '/guilds/:guild/members-search',
    fields: SEARCH_FIELDS,
    handle: search,
  },
];

function search(request: RestRequest): Reply {
  const reached = reachGuild(request);
  if ('refused' in reached) return reached.refused;
  const { guild } = reached;
  const { world, body, atMs, turn } = request;
  if (!may(world, guild, 'MANAGE_GUILD')) return fail('missingPermissions');
  if (!seesMembers(world)) return fail('missingAccess');
  const asked = readSearch(body, world.search.cursors);
  if ('status' in asked) return asked;
  const warmMs = warmUpMs(request, guild);
  if (warmMs > 0) {
    turn.notes.push({ kind: 'searched', guildId: guild.id, cold: true, unindexed: 0, former: 0 });
    return notIndexed(warmMs);
  }
  const { members, total } = searchMembers(guild, atMs, asked);
  turn.notes.push({
    kind: 'searched',
    guildId: guild.id,
    cold: false,
    ...lateness(guild, atMs, asked.only ?? [], members),
  });
  return ok({
    guild_id: guild.id,
    members: members.map(record),
    page_result_count: members.length,
    total_result_count: total,
  });
}

/** How long the index still has to be built; the first question about a guild begins it. */
function warmUpMs({ world, atMs }: RestRequest, guild: Guild): number {
  guild.searchedAtMs ??= atMs;
  return guild.searchedAtMs + world.search.coldMs - atMs;
}

function notIndexed(leftMs: number): Reply {
  const body = {
    message: 'Index not yet available. Try again later',
    code: 110000,
    documents_indexed: 0,
    // Whole seconds, so that it is 0 at the end although nothing is ready yet.
    retry_after: Math.floor(leftMs / 1000),
  };
  return { status: 202, body };
}

/** How many of those asked for by id were not to be found yet, or only as they had been before. */
function lateness(guild: Guild, atMs: number, ids: readonly string[], shown: readonly Member[]) {
  const present = [...new Set(ids)].flatMap((id) => guild.members.get(id) ?? []);
  return {
    unindexed: present.filter((member) => indexed(guild, member, atMs) === null).length,
    former: shown.filter((member) => guild.former.get(member.user.id) === member).length,
  };
}

function record(member: Member): Payload {
  const { type, code, inviterId } = member.source;
  return {
    member: memberPayload(member),
    source_invite_code: code,
    join_source_type: type,
    inviter_id: inviterId,
  };
}
