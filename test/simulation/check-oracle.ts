import { matchingOracle } from '../oracle/matching.ts';
import type { GuildEnd } from './guild-end.ts';
import { joinKey } from './recorder.ts';
import { isFirm } from './tally-guild.ts';

/** Beyond this many joins in a guild the oracle takes too long: it solves for each of them. */
const MOST_JOINS = 60;

export interface Judgement {
  readonly findings: readonly string[];
  /** Joins that were compared, and those of them that the oracle answers firmly. */
  readonly judged: number;
  readonly firm: number;
}

const NONE: Judgement = { findings: [], judged: 0, firm: 0 };

/**
 * Nothing is weaker than the evidence allows: what the oracle proves from all that had been observed
 * when the answer was given must have been answered so. Left out, as the oracle knows nothing of it:
 * manual approval, answers that were never looked for (no permission, no list), and guilds in which a
 * component was closed for its age, whose leftover uses prove nothing for its neighbours (2.4).
 */
export function checkOracle(end: GuildEnd): Judgement {
  const { record, rows, approval } = end;
  const closed = (record.notes.closed ?? 0) > 0;
  if (approval || closed || rows.length === 0 || rows.length > MOST_JOINS) return NONE;
  const findings: string[] = [];
  let firm = 0;
  let judged = 0;
  const answers = new Map<number, ReturnType<typeof matchingOracle>>();
  for (const { attribution } of rows) {
    const key = joinKey(attribution.userId, attribution.joinedAt);
    const seen = record.told.get(key)?.seen;
    if (seen === undefined || attribution.certainty === 'unknown') continue;
    const all = answers.get(seen) ?? matchingOracle(record.journal.slice(0, seen));
    answers.set(seen, all);
    const expected = all.find(({ userId, joinedAt }) => joinKey(userId, joinedAt) === key);
    judged += 1;
    if (expected?.certainty !== 'certain' && expected?.certainty !== 'reported') continue;
    firm += 1;
    // A basic assumption that was refuted lately makes it likely, and only that.
    const basic =
      attribution.certainty === 'likely' &&
      attribution.assumptions.every((assumption) => /^A\d$/.test(assumption));
    if (isFirm(attribution) || basic) continue;
    findings.push(
      `${key}: ${attribution.certainty} (${attribution.assumptions}), but the oracle proves ${expected.origin}`,
    );
  }
  return { findings, judged, firm };
}
