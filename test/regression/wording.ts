import type { Attribution, Origin } from '../../packages/core/src/index.ts';

/** How a row calls codes and people. */
export interface RowNames {
  /** The letter of a code. */
  codeName(code: string): string;
  userName(userId: string): string;
  /** Who made the invite with this letter, or null where Discord names nobody. */
  inviterName(code: string): string | null;
}

/** An answer in the words of the rows: `A or B ambiguous (2 A, 1 B of 3)`. */
export function answerText(attribution: Attribution, names: RowNames): string {
  const { certainty, origin } = attribution;
  const settled = attribution.settled ? '' : ', not settled';
  return `${conclusion()}${settled}`;

  function conclusion(): string {
    const all = attribution.candidates.map((each) => originText(each.origin, names)).sort(noneLast);
    if (origin === null) return `${all.join(' or ')} ${certainty}${groupText(attribution, names)}`;
    const own = originText(origin, names);
    const others = all.filter((each) => each !== own);
    const assumed = attribution.assumptions.join(' and ');
    const leaning = assumed === '' ? '' : ` if ${assumed}`;
    return `${own} ${certainty}${leaning}${others.length === 0 ? '' : `, else ${others.join(' or ')}`}`;
  }
}

export function originText(origin: Origin, names: RowNames): string {
  switch (origin.kind) {
    case 'invite': {
      const name = names.codeName(origin.code);
      const inviter = origin.inviterId === null ? null : names.userName(origin.inviterId);
      return inviter === names.inviterName(name) ? name : `${name} made by ${inviter}`;
    }
    case 'vanity':
      return names.codeName(origin.code);
    case 'bot':
      return origin.adderId === null ? 'a bot' : `added by ${names.userName(origin.adderId)}`;
    case 'no-invite':
      return 'none';
    case 'unknown':
      return origin.reason;
    case 'application':
      return origin.code === null ? 'approval' : `approval by ${names.codeName(origin.code)}`;
    case 'other':
      return `other ${origin.type}`;
    default:
      return origin.kind;
  }
}

function groupText({ group }: Attribution, names: RowNames): string {
  if (group === null || group.size < 2) return '';
  const sums = group.sums.map((sum) => `${sum.uses} ${originText(sum.origin, names)}`).sort(byName);
  return ` (${sums.join(', ')} of ${group.size})`;
}

const byName = (a: string, b: string): number => a.slice(2).localeCompare(b.slice(2));

function noneLast(a: string, b: string): number {
  if (a === 'none' || b === 'none') return a === b ? 0 : a === 'none' ? 1 : -1;
  return a.localeCompare(b);
}

/** Whether the answer allows what really happened. */
export function allows(attribution: Attribution, truth: string, names: RowNames): boolean {
  if (attribution.certainty === 'unknown') return true;
  return attribution.candidates.some((each) => {
    const text = originText(each.origin, names);
    // What was used before the first list may be anything.
    if (each.origin.kind === 'unknown') return true;
    return text === truth || (text === 'a bot' && truth.startsWith('added by '));
  });
}
