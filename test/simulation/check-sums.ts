import type { Attribution } from 'wherefrom';
import type { LedgerEntry } from '../../packages/service/src/storage/ledger-row.ts';
import type { GuildEnd } from './guild-end.ts';
import { keyOf, keyOfTruth } from './truth.ts';

export interface Sums {
  readonly findings: readonly string[];
  /** Ambiguous joins with sums, and those of them whose group could be told apart and compared. */
  readonly grouped: number;
  readonly compared: number;
}

/**
 * A model that knows nothing of worlds: per code the promised answers and the sums of groups may
 * not exceed the uses there were, and within a group whose members are all known the sums are
 * exactly the truth's, or at most it where there are more members than counted uses.
 */
export function checkSums(end: GuildEnd): Sums {
  const findings: string[] = [];
  const groups = groupsOf(end.rows.filter(({ attribution }) => attribution.group !== null));
  let compared = 0;
  const claimed = new Map<string, number>();
  const claim = (key: string, uses: number): void => {
    claimed.set(key, (claimed.get(key) ?? 0) + uses);
  };
  for (const rows of groups) {
    const group = rows[0]!.attribution.group!;
    // Some members may be likely by an assumption, and a group may have grown meanwhile.
    if (rows.length !== group.size) continue;
    compared += rows.length;
    const doubtful = rows.some(({ attribution }) => end.doubtful(attribution.joinedAt));
    const counted = group.sums.reduce((sum, { uses }) => sum + uses, 0);
    for (const { origin, uses } of group.sums) {
      const key = keyOf(origin);
      claim(key, uses);
      const there = rows.filter((row) => keyOfTruth(end.truthOf.get(row)!) === key).length;
      // Members beyond the counted uses may have made others that could not be counted.
      const right = counted === group.size ? there === uses : there >= uses;
      if (!right && !doubtful) {
        findings.push(`a group of ${group.size} says ${uses} x ${key}, in truth ${there}`);
      }
    }
  }
  for (const { attribution } of end.rows) {
    if (isPromise(attribution) && attribution.origin !== null) claim(keyOf(attribution.origin), 1);
  }
  for (const [key, uses] of claimed) {
    if (!key.startsWith('invite:') && !key.startsWith('vanity:')) continue;
    const there = end.truths.filter((truth) => keyOfTruth(truth) === key).length;
    if (uses > there) findings.push(`${uses} joins are said to be ${key}, of ${there} there were`);
  }
  const grouped = groups.reduce((sum, rows) => sum + rows.length, 0);
  return { findings, grouped, compared };
}

/** Rows that name the same sums and share the evidence of a use. */
function groupsOf(rows: readonly LedgerEntry[]): LedgerEntry[][] {
  const groups: LedgerEntry[][] = [];
  const byUse = new Map<string, LedgerEntry[]>();
  for (const row of rows.toSorted((a, b) => a.attribution.joinedAt - b.attribution.joinedAt)) {
    const { group, evidence } = row.attribution;
    const sums = JSON.stringify(group);
    const uses = evidence.flatMap((each) =>
      each.kind === 'counted' ? `${sums} ${each.code} ${each.from} ${each.to}` : [],
    );
    const known = uses.map((use) => byUse.get(use)).find((members) => members !== undefined);
    const own = known ?? [];
    if (known === undefined) groups.push(own);
    own.push(row);
    for (const use of uses) byUse.set(use, own);
  }
  return groups;
}

function isPromise({ certainty }: Attribution): boolean {
  return certainty === 'certain' || certainty === 'reported';
}
