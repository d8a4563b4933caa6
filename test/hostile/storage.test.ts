import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import { ServiceError } from '@wherefrom/service';
import { openHouse } from './house.ts';

const TIMEOUT = { timeout: 150_000 };

describe('a database that fails', { concurrency: true }, () => {
  test('that another program has locked keeps no join: all are told later', TIMEOUT, async () => {
    await using house = await openHouse();
    const [one, other] = [house.town('one'), house.town('other')];
    await house.start();
    const lock = new DatabaseSync(house.databasePath);
    lock.exec('begin immediate');
    const users = [one, other].map((town) => town.join());
    await house.logged(/ERROR a step of a guild failed .*wherefrom\.db.*locked/);
    lock.exec('commit');
    lock.close();
    await one.told(users[0]!);
    await other.told(users[1]!);
    assert.equal(rows(house.databasePath), 2);
  });

  test('that is full loses nothing once there is room', TIMEOUT, async () => {
    await using house = await openHouse();
    const town = house.town('one');
    await house.start();
    const fence = fenceOff(house.databasePath);
    const userId = town.join();
    await house.logged(/ERROR a step of a guild failed .*/);
    fence.lift();
    await town.told(userId);
    assert.equal(rows(house.databasePath), 1);
  });

  test('that no longer may be written is named, and the process lives', TIMEOUT, async () => {
    await using house = await openHouse();
    const town = house.town('one');
    const first = await house.start();
    await first.stop();
    const writes = new DatabaseSync(house.databasePath);
    writes.exec('pragma journal_mode = delete');
    writes.close();
    chmodSync(house.databasePath, 0o444);
    if (process.getuid?.() === 0) return;
    await assert.rejects(house.start(), (error) => isCode(error, 'storage-unwritable'));
    chmodSync(house.databasePath, 0o644);
    await house.start();
    await town.told(town.join());
  });

  test('that is no database is refused by name, and left as it was', TIMEOUT, async () => {
    await using house = await openHouse();
    writeFileSync(house.databasePath, 'my holiday photographs\n'.repeat(500));
    await assert.rejects(house.start(), (error) => isCode(error, 'storage-corrupt'));
  });

  test('from a newer version is refused by name', TIMEOUT, async () => {
    await using house = await openHouse();
    await (await house.start()).stop();
    const newer = new DatabaseSync(house.databasePath);
    newer.exec("insert into kysely_migration values ('9999-later', '2030-01-01')");
    newer.close();
    await assert.rejects(house.start(), (error) => isCode(error, 'storage-newer'));
  });

  test('damaged in mid-run is named, and the process lives', TIMEOUT, async () => {
    await using house = await openHouse();
    const town = house.town('one');
    await house.start();
    const other = new DatabaseSync(house.databasePath);
    other.exec('drop table ledger');
    other.close();
    town.join();
    await house.logged(/ERROR a step of a guild failed .*no such table: ledger/);
    assert.doesNotMatch(house.log(), /\n\s+at /);
  });
});

test('two services on one database tell each join once each in the ledger', TIMEOUT, async () => {
  await using house = await openHouse();
  const town = house.town('one');
  await house.start();
  await house.start().catch((error: unknown) => {
    assert.ok(error instanceof ServiceError, String(error));
  });
  for (let n = 0; n < 5; n += 1) await town.told(town.join());
  await house.discord.settled({ idleMs: 500 });
  assert.equal(rows(house.databasePath), 5);
  const lines = town.lines();
  assert.equal(new Set(lines).size, lines.length, lines.join('\n'));
});

function isCode(error: unknown, code: string): boolean {
  assert.ok(error instanceof ServiceError, String(error));
  assert.equal(error.code, code);
  return true;
}

function rows(path: string): number {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return Number(database.prepare('select count(*) as n from ledger').get()?.n);
  } finally {
    database.close();
  }
}

/** Nothing can be inserted any more, as on a full disk: SQLite says so with the same words. */
function fenceOff(path: string): { lift(): void } {
  const database = new DatabaseSync(path);
  database.exec(`create trigger full before insert on ledger
    begin select raise(fail, 'database or disk is full'); end`);
  return {
    lift: () => {
      database.exec('drop trigger full');
      database.close();
    },
  };
}
