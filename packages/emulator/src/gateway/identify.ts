import { INTENTS } from '../world/dispatch.ts';
import { GUILD_MEMBERS_FLAGS } from '../world/permissions.ts';
import { shardOf } from '../world/snowflake.ts';
import type { World } from '../world/world.ts';

/** What a client asks for in op 2. */
export type IdentifyRequest = {
  readonly token: string;
  readonly intents: number;
  readonly shardId: number;
  readonly shardCount: number;
};

/** Discord's close codes that the emulator uses. */
export const CLOSE = {
  unknownOp: 4001,
  decodeError: 4002,
  notAuthenticated: 4003,
  authenticationFailed: 4004,
  alreadyAuthenticated: 4005,
  invalidSequence: 4007,
  rateLimited: 4008,
  sessionTimedOut: 4009,
  invalidShard: 4010,
  shardingRequired: 4011,
  invalidVersion: 4012,
  invalidIntents: 4013,
  disallowedIntents: 4014,
} as const;

/** The codes after which a client must not resume, or cannot. */
export const ENDS_SESSION: readonly number[] = [
  CLOSE.authenticationFailed,
  CLOSE.invalidSequence,
  CLOSE.sessionTimedOut,
  CLOSE.invalidShard,
  CLOSE.shardingRequired,
  CLOSE.invalidVersion,
  CLOSE.invalidIntents,
  CLOSE.disallowedIntents,
];

const GUILDS_PER_SHARD = 2500;
const KNOWN_INTENTS = (1 << 26) - 1;

// Each privileged intent is open with either of two application flags.
const PRIVILEGED: readonly (readonly [intent: number, flags: number])[] = [
  [INTENTS.GUILD_PRESENCES, (1 << 12) | (1 << 13)],
  [INTENTS.GUILD_MEMBERS, GUILD_MEMBERS_FLAGS],
  [INTENTS.MESSAGE_CONTENT, (1 << 18) | (1 << 19)],
];

/** Reads op 2; null when it is not one. */
export function readIdentify(d: unknown): IdentifyRequest | null {
  if (typeof d !== 'object' || d === null) return null;
  const { token, intents, shard = [0, 1] } = d as Record<string, unknown>;
  if (typeof token !== 'string' || typeof intents !== 'number' || !Array.isArray(shard))
    return null;
  const [shardId, shardCount] = shard as unknown[];
  if (typeof shardId !== 'number' || typeof shardCount !== 'number') return null;
  return { token: token.replace(/^Bot /, ''), intents, shardId, shardCount };
}

/** The close code that refuses this identify, or null if it is fine. */
export function refusal(world: World, token: string, request: IdentifyRequest): number | null {
  if (request.token !== token) return CLOSE.authenticationFailed;
  const { shardId, shardCount, intents } = request;
  if (shardCount < 1 || shardId < 0 || shardId >= shardCount) return CLOSE.invalidShard;
  if ((intents & ~KNOWN_INTENTS) !== 0) return CLOSE.invalidIntents;
  for (const [intent, flags] of PRIVILEGED) {
    if ((intents & intent) !== 0 && (world.applicationFlags & flags) === 0)
      return CLOSE.disallowedIntents;
  }
  const guilds = guildIdsOf(world, shardId, shardCount).length;
  return guilds > GUILDS_PER_SHARD ? CLOSE.shardingRequired : null;
}

/** The guilds of the bot on a shard. */
export function guildIdsOf(world: World, shardId: number, shardCount: number): string[] {
  const ids: string[] = [];
  for (const guild of world.guilds.values()) {
    if (guild.botPresent && shardOf(guild.id, shardCount) === shardId) ids.push(guild.id);
  }
  return ids;
}
