import type { UserId } from '../engine/ids.ts';
import { countOf, objectOf, type Payload, textOf } from './payload.ts';
import { idOf, snowflakeTime } from './snowflake.ts';

/** What a join log needs of a user beside the id; nothing else of the profile is kept. */
export interface Profile {
  readonly userId: UserId;
  readonly username: string;
  /** The name shown in the guild: display name if set, else the username. */
  readonly displayName: string;
  readonly bot: boolean;
  /** When the account was made, from the id. */
  readonly createdAt: number | null;
  readonly hasAvatar: boolean;
}

/** Reads a user object; null without a usable id. */
export function profileFromPayload(value: unknown): Profile | null {
  const user: Payload = objectOf(value);
  const userId = idOf<UserId>(user.id);
  if (userId === null) return null;
  const username = textOf(user.username) ?? userId;
  return {
    userId,
    username: withDiscriminator(username, user.discriminator),
    displayName: textOf(user.global_name) ?? username,
    bot: user.bot === true,
    createdAt: snowflakeTime(userId),
    hasAvatar: textOf(user.avatar) !== null,
  };
}

// Bots still have four digits after their name; people have "0".
function withDiscriminator(username: string, discriminator: unknown): string {
  const digits = textOf(discriminator);
  if (digits === null || countOf(Number(digits)) === 0) return username;
  return `${username}#${digits}`;
}
