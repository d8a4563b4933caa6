import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTargetsJobCompleted, targetsFromCsv } from './targets.ts';

const table: readonly (readonly [string, unknown, readonly string[] | null])[] = [
  ['ids under the header are read', 'user_id\n1\n2\n', ['1', '2']],
  ['other line ends and quotes are read', '\uFEFF"user_id"\r\n"1"\r\n\r\n2', ['1', '2']],
  ['a header alone is an empty list', 'user_id', []],
  ['another header is no list', 'Users\n1', null],
  ['a broken line makes the list worthless', 'user_id\n1\nx', null],
  ['an empty answer is no list', '', null],
  ['JSON is no list', { user_ids: ['1'] }, null],
];
for (const [sentence, csv, expected] of table) {
  test(sentence, () => assert.deepEqual(targetsFromCsv(csv), expected));
}

test('only status 2 is a completed job', () => {
  assert.deepEqual([{ status: 2 }, { status: 1 }, {}, null].map(isTargetsJobCompleted), [
    true,
    false,
    false,
    false,
  ]);
});
