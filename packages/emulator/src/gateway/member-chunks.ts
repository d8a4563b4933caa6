import { findMember, pageMembers } from '../world/members.ts';
import { memberPayload, type Payload } from '../world/payloads.ts';
import type { Guild, Member, World } from '../world/world.ts';

const CHUNK = 1000;
const MAX_USER_IDS = 100;

/** What op 8 asks for. */
export type MembersRequest = {
  readonly guildId: string;
  readonly userIds: readonly string[] | null;
  readonly query: string;
  readonly limit: number;
  readonly nonce: string | null;
};

/** Reads op 8; null when it is not one that Discord would answer. */
export function readMembersRequest(d: unknown): MembersRequest | null {
  if (typeof d !== 'object' || d === null) return null;
  const raw = d as Record<string, unknown>;
  const userIds = typeof raw.user_ids === 'string' ? [raw.user_ids] : raw.user_ids;
  const isList = Array.isArray(userIds) && userIds.every((id) => typeof id === 'string');
  if (typeof raw.guild_id !== 'string' || (!isList && typeof raw.query !== 'string')) return null;
  return {
    guildId: raw.guild_id,
    userIds: isList ? userIds.slice(0, MAX_USER_IDS) : null,
    query: typeof raw.query === 'string' ? raw.query : '',
    limit: typeof raw.limit === 'number' ? raw.limit : 0,
    nonce: typeof raw.nonce === 'string' ? raw.nonce : null,
  };
}

/** True for the request that Discord allows once per guild and 30 s. */
export function asksForAll(request: MembersRequest): boolean {
  return request.userIds === null && request.query === '' && request.limit === 0;
}

/** The GUILD_MEMBERS_CHUNK payloads that answer a request; always at least one. */
export function memberChunks(world: World, request: MembersRequest): Payload[] {
  const guild = world.guilds.get(request.guildId);
  if (guild === undefined || !guild.botPresent) return [];
  const found = select(guild, request);
  const ids = new Set(found.map((member) => member.user.id));
  const missing = request.userIds?.filter((id) => !ids.has(id)) ?? [];
  const count = Math.max(1, Math.ceil(found.length / CHUNK));
  return Array.from({ length: count }, (_, index) => ({
    guild_id: guild.id,
    members: found.slice(index * CHUNK, (index + 1) * CHUNK).map((member) => memberPayload(member)),
    chunk_index: index,
    chunk_count: count,
    ...(request.userIds === null ? {} : { not_found: missing }),
    ...(request.nonce === null ? {} : { nonce: request.nonce }),
  }));
}

function select(guild: Guild, request: MembersRequest): Member[] {
  if (request.userIds !== null) {
    return request.userIds.flatMap((id) => findMember(guild, id) ?? []);
  }
  const limit = request.limit === 0 ? Number.POSITIVE_INFINITY : Math.min(request.limit, 100);
  const all = pageMembers(guild, '0', Number.POSITIVE_INFINITY);
  return all.filter((member) => member.user.username.startsWith(request.query)).slice(0, limit);
}
