import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { ServiceError, type ServiceErrorCode } from '../service-error.ts';
import { openDatabase } from './database.ts';
import { LOGGING } from './examples.ts';
import { openSqliteStore } from './sqlite-store.ts';
import { storageFailure } from './storage-failure.ts';

describe('opening the database', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wherefrom-'));
    path = join(folder, 'wherefrom.db');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('makes the file and its folder, and opens it again', async () => {
    const deep = join(folder, 'a', 'b', 'wherefrom.db');
    for (let round = 0; round < 2; round += 1) (await openDatabase(deep)).sqlite.close();
  });

  it('writes ahead and checks foreign keys', async () => {
    const { sqlite } = await openDatabase(path);
    assert.equal(sqlite.prepare('pragma journal_mode').get()?.journal_mode, 'wal');
    assert.equal(sqlite.prepare('pragma foreign_keys').get()?.foreign_keys, 1);
    sqlite.close();
  });

  it('refuses a folder that cannot be made', async () => {
    writeFileSync(join(folder, 'file'), '');
    await refuses(join(folder, 'file', 'wherefrom.db'), 'storage-unwritable');
  });

  it('refuses a folder it may not write in', {
    skip: process.getuid?.() === 0 && 'root may write anywhere',
  }, async () => {
    chmodSync(folder, 0o500);
    await refuses(path, 'storage-unwritable');
    chmodSync(folder, 0o700);
  });

  it('refuses a file that is no database, and does not touch it', async () => {
    const text = 'these are the notes of somebody else\n'.repeat(300);
    writeFileSync(path, text);
    await refuses(path, 'storage-corrupt');
    assert.equal(readFileSync(path, 'utf8'), text);
  });

  it('refuses a damaged file, and does not touch it', async () => {
    await filled(path);
    const damaged = readFileSync(path);
    damaged.fill(0xa5, 4_096 + 8, 4_096 * 4);
    writeFileSync(path, damaged);
    await refuses(path, 'storage-corrupt');
    assert.deepEqual(readFileSync(path), damaged);
  });

  it('refuses the database of another program', async () => {
    const other = new DatabaseSync(path);
    other.exec('create table bookmarks (url text)');
    other.close();
    await refuses(path, 'storage-corrupt');
  });

  it('refuses a database from a newer version, and does not touch it', async () => {
    const { sqlite } = await openDatabase(path);
    sqlite.exec("insert into kysely_migration values ('0999-later', '2030-01-01')");
    sqlite.close();
    const before = readFileSync(path);
    await refuses(path, 'storage-newer');
    assert.deepEqual(readFileSync(path), before);
  });

  it('names when each shard was last alive, across a restart', async () => {
    const first = await openSqliteStore({ ...LOGGING, path });
    assert.equal(first.alive.lastAlive(), null);
    first.alive.markAlive(5_000);
    first.alive.markAlive(4_000);
    first.alive.markAlive(7_000, 1);
    first.close();
    first.close();
    const second = await openSqliteStore({ ...LOGGING, path });
    assert.deepEqual([second.alive.lastAlive(), second.alive.lastAlive(1)], [5_000, 7_000]);
    second.close();
  });
});

describe('storageFailure', () => {
  const table: readonly [number | string, ServiceErrorCode][] = [
    [8, 'storage-unwritable'],
    [1_544, 'storage-unwritable'],
    [14, 'storage-unwritable'],
    [5, 'storage-unwritable'],
    [10, 'storage-unwritable'],
    [13, 'storage-full'],
    [11, 'storage-corrupt'],
    [267, 'storage-corrupt'],
    [26, 'storage-corrupt'],
    ['EROFS', 'storage-unwritable'],
    ['EACCES', 'storage-unwritable'],
    ['ENOSPC', 'storage-full'],
  ];
  for (const [thrown, code] of table) {
    it(`calls ${thrown} ${code} and names the file`, () => {
      const cause = Object.assign(
        new Error('it broke'),
        typeof thrown === 'number' ? { errcode: thrown } : { code: thrown },
      );
      const failure = storageFailure('/data/wherefrom.db', cause);
      assert.equal(failure.code, code);
      assert.match(failure.message, /\/data\/wherefrom\.db/);
      assert.equal(failure.cause, cause);
    });
  }
});

async function refuses(path: string, code: ServiceErrorCode): Promise<void> {
  await assert.rejects(openDatabase(path), (error) => {
    assert.ok(error instanceof ServiceError, String(error));
    assert.equal(error.code, code, error.message);
    assert.ok(error.message.includes(path));
    return true;
  });
}

async function filled(path: string): Promise<void> {
  const { sqlite } = await openDatabase(path);
  const insert = sqlite.prepare('insert into guild (id, rest) values (?, ?)');
  for (let id = 0; id < 500; id += 1) insert.run(String(id), '{}'.repeat(100));
  sqlite.exec('pragma wal_checkpoint(truncate)');
  sqlite.close();
}
