import { ActionError } from './action.ts';
import type { Snowflake } from './snowflake.ts';
import { type Guild, type Invite, mint, type User, type World } from './world.ts';

/** The guild, or an error that names the missing id. */
export function guildOf(world: World, guildId: Snowflake): Guild {
  const guild = world.guilds.get(guildId);
  if (guild === undefined) throw new ActionError(`unknown guild ${guildId}`);
  return guild;
}

/** The living invite, or an error that names the missing code. */
export function inviteOf(guild: Guild, code: string): Invite {
  const invite = guild.invites.get(code);
  if (invite === undefined) throw new ActionError(`no living invite ${code} in ${guild.id}`);
  return invite;
}

/** Adds an account to the world. */
export function createUser(
  world: World,
  atMs: number,
  spec: { userId?: Snowflake; username?: string; bot?: boolean; createdAtMs?: number },
): User {
  const bornMs = spec.createdAtMs ?? atMs - ACCOUNT_AGE_MS;
  const id = spec.userId ?? mint(world, bornMs);
  const username = spec.username ?? `${spec.bot === true ? 'bot' : 'user'}${world.users.size}`;
  const user: User = { id, username, globalName: null, bot: spec.bot === true };
  world.users.set(id, user);
  return user;
}

// Old enough that no new-account rule fires by accident.
const ACCOUNT_AGE_MS = 400 * 86_400_000;
