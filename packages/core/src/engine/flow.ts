/**
 * Which pairs can a largest assignment use? Rows are groups of joins, columns are classes of
 * counted uses; a row's members and a column's uses are interchangeable.
 */
export interface Assignment {
  /** How many of each row got no use, in the assignment that was found. */
  readonly unmatched: readonly number[];
  /** How many of each column nobody took, in the assignment that was found. */
  readonly unclaimed: readonly number[];
  /** `knot[row]`, `knot[rows + column]`: pairs that some largest assignment uses share a knot. */
  readonly knot: readonly number[];
  /** Per row, parallel to its pairs: how many of the row took each, in the one that was found. */
  readonly amount: readonly (readonly number[])[];
  /** The knot of the rows that some largest assignment leaves without a use; -1 if none. */
  readonly noneKnot: number;
}

/**
 * Solves the assignment and finds the pairs of all its largest solutions.
 *
 * With a dummy column `none` for joins that take nothing and a dummy row `spare` for uses that
 * nobody takes, the largest assignments are the flows of a balanced transportation problem. A pair
 * is used by one of them exactly if both its ends lie in one strongly connected component of the
 * residual network (a pair with flow has both its arcs, so it is covered too).
 *
 * @param supply members per row
 * @param capacity uses per column
 * @param pairs for each row, the columns its members may take
 */
export function assign(
  supply: readonly number[],
  capacity: readonly number[],
  pairs: readonly (readonly number[])[],
): Assignment {
  const flow = largestFlow(supply, capacity, pairs);
  const knot = knots(flow, supply.length, capacity.length, pairs);
  const none = supply.length + capacity.length;
  return {
    unmatched: flow.unmatched,
    unclaimed: flow.unclaimed,
    knot,
    amount: flow.amount,
    noneKnot: flow.unmatched.some((n) => n > 0) ? knot[none]! : -1,
  };
}

interface Flow {
  /** Per row, parallel to its pairs. */
  readonly amount: number[][];
  readonly unmatched: number[];
  readonly unclaimed: number[];
  /** Per column, the rows that may take it, with the index of the pair in that row. */
  readonly takers: { row: number; pair: number }[][];
}

function largestFlow(
  supply: readonly number[],
  capacity: readonly number[],
  pairs: readonly (readonly number[])[],
): Flow {
  const flow: Flow = {
    amount: pairs.map((columns) => columns.map(() => 0)),
    unmatched: [...supply],
    unclaimed: [...capacity],
    takers: capacity.map(() => []),
  };
  pairs.forEach((columns, row) => {
    columns.forEach((column, pair) => {
      flow.takers[column]!.push({ row, pair });
      move(flow, row, pair, column, Math.min(flow.unmatched[row]!, flow.unclaimed[column]!));
    });
  });
  for (let row = 0; row < supply.length; row += 1) {
    while (flow.unmatched[row]! > 0 && augment(flow, row, pairs)) {}
  }
  return flow;
}

function move(flow: Flow, row: number, pair: number, column: number, amount: number): void {
  flow.amount[row]![pair]! += amount;
  flow.unmatched[row]! -= amount;
  flow.unclaimed[column]! -= amount;
}

/** One shortest augmenting path from `start`, by breadth-first search. False if there is none. */
function augment(flow: Flow, start: number, pairs: readonly (readonly number[])[]): boolean {
  const rowFrom = new Map<number, { column: number; pair: number }>();
  const columnFrom = new Map<number, { row: number; pair: number }>();
  const queue = [start];
  for (let head = 0; head < queue.length; head += 1) {
    const row = queue[head]!;
    const columns = pairs[row]!;
    for (let pair = 0; pair < columns.length; pair += 1) {
      const column = columns[pair]!;
      if (columnFrom.has(column)) continue;
      columnFrom.set(column, { row, pair });
      if (flow.unclaimed[column]! > 0) {
        push(flow, start, column, rowFrom, columnFrom);
        return true;
      }
      for (const taker of flow.takers[column]!) {
        if (taker.row === start || rowFrom.has(taker.row)) continue;
        if (flow.amount[taker.row]![taker.pair]! === 0) continue;
        rowFrom.set(taker.row, { column, pair: taker.pair });
        queue.push(taker.row);
      }
    }
  }
  return false;
}

function push(
  flow: Flow,
  start: number,
  end: number,
  rowFrom: ReadonlyMap<number, { column: number; pair: number }>,
  columnFrom: ReadonlyMap<number, { row: number; pair: number }>,
): void {
  const path: { row: number; pair: number; sign: 1 | -1 }[] = [];
  let amount = Math.min(flow.unmatched[start]!, flow.unclaimed[end]!);
  for (let column = end; ; ) {
    const forward = columnFrom.get(column)!;
    path.push({ ...forward, sign: 1 });
    if (forward.row === start) break;
    const back = rowFrom.get(forward.row)!;
    path.push({ row: forward.row, pair: back.pair, sign: -1 });
    amount = Math.min(amount, flow.amount[forward.row]![back.pair]!);
    column = back.column;
  }
  for (const { row, pair, sign } of path) flow.amount[row]![pair]! += sign * amount;
  flow.unmatched[start]! -= amount;
  flow.unclaimed[end]! -= amount;
}

/** Strongly connected components of the residual network (Tarjan, without recursion). */
function knots(
  flow: Flow,
  rows: number,
  columns: number,
  pairs: readonly (readonly number[])[],
): number[] {
  const none = rows + columns;
  const spare = none + 1;
  const arcs: number[][] = Array.from({ length: spare + 1 }, () => []);
  for (let row = 0; row < rows; row += 1) {
    pairs[row]!.forEach((column, pair) => {
      arcs[row]!.push(rows + column);
      if (flow.amount[row]![pair]! > 0) arcs[rows + column]!.push(row);
    });
    arcs[row]!.push(none);
    if (flow.unmatched[row]! > 0) arcs[none]!.push(row);
  }
  for (let column = 0; column < columns; column += 1) {
    arcs[spare]!.push(rows + column);
    if (flow.unclaimed[column]! > 0) arcs[rows + column]!.push(spare);
  }
  return stronglyConnected(arcs);
}

function stronglyConnected(arcs: readonly (readonly number[])[]): number[] {
  const order = new Array<number>(arcs.length).fill(-1);
  const low = new Array<number>(arcs.length).fill(0);
  const knot = new Array<number>(arcs.length).fill(-1);
  const next = new Array<number>(arcs.length).fill(0);
  const open: number[] = [];
  let visited = 0;
  let found = 0;
  for (let root = 0; root < arcs.length; root += 1) {
    if (order[root] !== -1) continue;
    const path = [root];
    while (path.length > 0) {
      const node = path.at(-1)!;
      if (order[node] === -1) {
        order[node] = low[node] = visited;
        visited += 1;
        open.push(node);
      }
      const target = arcs[node]![next[node]!];
      if (target !== undefined) {
        next[node]! += 1;
        if (order[target] === -1) path.push(target);
        else if (knot[target] === -1) low[node] = Math.min(low[node]!, order[target]!);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[node]!);
      if (low[node] !== order[node]) continue;
      for (let member = -1; member !== node; ) {
        member = open.pop()!;
        knot[member] = found;
      }
      found += 1;
    }
  }
  return knot;
}
