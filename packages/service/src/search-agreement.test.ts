import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agreementOf, agreementText } from './search-agreement.ts';

const table: readonly (readonly [agreed: number, checked: number, text: string])[] = [
  [0, 0, 'no join could be checked yet'],
  [1, 1, '100 % of 1 checkable join agreed'],
  [407, 412, '98.7 % of 412 checkable joins agreed'],
  [0, 3, '0.0 % of 3 checkable joins agreed'],
  [9_999, 10_000, '99.9 % of 10,000 checkable joins agreed'],
  [10_000, 10_000, '100 % of 10,000 checkable joins agreed'],
];
for (const [agreed, checked, text] of table) {
  test(`${agreed} of ${checked} are worded`, () => {
    assert.equal(agreementText({ agreed, checked }), text);
  });
}

test('the notes of a tracker tell what agreed and what did not', () => {
  const notes = { 'search-agreed': 7, 'search-disagreed': 2, reopened: 4 };
  assert.deepEqual(agreementOf(notes), { checked: 9, agreed: 7 });
  assert.deepEqual(agreementOf({}), { checked: 0, agreed: 0 });
});
