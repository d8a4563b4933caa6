import type { GuildId, UserId } from 'wherefrom';
import type { Removal, Removals } from '../ports.ts';

/** An audit log entry and the leave it explains arrive within this of each other, in any order. */
export const REMOVAL_WITHIN_MS = 30_000;

const LIMIT = 5_000;

interface Noted {
  readonly removal: Removal;
  readonly at: number;
}

/** Remembers kicks and bans for the moments until the leave they explain is committed. */
export class RecentRemovals implements Removals {
  readonly #noted = new Map<string, Noted>();

  note(entry: Noted & { readonly guildId: GuildId; readonly userId: UserId }): void {
    const key = keyOf(entry.guildId, entry.userId);
    this.#noted.delete(key);
    this.#noted.set(key, { removal: entry.removal, at: entry.at });
    if (this.#noted.size <= LIMIT) return;
    const oldest = this.#noted.keys().next();
    if (!oldest.done) this.#noted.delete(oldest.value);
  }

  removalOf(leave: {
    readonly guildId: GuildId;
    readonly userId: UserId;
    readonly at: number;
  }): Removal | null {
    const noted = this.#noted.get(keyOf(leave.guildId, leave.userId));
    if (noted === undefined || Math.abs(noted.at - leave.at) > REMOVAL_WITHIN_MS) return null;
    return noted.removal;
  }
}

function keyOf(guildId: GuildId, userId: UserId): string {
  return `${guildId}:${userId}`;
}
