/** An id as Discord writes it: a decimal string whose upper bits are a time. */
export type Snowflake = string;

/** The first millisecond of 2015, where Discord's ids start to count. */
export const DISCORD_EPOCH_MS = 1_420_070_400_000;

const LOW_BITS = 22n;

/** Whether a text is an id: a decimal number that fits into 64 bits. */
export function isSnowflake(text: string): boolean {
  return /^(0|[1-9]\d{0,18})$/.test(text);
}

/** Composes an id from a time and the low 22 bits that keep ids of one millisecond apart. */
export function composeSnowflake(atMs: number, low: number): Snowflake {
  const time = BigInt(Math.floor(atMs) - DISCORD_EPOCH_MS);
  return ((time << LOW_BITS) | BigInt(low & 0x3f_ffff)).toString();
}

/** The millisecond an id was minted in. */
export function snowflakeTimeMs(id: Snowflake): number {
  return Number(BigInt(id) >> LOW_BITS) + DISCORD_EPOCH_MS;
}

/** The two parts of an id: its time and its low bits. Numbers compare faster than ids do. */
export type SnowflakeParts = { readonly atMs: number; readonly low: number };

/** Takes an id apart. */
export function splitSnowflake(id: Snowflake): SnowflakeParts {
  return { atMs: snowflakeTimeMs(id), low: Number(BigInt(id) & 0x3f_ffffn) };
}

/** Orders ids that were taken apart, oldest first. */
export function compareParts(left: SnowflakeParts, right: SnowflakeParts): number {
  return left.atMs - right.atMs || left.low - right.low;
}

/** Orders ids by age, oldest first; shorter decimal strings are smaller numbers. */
export function compareSnowflakes(left: Snowflake, right: Snowflake): number {
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The shard that receives a guild's events, by Discord's formula. */
export function shardOf(guildId: Snowflake, shardCount: number): number {
  return Number((BigInt(guildId) >> LOW_BITS) % BigInt(shardCount));
}

/** A time as Discord writes it: microseconds and an explicit offset. */
export function timestamp(atMs: number): string {
  return new Date(atMs).toISOString().replace('Z', '000+00:00');
}
