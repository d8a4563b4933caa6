import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startEmulator } from '../emulator.ts';
import { bareWorld, RawClient } from '../testing.ts';
import type { GuildSpec } from '../world/action.ts';
import { compareSnowflakes } from '../world/snowflake.ts';

type Entry = { readonly user: { readonly id: string }; readonly joined_at: string };

const NO_WAY = { kind: 'none' } as const;

function scene(spec: GuildSpec = {}) {
  const it = bareWorld(spec);
  const list = (query: string) => it.ask('GET', `/guilds/${it.guildId}/members?${query}`);
  const page = (query: string): string[] => {
    const { reply, violations } = list(query);
    assert.deepEqual([reply.status, violations], [200, []]);
    return (reply.body as Entry[]).map(({ user }) => user.id);
  };
  const { guildId } = it;
  const join = (userId: string): void => {
    it.act({ kind: 'join', guildId, via: NO_WAY, userId });
  };
  const leave = (userId: string): void => {
    it.act({ kind: 'leave', guildId, userId });
  };
  /** Reads page by page, and lets something happen before the second. */
  const sweep = (limit: number, between: (first: readonly string[]) => void = () => {}) => {
    const seen = page(`limit=${limit}`);
    between([...seen]);
    for (let more = seen; more.length > 0; ) {
      more = page(`limit=${limit}&after=${seen.at(-1)}`);
      assert.ok(seen.length < 1000, 'the pages do not end');
      seen.push(...more);
    }
    return seen;
  };
  return { ...it, list, page, join, leave, sweep };
}

const after = (id: string): string => `${BigInt(id) + 1n}`;

describe('the member list', () => {
  test('has everybody once, by rising ids', () => {
    const it = scene({ fillers: 25 });
    it.join('1');
    it.join('9223372036854775807');
    const seen = it.sweep(10);
    assert.equal(new Set(seen).size, 29);
    assert.deepEqual(seen, [...seen].sort(compareSnowflakes));
    assert.equal(seen.length, 29);
  });

  test('while it is paged does not have who joined behind the reader, and has who joined ahead', () => {
    const it = scene({ fillers: 25 });
    const added = { behind: '', ahead: '' };
    const seen = it.sweep(10, (first) => {
      added.behind = after(first[0]!);
      added.ahead = after(first.at(-1)!);
      it.join(added.behind);
      it.join(added.ahead);
    });
    assert.deepEqual([seen.includes(added.behind), seen[10]], [false, added.ahead]);
    assert.equal(new Set(seen).size, 28);
    assert.ok(it.sweep(10).includes(added.behind));
  });

  test('while it is paged loses who leaves ahead, and goes on behind a cursor who left', () => {
    const it = scene({ fillers: 25 });
    const whole = it.sweep(10);
    const seen = it.sweep(10, (first) => {
      it.leave(first.at(-1)!);
      it.leave(whole[15]!);
    });
    assert.deepEqual(
      seen,
      whole.filter((id) => id !== whole[15]),
    );
    assert.equal(it.sweep(10).length, 25);
  });

  test('shows the same joined_at as the event, to the millisecond', () => {
    const it = scene();
    it.pass(123);
    const { userId, joinedAt } = it.act({ kind: 'join', guildId: it.guildId, via: NO_WAY });
    const told = it.sent.at(-1)!.payload as Entry;
    const listed = (it.list('limit=1000').reply.body as Entry[]).find(
      ({ user }) => user.id === userId,
    );
    const single = it.ask('GET', `/guilds/${it.guildId}/members/${userId}`).reply.body as Entry;
    assert.equal(joinedAt, '2026-01-01T00:00:00.123000+00:00');
    const shown = [told, listed, single].map((entry) => entry?.joined_at);
    assert.deepEqual(shown, [joinedAt, joinedAt, joinedAt]);
  });

  test('is closed with 50001 while the application may not see members', () => {
    const it = scene();
    const flags = [0, 1 << 14, 1 << 15, 1 << 12].map((bits) => {
      it.act({ kind: 'setApplicationFlags', flags: bits });
      const { status, body } = it.list('limit=5').reply;
      return [status, (body as { code?: number }).code];
    });
    const closed = [403, 50001];
    const open = [200, undefined];
    assert.deepEqual(flags, [closed, open, open, closed]);
    assert.equal(it.ask('GET', `/guilds/${it.guildId}/members/${it.ownerId}`).reply.status, 200);
  });

  for (const query of ['limit=0', 'limit=1001', 'limit=ten', 'after=ann', 'after=-1', 'after=']) {
    test(`refuses ${query}`, () => {
      const { status, body } = scene().list(query).reply;
      assert.deepEqual([status, (body as { code: number }).code], [400, 50035]);
    });
  }

  test('has one entry unless asked for more, and knows no other question', () => {
    const it = scene();
    assert.deepEqual(it.page(''), [it.ownerId]);
    assert.equal(it.list('before=5').violations[0]?.kind, 'unknownQuery');
    const stranger = it.ask('GET', `/guilds/${it.guildId}/members/ann`).reply;
    assert.deepEqual([stranger.status, (stranger.body as { code: number }).code], [404, 10007]);
  });
});

test('GUILD_CREATE counts everybody, whenever it comes', async () => {
  await using emulator = await startEmulator({ deterministic: true });
  const { guildId } = emulator.act({ kind: 'createGuild', fillers: 1000 });
  const list = `${emulator.apiUrl}/v10/guilds/${guildId}/members?limit=1`;
  const headers = { authorization: `Bot ${emulator.token}` };
  const counts: unknown[] = [];
  const look = async (): Promise<void> => {
    using client = await RawClient.identify(emulator);
    await client.until(() => client.events().includes('GUILD_CREATE'));
    counts.push(client.payloads('GUILD_CREATE')[0]?.member_count);
  };
  await look();
  const { userId } = emulator.act({ kind: 'join', guildId, via: NO_WAY });
  const bot = emulator.act({ kind: 'join', guildId, via: { kind: 'bot' } });
  await look();
  // Accounts of the test are older than the fillers, so that behind them the fillers begin.
  const [first] = (await (
    await fetch(`${list}&after=${bot.userId}`, { headers })
  ).json()) as Entry[];
  emulator.act({ kind: 'leave', guildId, userId: first!.user.id });
  emulator.act({ kind: 'kick', guildId, userId });
  await look();
  emulator.act({ kind: 'outage', guildId });
  emulator.act({ kind: 'join', guildId, via: NO_WAY });
  emulator.act({ kind: 'restore', guildId });
  await look();
  // The owner and the bot besides the fillers.
  assert.deepEqual(counts, [1002, 1004, 1002, 1003]);
});
