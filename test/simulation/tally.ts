/** What was counted over worlds; every field adds up. */
export interface Tally {
  worlds: number;
  joins: number;
  /** Answers in the ledger by certainty. */
  certainties: { [certainty: string]: number };
  /** Joins by an invite that lists showed, or by the vanity link, and those answered firmly. */
  listed: Share;
  /** The same of joins with no other human join of their guild within three seconds. */
  lone: Share;
  /** The same within four seconds: as far as lag and clocks can mix two joins up. */
  apart: Share;
  /** `likely` answers that name the truth, by what they lean on. */
  likely: { [assumption: string]: Share };
  /** Joins that were answered, and those of which something was told that did not stand. */
  changed: Share;
  /** The same, where the origin that was named first is no candidate any more. */
  overturned: Share;
  /** Firm and settled, and not the truth. */
  wrong: number;
  /** Guilds with such an answer, and those of them in which Health has noted something. */
  flagged: Share;
  /** Ambiguous joins with sums whose whole group could be compared with the truth. */
  grouped: Share;
  /** Joins of worlds that the oracle judged, and those it would have answered firmly. */
  judged: number;
  oracleFirm: number;
  requests: number;
}

/** `of` so many, `is` of them are it. */
export interface Share {
  is: number;
  of: number;
}

export function emptyTally(): Tally {
  const none = (): Share => ({ is: 0, of: 0 });
  return {
    worlds: 0,
    joins: 0,
    certainties: {},
    listed: none(),
    lone: none(),
    apart: none(),
    likely: {},
    changed: none(),
    overturned: none(),
    wrong: 0,
    flagged: none(),
    grouped: none(),
    judged: 0,
    oracleFirm: 0,
    requests: 0,
  };
}

/** Counts one more of which it is true or not. */
export function count(share: Share, is: boolean): void {
  share.of += 1;
  if (is) share.is += 1;
}

export function addTally(to: Tally, from: Tally): void {
  to.worlds += from.worlds;
  to.joins += from.joins;
  to.wrong += from.wrong;
  to.judged += from.judged;
  to.oracleFirm += from.oracleFirm;
  to.requests += from.requests;
  for (const key of [
    'listed',
    'lone',
    'apart',
    'changed',
    'overturned',
    'flagged',
    'grouped',
  ] as const) {
    addShare(to[key], from[key]);
  }
  for (const [name, number] of Object.entries(from.certainties)) {
    to.certainties[name] = (to.certainties[name] ?? 0) + number;
  }
  for (const [name, share] of Object.entries(from.likely)) {
    to.likely[name] ??= { is: 0, of: 0 };
    addShare(to.likely[name], share);
  }
}

function addShare(to: Share, from: Share): void {
  to.is += from.is;
  to.of += from.of;
}
