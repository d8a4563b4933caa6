import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openHouse } from './house.ts';
import type { Spoiled } from './proxy.ts';

const TIMEOUT = { timeout: 60_000 };
const LIST = /\/guilds\/\d+\/invites$/;
const JSON_TYPE = { 'content-type': 'application/json' };

const ANSWERS: readonly (readonly [string, Spoiled])[] = [
  ['an HTML page', { body: '<!doctype html><title>Just a moment...</title>' }],
  ['an HTML page with status 502', { status: 502, body: '<h1>Bad gateway</h1>' }],
  ['JSON that is cut off', { headers: JSON_TYPE, body: '[{"code":"one-code","uses":' }],
  ['a megabyte of garbage', { headers: JSON_TYPE, body: '\u0000\uffff{['.repeat(200_000) }],
  ['nothing at all', { headers: JSON_TYPE, body: '' }],
  ['an object', { headers: JSON_TYPE, body: '{"message": "no", "code": "not a number"}' }],
  ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/steal' }, body: '' }],
  ['a redirect to itself', { status: 307, headers: { location: '/' }, body: '' }],
  ['a 429 in HTML without a time', { status: 429, body: '<h1>slow down</h1>' }],
  ['a 400 of no sense', { status: 400, headers: JSON_TYPE, body: '[[[' }],
  ['a list of nulls', { headers: JSON_TYPE, body: '[null, null, 7, "x", [], {}]' }],
];

describe('a list that is answered with', { concurrency: 4 }, () => {
  for (const [sentence, answer] of ANSWERS) {
    test(`${sentence}, then well: the join is told, no other guild waits`, TIMEOUT, async () => {
      await using house = await openHouse();
      const [one, other] = [house.town('one'), house.town('other')];
      const service = await house.start();
      let asked = 0;
      house.proxy.spoil = (_, path) => {
        if (!LIST.test(path) || !path.includes(one.guildId)) return null;
        asked += 1;
        return asked <= 2 ? answer : null;
      };
      const [late, prompt] = [one.join(), other.join()];
      await other.told(prompt);
      await one.told(late);
      await house.discord.waitFor(() => asked > 2);
      assert.equal(service.tracker.health().failingGuilds, 0);
      assert.doesNotMatch(house.log(), /ERROR/);
    });
  }
});

describe('a list with', { concurrency: 4 }, () => {
  const entry = (code: string, uses: unknown) => ({
    code,
    uses,
    max_uses: 0,
    channel: { id: '1' },
  });
  const many = Array.from({ length: 1_000 }, (_, n) => entry(`many${n}`, n));
  const additions: readonly (readonly [string, readonly unknown[]])[] = [
    ['1000 invites more', many],
    ['doubled entries', [entry('twice', 1), entry('twice', 9), entry('twice', null)]],
    ['null entries', [null, null]],
    ['entries without uses', [{ code: 'bare' }, entry('text', '7'), entry('minus', -1)]],
    ['keys that are traps', [JSON.parse('{"__proto__": {"code": "p"}, "code": "q", "uses": 1}')]],
    [
      'codes that are traps',
      ['__proto__', 'constructor', 'toString'].map((code) => entry(code, 1)),
    ],
  ];
  for (const [sentence, added] of additions) {
    test(`${sentence} hides no join`, TIMEOUT, async () => {
      await using house = await openHouse();
      const town = house.town('one');
      await house.start();
      let uses = 0;
      house.proxy.spoil = (_, path) => {
        if (!LIST.test(path)) return null;
        const own = { ...entry(town.code, uses), guild_id: town.guildId };
        return { headers: JSON_TYPE, body: JSON.stringify([...added, own, ...added]) };
      };
      for (let n = 1; n <= 3; n += 1) {
        uses = n;
        const userId = town.join();
        await house.discord.waitFor(() => town.lines().some((line) => line.includes(userId)));
      }
      assert.ok(
        town.lines().some((line) => line.includes(`\`${town.code}\``)),
        town.lines().join(),
      );
      assert.doesNotMatch(house.log(), /ERROR/);
    });
  }
});

test('a count that moves by itself and falls again is never taken for sure', TIMEOUT, async () => {
  await using house = await openHouse();
  const town = house.town('one');
  await house.start();
  const { discord } = house;
  const { guildId } = town;
  discord.act({ kind: 'createInvite', guildId, code: 'steady' });
  for (const uses of [40, 3, 40, 0]) {
    discord.act({ kind: 'setUses', guildId, code: 'steady', uses });
    await town.told(town.join());
  }
  for (const line of town.lines()) {
    assert.ok(!line.includes('`steady`') || /ambiguous|likely/.test(line), line);
  }
});
