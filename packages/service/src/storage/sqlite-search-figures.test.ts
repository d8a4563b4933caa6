import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyState, type GuildId } from 'wherefrom';
import { openDatabase } from './database.ts';
import { GUILD, LOGGING, stepOf } from './examples.ts';
import { SqliteGuildStore } from './sqlite-guild-store.ts';
import { SqliteSearchFigures } from './sqlite-search-figures.ts';

test('guilds that heard another setting are named', async () => {
  const database = await openDatabase(':memory:');
  const store = new SqliteGuildStore(database, LOGGING);
  const figures = new SqliteSearchFigures(database);
  const { invites, rest } = emptyState();
  for (const [id, search] of [
    ['5', 'off'],
    ['6', 'ambiguous'],
  ] as const) {
    const access = { ...rest.access, search };
    const state = { invites, rest: { ...rest, access } };
    await store.commit(stepOf({ guildId: id as GuildId, state }));
  }
  assert.deepEqual(figures.outdated('off'), ['6']);
  assert.deepEqual(figures.outdated('ambiguous'), ['5']);
  assert.deepEqual(figures.outdated('always'), ['5', '6']);
  database.sqlite.close();
});

test('the agreement of a guild is read from its state, and of all from all states', async () => {
  const database = await openDatabase(':memory:');
  const store = new SqliteGuildStore(database, LOGGING);
  const figures = new SqliteSearchFigures(database);
  const { invites, rest } = emptyState();
  const count = async (id: string, checked: number, agreed: number): Promise<void> => {
    const search = { ...rest.search, checked, agreed };
    await store.commit(
      stepOf({ guildId: id as GuildId, state: { invites, rest: { ...rest, search } } }),
    );
  };
  assert.deepEqual(figures.total(), { checked: 0, agreed: 0 });
  await count(GUILD, 412, 407);
  await count('5', 8, 8);
  await count('6', 0, 0);
  assert.deepEqual(figures.of(GUILD), { checked: 412, agreed: 407 });
  assert.deepEqual(figures.of('6' as GuildId), { checked: 0, agreed: 0 });
  assert.deepEqual(figures.of('7' as GuildId), { checked: 0, agreed: 0 });
  assert.deepEqual(figures.total(), { checked: 420, agreed: 415 });
  database.sqlite.close();
});
