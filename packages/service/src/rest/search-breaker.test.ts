import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GuildId } from 'wherefrom';
import { SearchBreaker } from './search-breaker.ts';

const HOUR = 60 * 60_000;
const guild = (n: number): GuildId => String(n) as GuildId;

test('an endpoint that is gone is left alone for a day', () => {
  const breaker = new SearchBreaker();
  assert.equal(breaker.pauseMs(0), 0);
  breaker.withdraw(5);
  assert.equal(breaker.pauseMs(5), 24 * HOUR);
  assert.equal(breaker.pauseMs(5 + 23 * HOUR), HOUR);
  assert.equal(breaker.pauseMs(5 + 24 * HOUR), 0);
});

test('three guilds that refuse stop it for all, one that refuses three times does not', () => {
  const breaker = new SearchBreaker();
  for (let n = 0; n < 3; n += 1) assert.equal(breaker.noteRefusal(guild(1), n), false);
  assert.equal(breaker.noteRefusal(guild(2), 3), false);
  assert.equal(breaker.pauseMs(3), 0);
  assert.equal(breaker.noteRefusal(guild(3), 4), true);
  assert.equal(breaker.pauseMs(4), 24 * HOUR);
});

test('a refusal of yesterday does not count, nor do those before a stop', () => {
  const breaker = new SearchBreaker();
  breaker.noteRefusal(guild(1), 0);
  breaker.noteRefusal(guild(2), HOUR);
  assert.equal(breaker.noteRefusal(guild(3), 24 * HOUR), false);
  assert.equal(breaker.noteRefusal(guild(4), 24 * HOUR + 1), true);
  assert.equal(breaker.noteRefusal(guild(5), 49 * HOUR), false);
});
