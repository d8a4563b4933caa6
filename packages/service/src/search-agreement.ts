/** How often Discord's own record said what had been certain without it. */
export interface Agreement {
  /** Joins that were certain, and settled, before their record came. */
  readonly checked: number;
  readonly agreed: number;
}

/** "98.7 % of 412 checkable joins agreed". Never rounded up: 100 % are all. */
export function agreementText({ checked, agreed }: Agreement): string {
  if (checked === 0) return 'no join could be checked yet';
  const share = (Math.floor((agreed / checked) * 1000) / 10).toFixed(1);
  const percent = agreed === checked ? '100' : share;
  const joins = `${checked.toLocaleString('en-US')} checkable join${checked === 1 ? '' : 's'}`;
  return `${percent} % of ${joins} agreed`;
}

/** What a tracker has counted since its start, from the notes of its health. */
export function agreementOf(notes: Readonly<Record<string, number>>): Agreement {
  const agreed = notes['search-agreed'] ?? 0;
  return { checked: agreed + (notes['search-disagreed'] ?? 0), agreed };
}
