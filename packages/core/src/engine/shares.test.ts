import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { divideUses } from './shares.ts';
import { join, list, tell } from './story.ts';
import { admittedWorlds, type Problem, problemsOf } from './worlds.ts';

/** The window of a guild that saw these joins (tenths of seconds) and then these counts. */
function problemsAfter(joins: readonly number[], counts: readonly number[]): Problem[] {
  const names = counts.map((_, index) => `C${index}`);
  const halves = (part: (count: number) => number) =>
    Object.fromEntries(counts.map((count, index) => [names[index]!, part(count)]));
  const { state } = tell([
    list(0, Object.fromEntries(names.map((name) => [name, 0]))),
    ...joins.map((tenths, index) => join(`u${index}`, 10 + tenths / 10, { told: 12.5 })),
    list(
      12.6,
      halves((count) => count >> 1),
    ),
    list(
      15,
      halves((count) => count),
    ),
  ]);
  return problemsOf(state.rest.joins, state.rest.classes, null);
}

const windows = fc.record({
  joins: fc.array(fc.integer({ min: 0, max: 25 }), { minLength: 1, maxLength: 8 }),
  counts: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 3 }),
});

describe('shares', () => {
  it('add up to the joins of each group and to no more than the uses of each code', () => {
    fc.assert(
      fc.property(windows, ({ joins, counts }) => {
        for (const problem of problemsAfter(joins, counts)) {
          const worlds = admittedWorlds(problem);
          for (const cluster of new Set(worlds.answers.map((answer) => answer.cluster))) {
            checkSums(problem, divideUses(problem, worlds, cluster)!);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  function checkSums(problem: Problem, table: NonNullable<ReturnType<typeof divideUses>>): void {
    const columns = new Map<number, number>();
    for (const [row, cells] of table) {
      let total = 0;
      for (const [column, cell] of cells) {
        total += cell;
        columns.set(column, (columns.get(column) ?? 0) + cell);
      }
      assert.ok(Math.abs(total - problem.groups[row]!.joins.length) < 1e-6, `row ${row}: ${total}`);
    }
    for (const [column, total] of columns) {
      if (column === -1) continue;
      assert.ok(total < problem.classes[column]!.counted + 1e-6, `column ${column}: ${total}`);
    }
  }

  it('are uses by joins where all joins are alike, and the sums are told', () => {
    const { records } = tell([
      list(0, { A: 0, B: 0 }),
      ...['x', 'y', 'z'].map((user) => join(user, 10)),
      list(10.5, { A: 2, B: 1 }),
    ]);
    const { candidates, group } = records.at(-1)!;
    assert.deepEqual(
      candidates.map(({ share }) => share),
      [2 / 3, 1 / 3],
    );
    assert.equal(group?.size, 3);
    assert.deepEqual(
      group?.sums.map(({ uses }) => uses),
      [2, 1],
    );
  });
});
