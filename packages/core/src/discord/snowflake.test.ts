import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GuildId } from '../engine/ids.ts';
import { idOf, idsOf, shardOfGuild, snowflakeTime } from './snowflake.ts';

test('an id tells when it was made', () => {
  assert.equal(snowflakeTime('175928847299117063'), 1_462_015_105_796);
  assert.equal(snowflakeTime('not an id'), null);
});

test('a guild belongs to one shard', () => {
  assert.equal(shardOfGuild('197038439483310086' as GuildId, 1), 0);
  assert.equal(
    shardOfGuild('197038439483310086' as GuildId, 10),
    Number((197038439483310086n >> 22n) % 10n),
  );
});

test('only 64 bits written as text are an id', () => {
  assert.equal(idOf('18446744073709551615'), '18446744073709551615');
  for (const value of ['18446744073709551616', '', '-1', '1.5', '1e3', ' 1', 12, null, {}, ['1']]) {
    assert.equal(idOf(value), null);
  }
  assert.deepEqual(idsOf(['1', null, 'x', '2']), ['1', '2']);
  assert.deepEqual(idsOf('12'), []);
});
