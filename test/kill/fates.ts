import type { TruthRecord } from '@wherefrom/emulator';
import { type Loss, type Losses, sinceOf } from './losses.ts';
import type { Town } from './town.ts';

/**
 * What the bot could know of a join. `heard`: its event was kept for it. `missed`: the event is
 * lost, the member is there. `perhaps`: one or the other. `unknowable`: nobody can tell it.
 */
export type Fate = 'heard' | 'missed' | 'perhaps' | 'unknowable';

/** A guild that the bot has hardly seen is new to it again if the session is lost then. */
const HARDLY_SEEN_MS = 10_000;

export function fateOf(town: Town, truth: TruthRecord): Fate {
  const { losses, guildId } = town;
  const { joinedAtMs, leftAtMs } = truth;
  const lost = losses.about(guildId, joinedAtMs);
  if (lost.length === 0) return 'heard';
  if (lost.some((loss) => isBlind(town, loss))) return 'unknowable';
  if (leftAtMs !== null && losses.span(guildId, joinedAtMs, leftAtMs)) return 'unknowable';
  return losses.over(guildId, joinedAtMs).length > 0 ? 'missed' : 'perhaps';
}

/** Members who came in such a loss cannot be told from those who were there before. */
function isBlind(town: Town, loss: Loss): boolean {
  if (loss.cause === 'before' || loss.cause === 'removed') return true;
  const { guildId, losses, bornAtMs } = town;
  const seenAt = Math.max(bornAtMs, losses.knownSince(guildId));
  return town.kind === 'guest' || sinceOf(guildId, loss) < seenAt + HARDLY_SEEN_MS;
}

/** Whether the event of a leave must have reached the bot. */
export function leaveWasHeard(losses: Losses, { guildId, leftAtMs }: TruthRecord): boolean {
  return leftAtMs !== null && losses.about(guildId, leftAtMs).length === 0;
}

/** A line that was queued or sent just before the log was closed may be dropped. */
const BEFORE_MS = 40_000;
const AFTER_MS = 5_000;

/** Whether the bot may have had nowhere to write what happened then. */
export function mayBeUnwritten({ muted, losses, guildId }: Town, at: number): boolean {
  const closed = muted.some(
    ({ from, to }) => at >= from - BEFORE_MS && (to === null || at <= to + AFTER_MS),
  );
  const removed = losses
    .during(guildId, at - AFTER_MS, at + BEFORE_MS)
    .some(({ cause }) => cause === 'removed' || cause === 'before');
  return closed || removed;
}
