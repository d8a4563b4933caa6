import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { assign } from './flow.ts';

interface Table {
  readonly supply: readonly number[];
  readonly capacity: readonly number[];
  readonly pairs: readonly (readonly number[])[];
}

const tables: fc.Arbitrary<Table> = fc
  .record({
    supply: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 4 }),
    capacity: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }),
    allowed: fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }),
  })
  .map(({ supply, capacity, allowed }) => ({
    supply,
    capacity,
    pairs: supply.map((_, row) =>
      capacity.flatMap((_, column) => (allowed[row * 4 + column] ? [column] : [])),
    ),
  }));

/** Every way to give each member one use or none; what the largest ones use. */
function tryAll({ supply, capacity, pairs }: Table): { most: number; used: Set<string> } {
  const members = supply.flatMap((count, row) => new Array<number>(count).fill(row));
  const left = [...capacity];
  let most = -1;
  let used = new Set<string>();
  const extend = (taken: readonly string[], count: number): void => {
    const row = members[taken.length];
    if (row === undefined) {
      if (count > most) [most, used] = [count, new Set()];
      if (count === most) for (const pair of taken) used.add(pair);
      return;
    }
    extend([...taken, `${row}-none`], count);
    for (const column of pairs[row]!) {
      if (left[column] === 0) continue;
      left[column]! -= 1;
      extend([...taken, `${row}-${column}`], count + 1);
      left[column]! += 1;
    }
  };
  extend([], 0);
  return { most, used };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, n) => all + n, 0);

describe('the assignment of joins to uses', () => {
  it('takes as many uses as the best of all ways', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const { unmatched, unclaimed, amount } = assign(table.supply, table.capacity, table.pairs);
        const taken = sum(table.supply) - sum(unmatched);
        assert.equal(taken, tryAll(table).most);
        assert.equal(taken, sum(table.capacity) - sum(unclaimed));
        assert.equal(taken, sum(amount.map(sum)));
      }),
    );
  });

  it('ties together exactly the pairs that some best way uses', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const { supply, capacity, pairs } = table;
        const { knot, noneKnot } = assign(supply, capacity, pairs);
        const { used } = tryAll(table);
        supply.forEach((_, row) => {
          for (const column of pairs[row]!) {
            const tied = knot[row] === knot[supply.length + column];
            assert.equal(tied, used.has(`${row}-${column}`), `row ${row}, column ${column}`);
          }
          const without = noneKnot !== -1 && knot[row] === noneKnot;
          assert.equal(without, used.has(`${row}-none`), `row ${row}, none`);
        });
      }),
    );
  });
});
