import type { Problem, Worlds } from './worlds.ts';

const PRECISION = 1e-9;
const MAX_ROUNDS = 1_000;
/** Beyond this many pairs the division is left out: it is a picture, not part of the answer. */
const MAX_CELLS = 4_000;

/**
 * How the counted uses of one cluster divide over its groups: a table over exactly the pairs that
 * admitted worlds use, started at one per join and scaled alternately to its row and column sums.
 * For each group (by index): joins' worth of uses per class; index -1 stands for "none".
 */
export function divideUses(
  problem: Problem,
  worlds: Worlds,
  cluster: number,
): ReadonlyMap<number, ReadonlyMap<number, number>> | null {
  const rows = problem.groups.flatMap((_, index) =>
    worlds.answers[index]!.cluster === cluster ? [index] : [],
  );
  const columns = problem.classes.flatMap((uses, index) =>
    uses.counted > 0 && worlds.clusterOfClass[index] === cluster ? [index] : [],
  );
  if (rows.length * (columns.length + 1) > MAX_CELLS) return null;
  const unmatchedJoins = unmatchedIn(problem, worlds, rows, columns);
  const table = rows.map((row) => startingCells(problem, worlds, row, columns));
  const rowSums = rows.map((row) => problem.groups[row]!.joins.length);
  const columnSums = columns.map((column) => problem.classes[column]!.counted);
  const spare = columnSums.reduce((sum, n) => sum + n, unmatchedJoins) - sum(rowSums);
  if (spare > 0) {
    table.push([...columns.map(() => spare), 0]);
    rowSums.push(spare);
  }
  scale(table, rowSums, [...columnSums, unmatchedJoins]);
  return new Map(
    rows.map((row, place) => [
      row,
      new Map(table[place]!.map((cell, at) => [columns[at] ?? -1, cell] as const)),
    ]),
  );
}

function unmatchedIn(
  problem: Problem,
  worlds: Worlds,
  rows: readonly number[],
  columns: readonly number[],
): number {
  if (!rows.some((row) => worlds.answers[row]!.unmatched)) return 0;
  const joins = rows.reduce((total, row) => total + problem.groups[row]!.joins.length, 0);
  const uses = columns.reduce((total, column) => total + problem.classes[column]!.counted, 0);
  return Math.max(0, joins - uses);
}

/** Pairs that no admitted world uses stay out: their share would shrink for ever and never be 0. */
function startingCells(
  problem: Problem,
  worlds: Worlds,
  row: number,
  columns: readonly number[],
): number[] {
  const size = problem.groups[row]!.joins.length;
  const { classes, unmatched } = worlds.answers[row]!;
  const used = new Set(classes);
  return [...columns.map((column) => (used.has(column) ? size : 0)), unmatched ? size : 0];
}

/** Plain loops: this is by far the most work that an ambiguous raid makes. */
function scale(table: number[][], rowSums: readonly number[], columnSums: readonly number[]): void {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    for (let column = 0; column < columnSums.length; column += 1) {
      let total = 0;
      for (const row of table) total += row[column]!;
      const factor = total > 0 ? columnSums[column]! / total : 1;
      for (const row of table) row[column]! *= factor;
    }
    let error = 0;
    for (let at = 0; at < table.length; at += 1) {
      const row = table[at]!;
      const total = sum(row);
      error = Math.max(error, Math.abs(total - rowSums[at]!));
      const factor = total > 0 ? rowSums[at]! / total : 1;
      for (let column = 0; column < row.length; column += 1) row[column]! *= factor;
    }
    if (error < PRECISION) return;
  }
}

function sum(numbers: readonly number[]): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
