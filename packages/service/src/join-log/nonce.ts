import { createHash } from 'node:crypto';
import type { GuildId, UserId } from 'wherefrom';

/** Discord's limit. */
const NONCE_LENGTH = 25;

export interface NonceLine {
  readonly kind: 'join' | 'leave';
  readonly userId: UserId;
  /** `joined_at`, or the time of the leave. */
  readonly at: number;
}

/** The same lines always get the same nonce; it tells nothing of them. */
export function nonceOf(guildId: GuildId, lines: readonly NonceLine[]): string {
  const members = lines.map((line) => `${line.kind}:${line.userId}:${line.at}`);
  return digest(`${guildId}\n${members.join('\n')}`).slice(0, NONCE_LENGTH);
}

/** Tells whether a message has to be edited, without keeping its words. */
export function contentHash(content: string): string {
  return digest(content);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
