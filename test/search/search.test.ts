import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { by, lagging, openStage, type Stage } from './stage.ts';
import type { SearchFault, Town } from './town.ts';

const TIMEOUT = { timeout: 120_000 };
const OPEN = 'ambiguous one of several';
const FROM_RECORD = /· from Discord's own record/;

/** Both members of a pair are known by Discord's record, each in the one line that there was. */
async function resolved(stage: Stage, town: Town, pair: readonly [string, string]): Promise<void> {
  const [one, other] = pair;
  const [a, b] = town.codes;
  await town.says(one, `reported invite ${a}`);
  await town.says(other, `reported invite ${b}`);
  await stage.until('the lines are edited', () =>
    pair.every((userId) => FROM_RECORD.test(town.linesOf(userId)[0] ?? '')),
  );
  for (const [n, userId] of pair.entries()) {
    const lines = town.linesOf(userId);
    assert.equal(lines.length, 1, lines.join('\n'));
    assert.match(lines[0] ?? '', new RegExp(`\`${town.codes[n]}\``));
  }
}

describe('member search over sockets', { concurrency: true }, () => {
  test('tells a pair apart, and edits the lines that are there', TIMEOUT, async () => {
    await using stage = await openStage();
    const town = stage.town('pair');
    await stage.start();
    const pair = town.pair();
    await town.says(pair[0], OPEN);
    await stage.until('both have a line', () => town.lines().length === 2);
    const posted = town.messages();
    assert.match(town.lines().join('\n'), /ambiguous/);
    await resolved(stage, town, pair);
    assert.equal(town.messages(), posted);
    assert.deepEqual(stage.emulator.errors, []);
  });

  test('edits a digest as a whole, and posts no line again', TIMEOUT, async () => {
    await using stage = await openStage();
    const town = stage.town('crowd');
    await stage.start();
    const pairs = Array.from({ length: 12 }, () => town.pair());
    const users = pairs.flat();
    await stage.until('everybody has a line', () => town.lines().length === users.length);
    assert.ok(town.messages() < users.length, 'in digests');
    for (const pair of pairs) await resolved(stage, town, pair);
    assert.equal(town.lines().length, users.length);
    // Three calls if all are due at once, and one for the members from before.
    assert.ok(town.searches() < users.length / 2, `${town.searches()} searches`);
  });

  test('asks again while the index is behind', TIMEOUT, async () => {
    await using stage = await openStage(lagging(7_000));
    const town = stage.town('late');
    await stage.start();
    const pair = town.pair();
    await town.says(pair[0], OPEN);
    await resolved(stage, town, pair);
    assert.equal(stage.emulator.situations().search.unindexed, 2);
  });

  test('waits for an index that is still being built', TIMEOUT, async () => {
    await using stage = await openStage({ deterministic: true, searchColdMs: 16_000 });
    const town = stage.town('cold');
    await stage.start();
    const pair = town.pair();
    await town.says(pair[0], OPEN);
    await resolved(stage, town, pair);
    assert.ok(stage.emulator.situations().search.cold >= 2);
    assert.ok(town.searches() <= 8, `${town.searches()} searches`);
  });

  test(
    'that one server refuses goes on in others, and the invites are read in both',
    TIMEOUT,
    async () => {
      await using stage = await openStage();
      const [shut, open] = [stage.town('shut'), stage.town('open')];
      shut.spoil({ kind: 'restError', status: 403, code: 50001 });
      await stage.start();
      const pairs = [shut.pair(), open.pair()] as const;
      await resolved(stage, open, pairs[1]);
      assert.equal(shut.said(pairs[0][0]), OPEN);
      const asked = shut.searches();
      // Once for the members from before, once for the pair, and then no more.
      assert.ok(asked <= 2, `${asked} searches`);
      const later = shut.pair();
      await shut.says(later[0], OPEN);
      await stage.passed(7_000);
      assert.equal(shut.searches(), asked);
      const lone = shut.join(by(shut.codes[0]));
      await shut.says(lone, `certain invite ${shut.codes[0]}`);
      assert.match(stage.log, /WARN member search is refused in a server/);
    },
  );

  test('that is withdrawn is asked once, and the counters go on alone', TIMEOUT, async () => {
    await using stage = await openStage();
    const towns = [stage.town('one'), stage.town('other')];
    stage.emulator.faults.set({ kind: 'restError', status: 404, route: 'members-search' });
    await stage.start();
    const pairs = towns.map((town) => town.pair());
    for (const [n, town] of towns.entries()) await town.says(pairs[n]![0], OPEN);
    await stage.passed(7_000);
    assert.equal(stage.searches(), 1);
    assert.match(stage.log, /WARN member search is not there for this bot/);
    for (const [n, town] of towns.entries()) {
      assert.equal(town.said(pairs[n]![1]), OPEN);
      await town.says(town.join(by(town.codes[1])), `certain invite ${town.codes[1]}`);
      assert.equal(stage.service.backfill?.progress(town.guildId)?.waitsFor, 'withdrawn');
    }
  });

  test('with a 401 of its own stops alone', TIMEOUT, async () => {
    await using stage = await openStage();
    const town = stage.town('odd');
    stage.emulator.faults.set({ kind: 'restError', status: 401, route: 'members-search' });
    await stage.start();
    await stage.until('the search is given up', () => /not there for this bot/.test(stage.log));
    const userId = town.join(by(town.codes[0]));
    await town.says(userId, `certain invite ${town.codes[0]}`);
    await stage.until('it has its line', () => town.linesOf(userId).length === 1);
    assert.equal(stage.searches(), 1);
  });

  test('that is off is never asked, and says at the first run what it is', TIMEOUT, async () => {
    await using stage = await openStage();
    const town = stage.town('plain');
    await stage.start('off');
    const pair = town.pair();
    await town.says(pair[0], OPEN);
    await stage.passed(7_000);
    assert.equal(stage.searches(), 0);
    assert.equal(stage.log.match(/Member search is off: [^\n]*/g)?.length, 1);
  });

  test('of an earlier membership is no answer to a return', TIMEOUT, async () => {
    await using stage = await openStage(lagging(9_000));
    const town = stage.town('back');
    const [a, b] = town.codes;
    await stage.start();
    const userId = town.join(by(a));
    await town.says(userId, `certain invite ${a}`);
    // Its record is there before the member goes.
    await stage.passed(9_500);
    stage.emulator.act({ kind: 'leave', guildId: town.guildId, userId });
    await stage.until('the leave has its line', () => town.linesOf(userId).length === 2);
    const joinedAtMs = Date.now();
    const { guildId } = town;
    const { act } = stage.emulator;
    act({ kind: 'join', guildId, userId, via: by(b), joinedAtMs });
    act({ kind: 'join', guildId, via: by(a), joinedAtMs });
    await town.says(userId, OPEN);
    await town.says(userId, `reported invite ${b}`);
    assert.ok(stage.emulator.situations().search.former > 0, 'the old record was shown');
    assert.equal(town.linesOf(userId).length, 3);
  });

  test('that is always on measures how well it agrees with the counters', TIMEOUT, async () => {
    await using stage = await openStage();
    const town = stage.town('sure');
    const { store, tracker } = await stage.start('always');
    const users: string[] = [];
    for (const code of [...town.codes, ...town.codes]) {
      const userId = town.join(by(code));
      users.push(userId);
      await town.says(userId, `certain invite ${code}`);
    }
    for (const [n, userId] of users.entries()) {
      await town.says(userId, `reported invite ${town.codes[n % 2]}`);
    }
    assert.deepEqual(store.searchFigures.of(town.guildId), { checked: 4, agreed: 4 });
    assert.equal(tracker.health().notes['search-agreed'], 4);
    const evidence = town.answer(users[0]!)?.evidence.find(({ kind }) => kind === 'reported');
    assert.ok(evidence?.kind === 'reported' && evidence.inferred.certainty === 'certain');
  });
});

