import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { emptyState, type GuildId, type GuildStep, type InviteCode } from 'wherefrom';
import { ServiceError } from '../service-error.ts';
import { type Database, openDatabase } from './database.ts';
import { CODE, GUILD, inviteRecord, LOGGING, NOON, stepOf } from './examples.ts';
import { JournalRows } from './journal-rows.ts';
import { RecordedJournals } from './recorded-journals.ts';
import { SqliteGuildStore } from './sqlite-guild-store.ts';
import { JOURNAL_KEPT_MS, SqliteJournal } from './sqlite-journal.ts';

const DAY_MS = 86_400_000;
const OTHER = '900000000000000002' as GuildId;

describe('the journal', () => {
  let folder: string;
  let database: Database;
  let store: SqliteGuildStore;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wherefrom-journal-'));
    database = await openDatabase(join(folder, 'wherefrom.db'));
    store = new SqliteGuildStore(database, LOGGING, new JournalRows(database.sqlite));
  });
  afterEach(() => {
    database.sqlite.close();
    rmSync(folder, { recursive: true });
  });

  /** A step that follows on another, or on nothing, with something to tell it by. */
  const stepAt = (at: number, last: GuildStep | null = null, guildId = GUILD): GuildStep =>
    stepOf({
      guildId,
      at,
      observations: [{ kind: 'time', at }],
      ...(last === null ? {} : { before: last.state }),
      state: emptyState(),
    });

  /** `start` for a state, else the time of the first observation in minutes after noon. */
  const entries = (guildId = GUILD, since = 0): readonly (string | number)[] => {
    using journals = new RecordedJournals(database.path);
    return journals.entries(guildId, since).map((entry) => {
      if (entry.kind === 'start') return 'start';
      return (entry.observations[0]!.at - NOON) / 60_000;
    });
  };

  const minute = (count: number): number => NOON + count * 60_000;

  it('begins with the state before the first step, and goes on with the steps', async () => {
    const invites = new Map([[CODE, inviteRecord()]]);
    const first = { ...stepAt(NOON), before: { ...emptyState(), invites } };
    await store.commit(first);
    await store.commit(stepAt(minute(1), first));
    using journals = new RecordedJournals(database.path);
    const [start, ...steps] = journals.entries(GUILD, 0);
    assert.ok(start?.kind === 'start');
    assert.deepEqual(start.state.invites, [{ code: CODE, ...inviteRecord() }]);
    assert.equal(start.constants.SETTLE_MS, 3_000);
    assert.deepEqual(
      steps.map((entry) => entry.kind),
      ['step', 'step'],
    );
    const [guild] = journals.guilds();
    assert.deepEqual(
      [guild?.guild, guild?.steps, guild?.from, guild?.to],
      [GUILD, 2, NOON, minute(1)],
    );
  });

  it('is not written where it is not wanted', async () => {
    await new SqliteGuildStore(database, LOGGING).commit(stepAt(NOON));
    assert.deepEqual(entries(), []);
  });

  it('has nothing of a step that could not be stored, and one entry once it could', async () => {
    const first = stepAt(NOON);
    await store.commit(first);
    const pages = database.sqlite.prepare('pragma page_count').get()?.page_count;
    database.sqlite.exec(`pragma max_page_count = ${Number(pages)}`);
    const codes = Array.from({ length: 5_000 }, (_, index) => `code${index}` as InviteCode);
    const invites = new Map(codes.map((code) => [code, inviteRecord()]));
    const large = {
      ...stepAt(minute(1), first),
      state: { ...emptyState(), invites },
      changedCodes: codes,
    };
    await assert.rejects(store.commit(large), (error) => error instanceof ServiceError);
    assert.deepEqual(entries(), ['start', 0]);
    database.sqlite.exec('pragma max_page_count = 100000');
    await store.commit(large);
    await store.commit(stepAt(minute(2), large));
    assert.deepEqual(entries(), ['start', 0, 1, 2]);
  });

  it('has nothing of a step whose transaction fails when its entry is written already', async () => {
    const failures = [new Error('no power'), new Error('no power')];
    const failing = {
      write: (): void => {
        const failure = failures.pop();
        if (failure !== undefined) throw failure;
      },
      finished: (): void => {},
    };
    const rows = new JournalRows(database.sqlite);
    const unlucky = new SqliteGuildStore(database, LOGGING, rows, failing);
    const first = stepAt(NOON);
    for (const left of [1, 0]) {
      await assert.rejects(unlucky.commit(first));
      assert.deepEqual([entries(), failures.length], [[], left]);
    }
    await unlucky.commit(first);
    await unlucky.commit(stepAt(minute(1), first));
    assert.deepEqual(entries(), ['start', 0, 1]);
  });

  it('has one entry of a step that is stored twice, with all that was observed by then', async () => {
    const first = stepAt(NOON);
    await store.commit(first);
    await store.commit(first);
    const second = stepAt(minute(1), first);
    await store.commit(second);
    // It seemed to fail; meanwhile one more observation has come.
    const longer = {
      ...second,
      observations: [...second.observations, ...stepAt(minute(2)).observations],
    };
    await store.commit(longer);
    assert.deepEqual(entries(), ['start', 0, 1]);
    using journals = new RecordedJournals(database.path);
    const last = journals.entries(GUILD, 0).at(-1);
    assert.ok(last?.kind === 'step');
    assert.equal(last.observations.length, 2);
  });

  it('begins again after a restart and after a time without it', async () => {
    const first = stepAt(NOON);
    await store.commit(first);
    const unrecorded = stepAt(minute(1), first);
    await new SqliteGuildStore(database, LOGGING).commit(unrecorded);
    await store.commit(stepAt(minute(2), unrecorded));
    const restarted = new SqliteGuildStore(database, LOGGING, new JournalRows(database.sqlite));
    await restarted.commit(stepAt(minute(3)));
    assert.deepEqual(entries(), ['start', 0, 'start', 2, 'start', 3]);
  });

  it('keeps guilds apart', async () => {
    await store.commit(stepAt(NOON));
    await store.commit(stepAt(minute(1), null, OTHER));
    assert.deepEqual(
      [entries(GUILD), entries(OTHER)],
      [
        ['start', 0],
        ['start', 1],
      ],
    );
  });

  it('is told from the segment on that a moment lies in', async () => {
    let last: GuildStep | null = null;
    for (const at of [0, 1, DAY_MS, DAY_MS + 60_000, 2 * DAY_MS]) {
      last = stepAt(NOON + at, last);
      await store.commit(last);
    }
    assert.deepEqual(entries(GUILD, NOON + DAY_MS + 1), ['start', 1440, 1441, 'start', 2880]);
    assert.deepEqual(entries(GUILD, NOON - 1).length, 8);
    assert.deepEqual(entries(GUILD, NOON + 9 * DAY_MS), ['start', 2880]);
  });

  it('loses its oldest segments where it grows too large, and still begins with a state', async () => {
    const limits = { segmentBytes: 4_000, keptBytes: 16_000 };
    const small = new SqliteGuildStore(database, LOGGING, new JournalRows(database.sqlite, limits));
    let last: GuildStep | null = null;
    for (let at = 0; at < 400; at += 1) {
      last = stepAt(minute(at), last);
      await small.commit(last);
    }
    const kept = entries();
    assert.equal(kept[0], 'start');
    assert.equal(kept.at(-1), 399);
    const first = kept.filter((entry) => entry !== 'start')[0];
    assert.deepEqual(
      kept.filter((entry) => entry !== 'start'),
      Array.from({ length: 400 - Number(first) }, (_, index) => Number(first) + index),
    );
    using journals = new RecordedJournals(database.path);
    const bytes = journals.guilds()[0]?.bytes ?? 0;
    assert.ok(bytes > 8_000 && bytes <= 16_000, `${bytes} bytes`);
  });

  it('holds nothing older than seven days, whether it is still written or not', async () => {
    let last: GuildStep | null = null;
    for (let day = 0; day < 10; day += 1) {
      last = stepAt(NOON + day * DAY_MS, last);
      await store.commit(last);
    }
    await store.commit(stepAt(NOON, null, OTHER));
    const journal = new SqliteJournal(database);
    assert.equal(journal.forget(NOON + 9 * DAY_MS + 1), false);
    const days = entries().filter((entry) => entry !== 'start');
    assert.deepEqual(
      days,
      [3, 4, 5, 6, 7, 8, 9].map((day) => day * 1440),
    );
    assert.deepEqual(entries(OTHER), []);
    journal.forget(NOON + 9 * DAY_MS + JOURNAL_KEPT_MS + 1);
    assert.deepEqual(entries(), []);
    // What goes on afterwards begins with its state again.
    await store.commit(stepAt(NOON + 20 * DAY_MS, last));
    assert.equal(entries()[0], 'start');
  });

  it('forgets many segments a few at a time', async () => {
    for (let at = 0; at < 50; at += 1) {
      await store.commit(stepAt(minute(at)));
    }
    const journal = new SqliteJournal(database);
    const later = NOON + JOURNAL_KEPT_MS + DAY_MS;
    assert.deepEqual(
      [0, 1, 2, 3].map(() => journal.forget(later)),
      [true, true, false, false],
    );
    assert.deepEqual(entries(), []);
  });
});

describe('a database that is only looked at', () => {
  it('is told apart from one that is not there, not ours, or older', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wherefrom-journal-'));
    const path = join(folder, 'wherefrom.db');
    const refused = (code: string) => (error: unknown) =>
      error instanceof ServiceError && error.code === code;
    assert.throws(() => new RecordedJournals(path), refused('journal-none'));
    const { sqlite } = await openDatabase(path);
    sqlite.exec('drop table journal');
    assert.throws(() => new RecordedJournals(path), refused('journal-none'));
    sqlite.exec('pragma application_id = 7');
    assert.throws(() => new RecordedJournals(path), refused('storage-corrupt'));
    sqlite.close();
    assert.throws(() => new RecordedJournals(folder), refused('journal-shut'));
    rmSync(folder, { recursive: true });
  });
});
