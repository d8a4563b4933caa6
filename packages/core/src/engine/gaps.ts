import { CLOCK_ERROR_MS, EVENT_DELAY_MS } from './constants.ts';
import type { Gap, GuildRest } from './state.ts';
import type { UseClass } from './window.ts';
import type { Problem, Worlds } from './worlds.ts';

/** A gap in which the event of a join that made such a use may have been missed. */
export function gapOver(uses: UseClass, gaps: readonly Gap[]): Gap | null {
  const from = uses.from - CLOCK_ERROR_MS;
  const until = uses.until + EVENT_DELAY_MS;
  return gaps.find((gap) => gap.from <= until && gap.to >= from) ?? null;
}

/**
 * The groups whose answer somebody unseen may have changed: by a use that was theirs, or by one of
 * somebody who then took another, and so on along all that each of them may have taken, also by
 * those who were let go meanwhile.
 */
export function doubtedByGaps(
  { groups, classes }: Problem,
  worlds: Worlds,
  { gaps, doubtedUntil }: Pick<GuildRest, 'gaps' | 'doubtedUntil'>,
): ReadonlySet<number> {
  const doubted = new Set<number>();
  if (gaps.length === 0) return doubted;
  const isGapped = (uses: UseClass): boolean =>
    gapOver(uses, gaps) !== null || (doubtedUntil !== null && uses.from <= doubtedUntil);
  const gapped = classes.flatMap((uses, index) =>
    uses.counted > 0 && isGapped(uses) ? [index] : [],
  );
  if (gapped.length === 0) return doubted;
  const takers: number[][] = classes.map(() => []);
  worlds.answers.forEach((answer, group) => {
    for (const index of answer.classes) takers[index]!.push(group);
  });
  const reached = new Set(gapped);
  for (const index of reached) {
    for (const group of takers[index]!) {
      if (doubted.has(group)) continue;
      doubted.add(group);
      for (const next of groups[group]!.classes) if (classes[next]!.counted > 0) reached.add(next);
    }
  }
  return doubted;
}