const lies: readonly (readonly [string, SearchFault])[] = [
  ['is of another server', { kind: 'wrongGuild' }],
  ['lacks fields, or has them of another type', { kind: 'malformedEntries' }],
  ['has a kind of source that is still to come', { kind: 'futureSource' }],
  ['ends in the middle', { kind: 'brokenJson' }],
];

describe('an answer of member search that', { concurrency: true }, () => {
  for (const [sentence, fault] of lies) {
    test(`${sentence} changes nothing`, TIMEOUT, async () => {
      await using stage = await openStage();
      const town = stage.town('lied');
      await stage.start();
      town.spoil(fault);
      const pair = town.pair();
      await town.says(pair[0], OPEN);
      const before = town.searches();
      await stage.until('it was asked', () => town.searches() > before);
      await stage.service.tracker.drain();
      for (const userId of pair) assert.equal(town.said(userId), OPEN);
      const lone = town.join(by(town.codes[0]));
      await town.says(lone, `certain invite ${town.codes[0]}`);
    });
  }

  test('has others and nobody among those asked for still names those', TIMEOUT, async () => {
    await using stage = await openStage();
    const town = stage.town('mixed');
    await stage.start();
    town.spoil({ kind: 'strangers' });
    town.spoil({ kind: 'nullEntries' });
    const pair = town.pair();
    await resolved(stage, town, pair);
    assert.equal(stage.answer(town.guildId, '100000000000000009'), null);
  });

  test('has an unknown kind of source names it where no counter speaks', TIMEOUT, async () => {
    await using stage = await openStage();
    const town = stage.town('new');
    await stage.start();
    town.spoil({ kind: 'futureSource', type: 42 });
    const userId = town.join({ kind: 'none', path: 'teleport' });
    await town.says(userId, 'reported other');
    await stage.until('the line says so', () =>
      /in a way that Discord numbers 42/.test(town.linesOf(userId)[0] ?? ''),
    );
    assert.equal(town.linesOf(userId).length, 1);
  });
});

const sources: readonly (readonly [string, string, RegExp])[] = [
  ['discovery', 'reported discovery', /through Server Discovery/],
  ['hub', 'reported hub', /through a student hub/],
  ['integration', 'reported integration', /through an integration/],
  ['oauth', 'reported oauth', /through an app that added them/],
  ['lobby', 'reported lobby', /through a game lobby/],
];

test('ways that no counter shows are named by the record', TIMEOUT, async () => {
  await using stage = await openStage();
  const towns = sources.map(([path]) => stage.town(path));
  await stage.start();
  const users = sources.map(([path], n) => towns[n]!.join({ kind: 'none', path }));
  for (const [n, [, said, words]] of sources.entries()) {
    await towns[n]!.says(users[n]!, said);
    await stage.until(`the line of ${said}`, () =>
      words.test(towns[n]!.linesOf(users[n]!)[0] ?? ''),
    );
  }
});
