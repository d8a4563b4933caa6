import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startEmulator } from '@wherefrom/emulator';
import { openHouse } from './bot-process.ts';
import { by, openStage } from './stage.ts';

const TIMEOUT = { timeout: 120_000 };
/** Every third filler came by an invite, every fifth of the others by Server Discovery. */
const SOURCES = [
  { every: 3, code: 'old-link' },
  { every: 5, type: 3 },
];
const FILLERS = 2_500;
const NAMED = Array.from({ length: FILLERS }).filter((_, n) => n % 3 === 0 || n % 5 === 0).length;

describe('members from before the bot', { concurrency: true }, () => {
  test('are named by the record, or told to have none, without a line', TIMEOUT, async () => {
    await using stage = await openStage();
    const town = stage.town('old', { fillers: FILLERS, fillerSources: SOURCES });
    await stage.start();
    const progress = () => stage.service.backfill?.progress(town.guildId) ?? null;
    await stage.until('it is done', () => progress()?.state === 'done');
    const { done, total, reported, noRecord } = progress()!;
    // The owner and the bot itself are members too.
    assert.deepEqual([done, total], [FILLERS + 2, FILLERS + 2]);
    assert.deepEqual([reported, noRecord], [NAMED, FILLERS + 1 - NAMED]);
    assert.equal(town.lines().length, 0);
    const counts = await stage.service.store.ledger.counts(town.guildId);
    const { joins, settled, byCertainty } = counts;
    assert.deepEqual([joins, settled], [FILLERS + 2, FILLERS + 2]);
    assert.deepEqual([byCertainty.reported, byCertainty.unknown], [NAMED, FILLERS + 1 - NAMED]);
    assert.equal(town.searches(), 3);
    assert.deepEqual(stage.emulator.errors, []);
  });

  test('are known from then on: who leaves had come so, who returns returns', TIMEOUT, async () => {
    await using stage = await openStage();
    const town = stage.town('known', { fillers: 9, fillerSources: SOURCES });
    await stage.start();
    const { backfill, store } = stage.service;
    await stage.until('it is done', () => backfill?.progress(town.guildId)?.state === 'done');
    const entries = await store.ledger.byGuild(town.guildId);
    const named = entries.find(({ attribution }) => attribution.certainty === 'reported');
    const userId = named?.attribution.userId ?? '';
    const { act } = stage.emulator;
    act({ kind: 'repeatAdd', guildId: town.guildId, userId });
    act({ kind: 'leave', guildId: town.guildId, userId });
    await stage.until('the leave has its line', () => town.linesOf(userId).length === 1);
    assert.match(town.linesOf(userId)[0] ?? '', /left after .* · had joined with `old-link`/);
    town.join(by(town.codes[0]), userId);
    await stage.until('the return has its line', () => town.linesOf(userId).length === 2);
    assert.match(town.linesOf(userId)[1] ?? '', / · returning$/);
    assert.equal(stage.service.tracker.health().notes.repeat, 1);
  });

  test('are looked up whatever way the cursors go', TIMEOUT, async () => {
    await using stage = await openStage({ deterministic: true, searchCursors: 'order' });
    const town = stage.town('order', { fillers: FILLERS, fillerSources: SOURCES });
    await stage.start();
    const progress = () => stage.service.backfill?.progress(town.guildId) ?? null;
    await stage.until('it is done', () => progress()?.state === 'done');
    assert.deepEqual([progress()?.done, progress()?.reported], [FILLERS + 2, NAMED]);
  });

  test('wait for an index that is being built', TIMEOUT, async () => {
    await using stage = await openStage({ deterministic: true, searchColdMs: 6_000 });
    const town = stage.town('cold', { fillers: 5, fillerSources: SOURCES });
    await stage.start();
    const progress = () => stage.service.backfill?.progress(town.guildId) ?? null;
    await stage.until('it waits', () => progress()?.waitsFor === 'not-indexed');
    await stage.until('it is done', () => progress()?.state === 'done');
    assert.deepEqual([progress()?.done, progress()?.waitsFor], [7, null]);
  });

  test('are left where the server refuses, until it lets the bot in again', TIMEOUT, async () => {
    await using stage = await openStage();
    const town = stage.town('shut', { fillers: 5, fillerSources: SOURCES });
    const refusal = town.spoil({ kind: 'restError', status: 403, code: 50013 });
    await stage.start();
    const progress = () => stage.service.backfill?.progress(town.guildId) ?? null;
    await stage.until('it is refused', () => progress()?.state === 'refused');
    refusal.clear();
    const { guildId } = town;
    const { act } = stage.emulator;
    act({ kind: 'setBotPermissions', guildId, permissions: ['VIEW_CHANNEL'] });
    act({ kind: 'setBotPermissions', guildId, permissions: ['MANAGE_GUILD', 'VIEW_AUDIT_LOG'] });
    await stage.until('it is done', () => progress()?.state === 'done');
    assert.equal(progress()?.done, 7);
  });

  test('that cannot be read end it with a reason', TIMEOUT, async () => {
    await using stage = await openStage();
    const town = stage.town('broken', { fillers: 5, fillerSources: SOURCES });
    town.spoil({ kind: 'malformedEntries' });
    await stage.start();
    const progress = () => stage.service.backfill?.progress(town.guildId) ?? null;
    await stage.until('it is stuck', () => progress()?.state === 'stuck');
    assert.match(progress()?.reason ?? '', /nobody on a page/);
    assert.match(stage.log, /WARN the records of members from before the bot/);
  });

  test('are each written once, however often the process is killed', TIMEOUT, async () => {
    const fillers = 12_000;
    const routes = { 'POST /guilds/:guild/members-search': { limit: 1, windowMs: 200 } };
    await using discord = await startEmulator({ deterministic: true, limits: { routes } });
    const created = discord.act({
      kind: 'createGuild',
      name: 'old',
      fillers,
      fillerSources: SOURCES,
    });
    const { guildId } = created;
    await using house = await openHouse(discord);
    const pages = () => house.searches();
    for (let kill = 1; kill <= 4; kill += 1) {
      const bot = house.start();
      const before = pages();
      await discord.waitFor(() => pages() >= before + 2, { timeoutMs: 60_000 });
      await bot.kill();
    }
    assert.ok(house.rows() < fillers, 'it was not done before the last kill');
    const bot = house.start();
    await house.until('it is done', () => house.job(guildId)?.state === 'done');
    await bot.stop();
    const { done, total, reported, no_record } = house.job(guildId)!;
    assert.deepEqual([done, total, reported + no_record], [fillers + 2, fillers + 2, fillers + 1]);
    assert.equal(house.rows(), fillers + 2);
    assert.equal(house.members(), fillers + 2);
    assert.equal(discord.messages(created.channelIds['join-logs'] ?? '').length, 0);
    // Thirteen, and one again for each kill that came between an answer and its storing.
    assert.ok(pages() <= 13 + 4, `${pages()} pages`);
    assert.deepEqual(discord.errors, []);
  });
});
