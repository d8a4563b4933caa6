import type { GuildId } from '../engine/ids.ts';

/** First moment of 2015 in ms since 1970: where Discord's ids start counting. */
const DISCORD_EPOCH = 1_420_070_400_000n;
const MAX = (1n << 64n) - 1n;
const DIGITS = /^\d{1,20}$/;

/** The value as an id of some kind, if it is a snowflake written as text. */
export function idOf<Id extends string>(value: unknown): Id | null {
  return typeof value === 'string' && isSnowflake(value) ? (value as Id) : null;
}

/** The ids in a list; what is none is left out. */
export function idsOf<Id extends string>(value: unknown): readonly Id[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item) => idOf<Id>(item) ?? []);
}

function isSnowflake(text: string): boolean {
  return DIGITS.test(text) && (text.length < 20 || BigInt(text) <= MAX);
}

/**
 * When an id was made, in ms since 1970, or null for what is no id.
 * @see https://docs.discord.com/developers/reference#snowflakes
 */
export function snowflakeTime(id: string): number | null {
  return isSnowflake(id) ? Number((BigInt(id) >> 22n) + DISCORD_EPOCH) : null;
}

/**
 * The shard that receives a guild's events.
 * @see https://docs.discord.com/developers/events/gateway#sharding
 */
export function shardOfGuild(guildId: GuildId, shardCount: number): number {
  return isSnowflake(guildId) ? Number((BigInt(guildId) >> 22n) % BigInt(shardCount)) : 0;
}

/** The first id that can have been made at a moment: "messages after" is asked with an id. */
export function snowflakeAt(time: number): string {
  const ms = BigInt(Math.max(0, Math.floor(time))) - DISCORD_EPOCH;
  return String((ms > 0n ? ms : 0n) << 22n);
}
