import assert from 'node:assert/strict';
import { test } from 'node:test';
import { composeSnowflake, shardOf } from '@wherefrom/emulator';
import { Losses } from './losses.ts';

const NOW = 1_800_000_000_000;
const [first, second] = [0, 1].map((ms) => composeSnowflake(NOW + ms, 0)) as [string, string];
const shards = 2;
const shardId = shardOf(first, shards);

test('a session that is lost takes with it the guilds of its own shard only', () => {
  assert.notEqual(shardOf(second, shards), shardId);
  const losses = new Losses(shards);
  losses.begin('session', { shardId }, NOW);
  losses.begin('session', { shardId: 1 - shardId }, NOW + 10_000);
  losses.end('session', { shardId }, NOW + 20_000);
  assert.equal(losses.over(first, NOW + 5_000).length, 1);
  assert.equal(losses.about(second, NOW + 5_000).length, 0);
  assert.equal(losses.about(first, NOW + 25_000).length, 0);
  assert.equal(losses.over(second, NOW + 25_000).length, 1);
});

test('a guild that was stored ahead of its session lost less', () => {
  const losses = new Losses(1);
  losses.begin('session', { shardId: 0 }, NOW, new Map([[first, NOW + 600]]));
  assert.equal(losses.over(first, NOW + 500).length, 0);
  assert.equal(losses.over(second, NOW + 500).length, 1);
  // Discord's event may come a moment after the join.
  assert.equal(losses.about(first, NOW + 500).length, 1);
  assert.equal(losses.over(first, NOW + 700).length, 1);
});

test('until a process was told that a loss is over, the member list may be the first to tell', () => {
  const losses = new Losses(1);
  losses.begin('outage', { guildId: first }, NOW);
  losses.remainsUntold(first);
  assert.equal(losses.isFoundFirst(first, NOW + 1_000), false, 'it is not over yet');
  losses.end('outage', { guildId: first }, NOW + 2_000);
  losses.remainsUntold(first);
  losses.wasTold(first, NOW + 20_000);
  losses.wasTold(first, NOW + 40_000);
  assert.equal(losses.isFoundFirst(first, NOW - 1_000), false);
  assert.equal(losses.isFoundFirst(first, NOW + 15_000), true);
  assert.equal(losses.isFoundFirst(first, NOW + 30_000), false);
  assert.equal(losses.isFoundFirst(second, NOW + 15_000), false);
});
