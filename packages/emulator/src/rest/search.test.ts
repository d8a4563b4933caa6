import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bareWorld, START_MS } from '../testing.ts';
import type { GuildSpec, Via } from '../world/action.ts';
import type { SearchTerms } from '../world/search.ts';
import type { WorldOptions } from '../world/world.ts';

type Found = {
  readonly member: { readonly user: { readonly id: string }; readonly joined_at: string };
  readonly source_invite_code: string | null;
  readonly join_source_type: number;
  readonly inviter_id: string | null;
};
type Answer = {
  readonly guild_id: string;
  readonly members: readonly Found[];
  readonly page_result_count: number;
  readonly total_result_count: number;
};

const BY_A = { kind: 'invite', code: 'A' } as const;
const idsOf = (found: readonly Found[]): string[] => found.map(({ member }) => member.user.id);
const among = (...ids: readonly string[]) => ({ and_query: { user_id: { or_query: ids } } });

function scene(
  spec: GuildSpec = {},
  terms: Partial<SearchTerms> = {},
  options: Partial<WorldOptions> = {},
) {
  const invites = [{ code: 'A' }, { code: 'W', inviterId: null }];
  const guild = { vanity: { code: 'fancy' }, invites, ...spec };
  const it = bareWorld(guild, { ...options, search: terms });
  const ask = (body: object = {}, guildId = it.guildId) =>
    it.ask('POST', `/guilds/${guildId}/members-search`, { body: { ...body } });
  const find = (body: object = {}): Answer => {
    const { reply, violations } = ask(body);
    assert.deepEqual([reply.status, violations], [200, []]);
    return reply.body as Answer;
  };
  const join = (via: Via = BY_A, more: { userId?: string } = {}): string =>
    it.act({ kind: 'join', guildId: it.guildId, via, ...more }).userId;
  const leave = (userId: string) => it.act({ kind: 'leave', guildId: it.guildId, userId });
  const codeOf = (answer = ask()): unknown => (answer.reply.body as { code: unknown }).code;
  return { ...it, ask, find, join, leave, codeOf };
}

describe('where a member came from', () => {
  const ways: readonly (readonly [Via, number, string | null, string | null])[] = [
    [BY_A, 5, 'A', 'owner'],
    [{ kind: 'invite', code: 'W' }, 5, 'W', null],
    [{ kind: 'vanity' }, 6, 'fancy', null],
    [{ kind: 'bot', adderId: '42' }, 1, null, '42'],
    [{ kind: 'none', path: 'oauth', byId: '43' }, 1, null, '43'],
    [{ kind: 'none', path: 'integration' }, 2, null, null],
    [{ kind: 'none' }, 3, null, null],
    [{ kind: 'none', path: 'hub' }, 4, null, null],
    [{ kind: 'none', path: 'lobby' }, 8, null, null],
    [{ kind: 'none', path: 'a hole in the fence' }, 0, null, null],
  ];
  for (const [via, type, code, inviter] of ways) {
    test(`${JSON.stringify(via)} is type ${type}`, () => {
      const it = scene();
      const [found] = it.find(among(it.join(via))).members;
      assert.deepEqual(
        [found?.join_source_type, found?.source_invite_code, found?.inviter_id],
        [type, code, inviter === 'owner' ? it.ownerId : inviter],
      );
    });
  }

  test('an approved application is type 7 with the code it came with', () => {
    const it = scene();
    const { userId } = it.act({ kind: 'requestJoin', guildId: it.guildId, via: BY_A });
    assert.equal(it.find(among(userId)).total_result_count, 0);
    it.act({ kind: 'approveJoin', guildId: it.guildId, userId });
    const [found] = it.find(among(userId)).members;
    assert.deepEqual([found?.join_source_type, found?.source_invite_code], [7, 'A']);
  });

  test('members from before have none, but for the fillers that were given one', () => {
    const it = scene({
      fillers: 10,
      fillerSources: [
        { every: 5, code: 'old', inviterId: '7' },
        { every: 3, from: 1, type: 6, code: 'fancy' },
      ],
    });
    const { members, total_result_count } = it.find({ sort: 2 });
    assert.equal(total_result_count, 12);
    const [old, fancy, none] = ['5 old 7', '6 fancy null', '0 null null'];
    assert.deepEqual(
      members.map((one) => `${one.join_source_type} ${one.source_invite_code} ${one.inviter_id}`),
      // First the owner, last the bot, and between them the fillers 0 to 9.
      [none, old, fancy, none, none, fancy, old, none, fancy, none, none, none],
    );
  });
});

