/** One measured figure, with the bound that the project promises for it. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly atMost: number | null;
  readonly detail: string;
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

export function rowOf(figure: Figure): string {
  const { name, value, unit, atMost, detail } = figure;
  const bound =
    atMost === null ? '' : `${value <= atMost ? 'ok, at most' : 'MISSED, at most'} ${atMost}`;
  const shown = Number.isInteger(value) ? String(value) : value.toFixed(value < 1 ? 3 : 2);
  return `| ${name} | ${shown} ${unit} | ${bound} | ${detail} |`;
}
