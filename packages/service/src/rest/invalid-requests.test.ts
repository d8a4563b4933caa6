import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InvalidRequests } from './invalid-requests.ts';

const MINUTE = 60_000;

test('a place is shut after its refusals and opens when they are ten minutes old', () => {
  const invalid = new InvalidRequests(100, 2);
  invalid.note('a', 403, 0);
  assert.equal(invalid.isShut('a', 1), false);
  invalid.note('a', 403, MINUTE);
  assert.equal(invalid.isShut('a', MINUTE), true);
  assert.equal(invalid.isShut('b', MINUTE), false);
  assert.equal(invalid.isShut('a', 10 * MINUTE), false);
});

test('everything pauses when the whole address gets too many', () => {
  const invalid = new InvalidRequests(3);
  for (const [index, status] of [401, 200, 404, 429, 500].entries())
    invalid.note('a', status, index);
  assert.equal(invalid.pauseMs(10), 0);
  invalid.note('b', 403, 10);
  assert.equal(invalid.pauseMs(10), 10 * MINUTE - 10);
  assert.equal(invalid.pauseMs(10 * MINUTE), 0);
  assert.equal(invalid.count(11), 3);
});
