import type { TruthRecord } from '@wherefrom/emulator';
import type { Attribution } from 'wherefrom';
import { CLOCK_ERROR_MS, COUNT_LAG_MS } from '../../packages/core/src/engine/constants.ts';
import { checkSums } from './check-sums.ts';
import type { GuildEnd } from './guild-end.ts';
import { joinKey, type Told } from './recorder.ts';
import { count, type Tally } from './tally.ts';
import { agrees, keyOf } from './truth.ts';

/** Nobody else joined so close (the figure that is promised). */
const LONE_MS = 3_000;
/** Nor within what the assumptions allow: H, and the clocks' e on both sides. */
const APART_MS = COUNT_LAG_MS + 2 * CLOCK_ERROR_MS;
/** What Health shows of a guild where something did not go as assumed. */
const ALARMS = ['refuted', 'reopened', 'unclaimed', 'count-fell', 'search-disagreed'];

export function isFirm({ certainty }: Attribution): boolean {
  return certainty === 'certain' || certainty === 'reported';
}

/** Adds what a guild came to. */
export function tallyGuild(tally: Tally, end: GuildEnd): void {
  const { rows, record, truthOf } = end;
  const lone = loneJoins(end, LONE_MS);
  const apart = loneJoins(end, APART_MS);
  let wrong = 0;
  for (const row of rows) {
    const { attribution } = row;
    const truth = truthOf.get(row);
    const { certainty } = attribution;
    tally.certainties[certainty] = (tally.certainties[certainty] ?? 0) + 1;
    if (truth === undefined) continue;
    const right = agrees(attribution, truth);
    if (attribution.settled && isFirm(attribution) && !right) wrong += 1;
    if (certainty === 'likely') tallyLikely(tally, attribution, right);
    const told = record.told.get(joinKey(attribution.userId, attribution.joinedAt));
    if (told !== undefined && truth.origin.kind !== 'bot') {
      count(tally.changed, told.changed);
      count(tally.overturned, isOverturned(told));
    }
    if (truth.origin.kind !== 'invite' && truth.origin.kind !== 'vanity') continue;
    count(tally.listed, isFirm(attribution));
    if (lone.has(truth)) count(tally.lone, isFirm(attribution));
    if (apart.has(truth)) count(tally.apart, isFirm(attribution));
  }
  const { grouped, compared } = checkSums(end);
  tally.grouped.of += grouped;
  tally.grouped.is += compared;
  tally.wrong += wrong;
  if (wrong > 0)
    count(
      tally.flagged,
      ALARMS.some((kind) => (record.notes[kind] ?? 0) > 0),
    );
}

/** The origin that was named first is none of the last candidates. A failed look named none. */
function isOverturned({ first, last }: Told): boolean {
  const { origin } = first;
  if (origin === null || origin.kind === 'unknown' || last.certainty === 'reported') return false;
  return last.candidates.every((candidate) => keyOf(candidate.origin) !== keyOf(origin));
}

function tallyLikely(tally: Tally, { assumptions, origin }: Attribution, right: boolean): void {
  const lean = assumptions.length > 0 ? assumptions.join(' + ') : `only ${origin?.kind}`;
  tally.likely[lean] ??= { is: 0, of: 0 };
  count(tally.likely[lean], right);
}

function loneJoins({ truths }: GuildEnd, withinMs: number): ReadonlySet<TruthRecord> {
  const humans = truths
    .filter(({ origin }) => origin.kind !== 'bot')
    .toSorted((a, b) => a.joinedAtMs - b.joinedAtMs);
  return new Set(
    humans.filter((truth, index) => {
      const before = humans[index - 1]?.joinedAtMs ?? Number.NEGATIVE_INFINITY;
      const after = humans[index + 1]?.joinedAtMs ?? Number.POSITIVE_INFINITY;
      return truth.joinedAtMs - before > withinMs && after - truth.joinedAtMs > withinMs;
    }),
  );
}
