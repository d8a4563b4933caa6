import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timeOf } from './timestamp.ts';

const table: readonly (readonly [unknown, number | null])[] = [
  ['2026-11-22T13:39:20.123456+00:00', Date.UTC(2026, 10, 22, 13, 39, 20, 123)],
  ['2026-11-22T13:39:20.999999+00:00', Date.UTC(2026, 10, 22, 13, 39, 20, 999)],
  ['2026-11-22T13:39:20+00:00', Date.UTC(2026, 10, 22, 13, 39, 20)],
  ['2026-11-22T13:39:20.5Z', Date.UTC(2026, 10, 22, 13, 39, 20, 500)],
  ['2026-11-22T13:39:20+02:00', Date.UTC(2026, 10, 22, 11, 39, 20)],
  ['2026-11-22T13:39:20-05:30', Date.UTC(2026, 10, 22, 19, 9, 20)],
  ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
  ['2026-02-29T00:00:00Z', null],
  ['2026-13-01T00:00:00Z', null],
  ['2026-11-22T24:00:00Z', null],
  ['2026-11-22', null],
  ['yesterday', null],
  ['', null],
  [1_700_000_000_000, null],
  [null, null],
  [undefined, null],
];

for (const [text, expected] of table) {
  test(`the timestamp ${JSON.stringify(text)} is ${expected}`, () => {
    assert.equal(timeOf(text), expected);
  });
}
