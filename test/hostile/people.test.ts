import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { GuildId } from 'wherefrom';
import { openHouse } from './house.ts';

const TIMEOUT = { timeout: 60_000 };

const NAMES: readonly string[] = [
  '**bold** __under__ ~~gone~~ `code` ```block``` ||spoiler||',
  '@everyone @here <@1> <@&2> <#3> <:e:4> </x:5> <t:1:R>',
  '[click](https://evil.example) https://evil.example discord.gg/evil',
  '\u202Egnp.exe\u202C \u2066left\u2069',
  '\u200B\u200D\uFEFF\u2060',
  'line one\nline two\r\n> quote\u2028# heading',
  'x'.repeat(10_000),
  'e\u0301'.repeat(3_000),
  'Z\u0335\u0336\u0337\u0338\u0321'.repeat(500),
  '\uD800 lone \uDFFF',
  '\u0000\u0007\u001B[31mred',
  '__proto__',
  '',
];

test('no name breaks a line, pings anybody or forms a link', TIMEOUT, async () => {
  await using house = await openHouse();
  const town = house.town('one');
  await house.start();
  for (const name of NAMES) {
    const userId = town.join(name);
    await town.told(userId);
  }
  for (const { body } of house.discord.messages(town.channelId)) {
    const plain = body.content.replaceAll(/<@\d+>/g, '');
    assert.ok(body.content.length <= 2_000);
    assert.doesNotMatch(plain, /(?<!\\)(?:@everyone|@here|<@|https:\/\/|\]\(|\u202E)/, plain);
    assert.deepEqual(body.allowedMentions, { parse: [] }, JSON.stringify(body.allowedMentions));
  }
  assert.equal(town.lines().length, NAMES.length, town.lines().join('\n'));
});

describe('a log channel', { concurrency: true }, () => {
  test('that is deleted in mid-run costs no row, and a new one is used', TIMEOUT, async () => {
    await using house = await openHouse();
    const [one, other] = [house.town('one'), house.town('other')];
    const service = await house.start();
    const { discord } = house;
    const { guildId, channelId } = one;
    discord.act({ kind: 'createInvite', guildId, code: 'kept', channelId: newChannel() });
    discord.act({ kind: 'deleteChannel', guildId, channelId });
    discord.act({ kind: 'join', guildId, via: { kind: 'invite', code: 'kept' } });
    await other.told(other.join());
    await discord.settled({ idleMs: 300 });
    const next = discord.act({ kind: 'createChannel', guildId, name: 'join-logs' }).channelId;
    const via = { kind: 'invite', code: 'kept' } as const;
    const { userId } = discord.act({ kind: 'join', guildId, via });
    await discord.waitFor(() =>
      discord.messages(next).some(({ body }) => body.content.includes(userId)),
    );
    const counts = await service.store.ledger.counts(guildId as GuildId);
    assert.equal(counts.joins, 2);

    function newChannel(): string {
      return discord.act({ kind: 'createChannel', guildId, name: 'general' }).channelId;
    }
  });

  test(
    'that may not be written any more is named; the join is stored all the same',
    TIMEOUT,
    async () => {
      await using house = await openHouse();
      const [one, other] = [house.town('one'), house.town('other')];
      const service = await house.start();
      const { discord } = house;
      const { guildId, channelId } = one;
      // Discord refuses before we hear of the change.
      discord.faults.set({ kind: 'holdEvents', events: ['CHANNEL_UPDATE'], guildId });
      discord.act({ kind: 'updateChannel', guildId, channelId, denyBot: ['SEND_MESSAGES'] });
      one.join();
      await house.logged(/WARN the join log has a problem .*channel-refused channelId=\d+/);
      await other.told(other.join());
      const counts = await service.store.ledger.counts(guildId as GuildId);
      assert.equal(counts.joins, 1);
    },
  );
});
