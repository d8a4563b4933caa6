import type { Share, Tally } from './tally.ts';

/** The summary of a run, for people. */
export function reportText(tally: Tally, seconds: number): string {
  const rows: (readonly [string, string])[] = [
    ['worlds, joins', `${number(tally.worlds)}, ${number(tally.joins)}`],
    ['joins a second', number(Math.round(tally.joins / seconds))],
    ['REST requests a join', (tally.requests / tally.joins).toFixed(2)],
    ['settled, certain or reported, and wrong', number(tally.wrong)],
    ...(tally.wrong > 0
      ? [['guilds with such an answer that Health flagged', share(tally.flagged)] as const]
      : []),
    ...Object.entries(tally.certainties)
      .toSorted()
      .map(
        ([name, joins]) => [`answered ${name}`, share({ is: joins, of: answered(tally) })] as const,
      ),
    ['certain or reported, of joins by a listed invite or vanity link', share(tally.listed)],
    ['the same with no other human join within 3 s', share(tally.lone)],
    ['the same within 4 s', share(tally.apart)],
    ['words that were taken back', share(tally.changed)],
    ['the same, to another origin', share(tally.overturned)],
    ['ambiguous joins with sums, compared with the truth', share(tally.grouped)],
    [
      'joins judged by the oracle, certain by it',
      `${number(tally.judged)}, ${number(tally.oracleFirm)}`,
    ],
    ...likelyRows(tally),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

function likelyRows(tally: Tally): (readonly [string, string])[] {
  const all: Share = { is: 0, of: 0 };
  for (const each of Object.values(tally.likely)) {
    all.is += each.is;
    all.of += each.of;
  }
  const each = Object.entries(tally.likely)
    .toSorted(([, a], [, b]) => b.of - a.of)
    .map(([name, right]) => [`  if ${name}`, share(right)] as const);
  return [['likely, and the truth', share(all)], ...each];
}

function answered({ certainties }: Tally): number {
  return Object.values(certainties).reduce((sum, joins) => sum + joins, 0);
}

function share({ is, of }: Share): string {
  if (of === 0) return 'none';
  return `${number(is)} of ${number(of)} (${((100 * is) / of).toFixed(3)} %)`;
}

function number(value: number): string {
  return value.toLocaleString('en');
}