describe('the index', () => {
  const terms = { lagMs: [1000, 1000] } as const;

  test('does not know a join before its time, and names the member object as the event does', () => {
    const it = scene({}, terms);
    const userId = it.join();
    it.pass(999);
    assert.deepEqual(it.find(among(userId)).members, []);
    it.pass(1);
    const { user, joined_at } = it.sent.at(-1)!.payload as Found['member'] & { user: object };
    const [found] = it.find(among(userId)).members;
    assert.deepEqual([found?.member.user, found?.member.joined_at], [user, joined_at]);
  });

  test('shows the old membership of who came again, until the new one is indexed', () => {
    const it = scene({}, terms);
    const userId = it.join();
    it.pass(5000);
    it.leave(userId);
    assert.deepEqual(it.find(among(userId)).members, []);
    it.pass(5000);
    it.join({ kind: 'vanity' }, { userId });
    const shown = () => {
      const [found] = it.find(among(userId)).members;
      return [found?.source_invite_code, Date.parse(found?.member.joined_at ?? '') - START_MS];
    };
    it.pass(999);
    assert.deepEqual(shown(), ['A', 0]);
    it.pass(1);
    assert.deepEqual(shown(), ['fancy', 10_000]);
  });

  test('never learns of a membership that ended before it was indexed', () => {
    const it = scene({}, { lagMs: [1000, 1000] });
    const userId = it.join();
    it.pass(500);
    it.leave(userId);
    it.join({ kind: 'vanity' }, { userId });
    it.pass(600);
    assert.deepEqual(it.find(among(userId)).members, []);
    it.pass(400);
    assert.equal(it.find(among(userId)).members[0]?.source_invite_code, 'fancy');
  });

  test('keeps a filler who left and came again, as it was', () => {
    const it = scene({ fillers: 3, fillerSources: [{ every: 1, code: 'old' }] }, terms);
    const old = { and_query: { source_invite_code: { or_query: ['old'] } } };
    const filler = idsOf(it.find(old).members)[1]!;
    it.leave(filler);
    assert.deepEqual(it.find(among(filler)).members, []);
    assert.equal(it.find().total_result_count, 4);
    it.join(BY_A, { userId: filler });
    assert.equal(it.find(among(filler)).members[0]?.source_invite_code, 'old');
    it.pass(1000);
    assert.equal(it.find(among(filler)).members[0]?.source_invite_code, 'A');
  });

  test('draws its lag per join, and from the seed', () => {
    const delays = (seed: number): number[] => {
      const it = scene({}, { lagMs: [2000, 20_000] }, { seed });
      for (let left = 50; left > 0; left -= 1) it.join();
      const guild = it.world.guilds.get(it.guildId)!;
      return [...guild.members.values()].slice(2).map((each) => each.indexedAtMs - START_MS);
    };
    const drawn = delays(7);
    assert.ok(drawn.every((lagMs) => lagMs >= 2000 && lagMs < 20_000));
    assert.equal(new Set(drawn).size, 50);
    assert.deepEqual(delays(7), drawn);
    assert.notDeepEqual(delays(8), drawn);
  });

  test('is cold until it was asked once and had its time', () => {
    const it = scene({}, { coldMs: 2500 });
    it.pass(60_000);
    const retries = [0, 1000, 1000, 499].map((ms) => {
      it.pass(ms);
      const { status, body } = it.ask().reply;
      const { retry_after, ...rest } = body as { retry_after: number };
      const message = 'Index not yet available. Try again later';
      assert.deepEqual([status, rest], [202, { message, code: 110000, documents_indexed: 0 }]);
      return retry_after;
    });
    assert.deepEqual(retries, [2, 1, 0, 0]);
    it.pass(1);
    assert.equal(it.find().total_result_count, 2);
  });

  test('says how often it was behind', () => {
    const it = scene({}, { lagMs: [1000, 1000], coldMs: 100 });
    const userId = it.join();
    const said = () => {
      const [note] = it.ask(among(userId, it.join())).notes;
      return note?.kind === 'searched' ? [note.cold, note.unindexed, note.former] : null;
    };
    assert.deepEqual(said(), [true, 0, 0]);
    it.pass(100);
    assert.deepEqual(said(), [false, 2, 0]);
    it.pass(5000);
    assert.deepEqual(said(), [false, 1, 0]);
    it.leave(userId);
    it.join(BY_A, { userId });
    assert.deepEqual(said(), [false, 1, 1]);
  });
});

describe('who may search', () => {
  test('who manages the guild, and may see members at all', () => {
    const it = scene({ botPermissions: ['VIEW_CHANNEL', 'VIEW_AUDIT_LOG'] });
    assert.deepEqual([it.ask().reply.status, it.codeOf()], [403, 50013]);
    it.act({ kind: 'setBotPermissions', guildId: it.guildId, permissions: ['MANAGE_GUILD'] });
    assert.equal(it.ask().reply.status, 200);
    it.act({ kind: 'setApplicationFlags', flags: 0 });
    assert.deepEqual([it.ask().reply.status, it.codeOf()], [403, 50001]);
    it.act({ kind: 'setApplicationFlags', flags: 1 << 14 });
    assert.equal(it.ask().reply.status, 200);
    it.act({ kind: 'removeBot', guildId: it.guildId });
    assert.deepEqual([it.ask().reply.status, it.codeOf()], [403, 50001]);
    assert.deepEqual(it.codeOf(it.ask({}, '1')), 10004);
  });
});
