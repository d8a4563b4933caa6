import {
  compareSnowflakes,
  composeSnowflake,
  isSnowflake,
  type Snowflake,
  type SnowflakeParts,
  snowflakeTimeMs,
} from './snowflake.ts';
import { fillerSource, NO_SOURCE } from './sources.ts';
import type { Guild, Member, User, World } from './world.ts';

const FILLER_STEP_MS = 1000;
const YEAR_MS = 31_536_000_000;
const FILLER_LOW = 7;

/** A membership, plain where nothing is said. Its index knows it from its first moment. */
export function createMember(
  user: User,
  joinedAtMs: number,
  more: Partial<Omit<Member, 'user' | 'joinedAtMs'>> = {},
): Member {
  return {
    user,
    joinedAtMs,
    roleIds: [],
    pending: false,
    flags: 0,
    source: NO_SOURCE,
    indexedAtMs: joinedAtMs,
    ...more,
  };
}

/** The parts of the n-th filler's id. */
export function fillerIdParts(guild: Guild, index: number): SnowflakeParts {
  return { atMs: guild.createdAtMs - YEAR_MS + index * FILLER_STEP_MS, low: FILLER_LOW };
}

function fillerId(guild: Guild, index: number): Snowflake {
  const { atMs, low } = fillerIdParts(guild, index);
  return composeSnowflake(atMs, low);
}

/** The number of the filler with this id; null if there is none, or no longer. */
export function fillerIndex(guild: Guild, userId: Snowflake): number | null {
  if (!isSnowflake(userId)) return null;
  const offsetMs = snowflakeTimeMs(userId) - (guild.createdAtMs - YEAR_MS);
  const index = offsetMs / FILLER_STEP_MS;
  if (!Number.isInteger(index) || index < 0 || index >= guild.fillerCount) return null;
  if (guild.fillersGone.has(index) || fillerId(guild, index) !== userId) return null;
  return index;
}

/** The n-th filler. Both ids and times of joining rise with n. */
export function filler(guild: Guild, index: number): Member {
  const id = fillerId(guild, index);
  const user: User = { id, username: `filler${index}`, globalName: null, bot: false };
  return createMember(user, fillerJoinedAtMs(guild, index), { source: fillerSource(guild, index) });
}

/** When the n-th filler joined. */
export function fillerJoinedAtMs(guild: Guild, index: number): number {
  return guild.createdAtMs + index;
}

/** The member with this id, filler or real. */
export function findMember(guild: Guild, userId: Snowflake): Member | null {
  const member = guild.members.get(userId);
  if (member !== undefined) return member;
  const index = fillerIndex(guild, userId);
  return index === null ? null : filler(guild, index);
}

/** Takes a member out of the guild. What search knew of the membership it does not forget. */
export function dropMember(guild: Guild, member: Member, atMs: number): void {
  const { id } = member.user;
  if (member.indexedAtMs <= atMs) guild.former.set(id, member);
  if (guild.members.delete(id)) return;
  const index = fillerIndex(guild, id);
  if (index !== null) guild.fillersGone.add(index);
}

/** Members with an id above `after`, smallest id first, as the list endpoint pages them. */
export function pageMembers(guild: Guild, after: Snowflake, limit: number): Member[] {
  const isBeyond = ({ user }: Member): boolean => compareSnowflakes(user.id, after) > 0;
  const real = [...guild.members.values()].filter(isBeyond);
  const firstMs = guild.createdAtMs - YEAR_MS;
  const startAt = Math.max(0, Math.floor((snowflakeTimeMs(after) - firstMs) / FILLER_STEP_MS));
  const fillers: Member[] = [];
  for (let index = startAt; index < guild.fillerCount && fillers.length < limit; index += 1) {
    if (guild.fillersGone.has(index)) continue;
    const member = filler(guild, index);
    if (isBeyond(member)) fillers.push(member);
  }
  const all = [...real, ...fillers];
  return all.sort((left, right) => compareSnowflakes(left.user.id, right.user.id)).slice(0, limit);
}

/** The account with this id, known to the world or a member by formula. */
export function findUser(world: World, guild: Guild, userId: Snowflake): User | null {
  return world.users.get(userId) ?? findMember(guild, userId)?.user ?? null;
}
