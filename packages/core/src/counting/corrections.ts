import type { Origin } from '../engine/attribution.ts';
import type { UserId } from '../engine/ids.ts';

/**
 * What people decided about the counts. An entry is never changed or removed; it is undone by
 * another. Each says who and why, and when (ms since 1970).
 */
export interface Correction {
  /** Unique in the guild. */
  readonly id: string;
  readonly at: number;
  readonly actorId: UserId;
  readonly reason: string;
  readonly change: CorrectionChange;
}

/** What an entry says: about a bonus, a join, the season, or another entry. */
export type CorrectionChange =
  /** Adds to, or with a negative amount takes from, what a member's bonus is. */
  | { readonly kind: 'bonus'; readonly userId: UserId; readonly amount: number }
  /** A person says how a member came; it stands above every inference. */
  | {
      readonly kind: 'correct';
      readonly userId: UserId;
      readonly joinedAt: number;
      readonly origin: Origin;
    }
  /** A new season begins here. */
  | { readonly kind: 'season' }
  | { readonly kind: 'undo'; readonly entryId: string };

/**
 * The entries that hold, oldest first. An undone entry does not, and an `undo` that was itself
 * undone gives it back. Entries that undo something unknown or later than themselves do nothing.
 */
export function standingCorrections(entries: readonly Correction[]): readonly Correction[] {
  const inOrder = entries
    .map((entry, index) => ({ entry, index }))
    .sort((one, other) => one.entry.at - other.entry.at || one.index - other.index)
    .map(({ entry }) => entry);
  const undone = new Set<string>();
  const later = new Set<string>();
  // From the newest back: whether an undo holds is known before what it undoes is met.
  for (const { id, change } of inOrder.toReversed()) {
    later.add(id);
    if (change.kind !== 'undo' || undone.has(id) || later.has(change.entryId)) continue;
    undone.add(change.entryId);
  }
  return inOrder.filter(({ id, change }) => change.kind !== 'undo' && !undone.has(id));
}

/** When the season that holds at `now` began; null where none was ever begun. */
export function seasonStart(standing: readonly Correction[], now: number): number | null {
  const begun = standing.filter(({ at, change }) => change.kind === 'season' && at <= now);
  return begun.at(-1)?.at ?? null;
}
