import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LONGEST_SPACING_MS, listSpacing, takeSlot } from './pace.ts';

const table: readonly (readonly [openRequests: number, spacingMs: number])[] = [
  [0, 600],
  [25, 600],
  [137.5, 1_300],
  [250, 2_000],
  [100_000, 2_000],
];
for (const [openRequests, spacingMs] of table) {
  test(`with ${openRequests} open requests lists are ${spacingMs} ms apart`, () => {
    assert.equal(listSpacing(openRequests), spacingMs);
  });
}

test('the spacing never falls while the queue grows', () => {
  for (let open = 0, before = 0; open < 400; open += 1) {
    const spacing = listSpacing(open);
    assert.ok(spacing >= before && spacing <= LONGEST_SPACING_MS);
    before = spacing;
  }
});

test('slots are evenly spread, and none is saved up', () => {
  let pace = { nextAt: 0 };
  const at: number[] = [];
  for (const now of [1_000, 1_000, 1_000, 5_000, 5_000]) {
    const slot = takeSlot(pace, now, 10);
    pace = slot.pace;
    at.push(slot.at);
  }
  assert.deepEqual(at, [1_000, 1_100, 1_200, 5_000, 5_100]);
});
