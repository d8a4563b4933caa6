import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Action, ActionError, type Results } from './action.ts';
import { apply } from './apply.ts';
import { listInvites } from './invites.ts';
import { snowflakeTimeMs } from './snowflake.ts';
import { createWorld } from './world.ts';

const START_MS = Date.UTC(2026, 0, 1);

/** A world with one guild and invites A (5 uses) and K (0 of 1), and a clock moved by hand. */
function scene(extra: Partial<Extract<Action, { kind: 'createGuild' }>> = {}) {
  const options = { seed: 7, atMs: START_MS, botName: 'bot', applicationFlags: 1 << 15 };
  const world = createWorld(options);
  let nowMs = START_MS;
  const events: string[] = [];
  const act = <const A extends Action>(action: A): Results[A['kind']] => {
    const applied = apply(world, action, nowMs);
    events.push(...applied.dispatches.map((dispatch) => dispatch.event));
    return applied.result;
  };
  const { guildId, channelIds } = act({
    kind: 'createGuild',
    invites: [
      { code: 'A', uses: 5 },
      { code: 'K', maxUses: 1 },
    ],
    ...extra,
  });
  events.length = 0;
  const guild = world.guilds.get(guildId)!;
  const list = (lagMs = 0, staleMs = 0): string =>
    listInvites(guild, { atMs: nowMs, lagMs, staleMs })
      .map(({ invite, uses }) => `${invite.code}${uses}`)
      .join(' ');
  const audit = (): number[] => guild.audit.map((entry) => entry.action);
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  return { world, guild, guildId, channelIds, act, events, list, audit, pass };
}

describe('how an invite ends', () => {
  test('by its limit: INVITE_DELETE, no audit entry', () => {
    const { act, guildId, events, list, audit } = scene();
    act({ kind: 'join', guildId, via: { kind: 'invite', code: 'K' } });
    assert.deepEqual(events, ['INVITE_DELETE', 'GUILD_MEMBER_ADD']);
    assert.deepEqual(audit(), []);
    assert.equal(list(), 'A5');
  });

  test('revoked: INVITE_DELETE and entry 42 with the last count', () => {
    const { act, guildId, guild, events, audit } = scene();
    act({ kind: 'deleteInvite', guildId, code: 'A' });
    assert.deepEqual(events, ['INVITE_DELETE', 'GUILD_AUDIT_LOG_ENTRY_CREATE']);
    assert.deepEqual(audit(), [42]);
    const changes = guild.audit[0]!.changes;
    assert.deepEqual(
      changes.find((change) => change.key === 'uses'),
      { key: 'uses', old_value: 5 },
    );
    assert.deepEqual(
      changes.find((change) => change.key === 'code'),
      { key: 'code', old_value: 'A' },
    );
  });

  test('expired: nothing at all', () => {
    const { act, guildId, events, audit, list, pass } = scene();
    act({ kind: 'createInvite', guildId, code: 'X', maxAgeS: 60, announce: false });
    pass(60_000);
    act({ kind: 'join', guildId, via: { kind: 'none' } });
    assert.deepEqual(events, ['GUILD_MEMBER_ADD']);
    assert.deepEqual(audit(), [40]);
    assert.equal(list(), 'A5 K0');
    assert.throws(
      () => act({ kind: 'join', guildId, via: { kind: 'invite', code: 'X' } }),
      ActionError,
    );
  });

  test('with its channel: CHANNEL_DELETE and entry 12, no INVITE_DELETE', () => {
    const { act, guildId, channelIds, events, audit, list } = scene();
    act({ kind: 'deleteChannel', guildId, channelId: channelIds['join-logs']! });
    assert.deepEqual(events, ['CHANNEL_DELETE', 'GUILD_AUDIT_LOG_ENTRY_CREATE']);
    assert.deepEqual(audit(), [12]);
    assert.equal(list(), '');
  });
});

describe('the parts of a join', () => {
  test('a count at the limit takes the invite from the list and sends nothing', () => {
    const { act, guildId, events, list, world } = scene();
    act({ kind: 'count', guildId, code: 'K' });
    assert.equal(list(), 'A5');
    assert.deepEqual(events, []);
    assert.equal(world.truth.length, 0);
  });

  test('an add sends the event and records the origin, and counts nothing', () => {
    const { act, guildId, events, list, world } = scene();
    const origin = { kind: 'invite', code: 'A', inviterId: null } as const;
    const { userId } = act({ kind: 'add', guildId, origin, joinedAtMs: START_MS + 3 });
    assert.deepEqual(events, ['GUILD_MEMBER_ADD']);
    assert.equal(list(), 'A5 K0');
    const expected = {
      guildId,
      userId,
      joinedAt: '2026-01-01T00:00:00.003000+00:00',
      joinedAtMs: START_MS + 3,
      origin,
      leftAtMs: null,
    };
    assert.deepEqual(world.truth, [expected]);
  });

  test('an application counts at the click and joins at the approval', () => {
    const { act, guildId, events, list, world, pass } = scene();
    const via = { kind: 'invite', code: 'A' } as const;
    const { userId } = act({ kind: 'requestJoin', guildId, via });
    assert.equal(list(), 'A6 K0');
    assert.deepEqual(events, []);
    pass(3_600_000);
    act({ kind: 'approveJoin', guildId, userId });
    assert.deepEqual(events, ['GUILD_MEMBER_ADD']);
    assert.equal(world.truth[0]?.joinedAtMs, START_MS + 3_600_000);
  });

  test('nobody joins twice, and paused invites let nobody in', () => {
    const { act, guildId } = scene();
    const via = { kind: 'invite', code: 'A' } as const;
    const { userId } = act({ kind: 'join', guildId, via });
    assert.throws(() => act({ kind: 'join', guildId, via, userId }), /already a member/);
    act({ kind: 'pauseInvites', guildId, paused: true });
    assert.throws(() => act({ kind: 'join', guildId, via }), /paused/);
  });

  test('leaving closes the truth and keeps the count; kick and ban write 20 and 22', () => {
    const { act, guildId, list, world, audit, pass } = scene();
    const join = () => act({ kind: 'join', guildId, via: { kind: 'invite', code: 'A' } }).userId;
    const [first, second, third] = [join(), join(), join()];
    pass(10);
    act({ kind: 'leave', guildId, userId: first });
    act({ kind: 'kick', guildId, userId: second });
    act({ kind: 'ban', guildId, userId: third });
    assert.equal(list(), 'A8 K0');
    assert.deepEqual(
      world.truth.map((record) => record.leftAtMs),
      Array(3).fill(START_MS + 10),
    );
    assert.deepEqual(audit(), [20, 22]);
  });
});

describe('what the bot hears', () => {
  test('no INVITE events without MANAGE_CHANNELS on the channel', () => {
    const { act, guildId, events } = scene({
      channels: [{ name: 'a', denyBot: ['MANAGE_CHANNELS'] }],
    });
    act({ kind: 'createInvite', guildId, code: 'N' });
    act({ kind: 'deleteInvite', guildId, code: 'N' });
    const audit = 'GUILD_AUDIT_LOG_ENTRY_CREATE';
    assert.deepEqual(events, [audit, audit]);
  });

  test('denying VIEW_CHANNEL removes every other permission on it', () => {
    const { act, guildId, events } = scene({
      channels: [{ name: 'a', denyBot: ['VIEW_CHANNEL'] }],
    });
    act({ kind: 'inviteDeleteEvent', guildId, code: 'K' });
    assert.deepEqual(events, []);
  });

  test('no audit entries without VIEW_AUDIT_LOG', () => {
    const { act, guildId, events } = scene({ botPermissions: ['VIEW_CHANNEL', 'MANAGE_CHANNELS'] });
    act({ kind: 'deleteInvite', guildId, code: 'A' });
    assert.deepEqual(events, ['INVITE_DELETE']);
  });

  test('nothing during an outage, but the world goes on', () => {
    const { act, guildId, events, world } = scene();
    act({ kind: 'outage', guildId });
    act({ kind: 'join', guildId, via: { kind: 'invite', code: 'A' } });
    act({ kind: 'restore', guildId });
    assert.deepEqual(events, ['GUILD_DELETE', 'GUILD_CREATE']);
    assert.equal(world.truth.length, 1);
  });

  test('a change of its permissions, as a role and as a member update', () => {
    const { act, guildId, events } = scene();
    act({ kind: 'setBotPermissions', guildId, permissions: ['VIEW_CHANNEL'] });
    assert.deepEqual(events, ['GUILD_ROLE_UPDATE', 'GUILD_MEMBER_UPDATE']);
  });
});

describe('late readers', () => {
  test('a lag hides counts and a reached limit, not a new invite', () => {
    const { act, guildId, list, pass } = scene();
    pass(5000);
    act({ kind: 'count', guildId, code: 'A' });
    act({ kind: 'count', guildId, code: 'K' });
    act({ kind: 'createInvite', guildId, code: 'N' });
    pass(999);
    assert.equal(list(1000), 'A5 K0 N0');
    pass(1);
    assert.equal(list(1000), 'A6 N0');
  });

  test('a stale replica shows the whole list as it was', () => {
    const { act, guildId, list, pass } = scene();
    pass(5000);
    act({ kind: 'deleteInvite', guildId, code: 'K' });
    act({ kind: 'createInvite', guildId, code: 'N' });
    act({ kind: 'count', guildId, code: 'A' });
    pass(100);
    assert.equal(list(0, 200), 'A5 K0');
    assert.equal(list(), 'A6 N0');
  });
});

test('ids carry their time, and the same seed makes the same world', () => {
  const make = () => {
    const { act, guildId, world } = scene();
    act({ kind: 'createInvite', guildId });
    const join = act({ kind: 'join', guildId, via: { kind: 'invite', code: 'A' } });
    return { codes: [...world.codes.keys()], join, guildId };
  };
  assert.deepEqual(make(), make());
  const { world, act } = scene();
  const { userId } = act({ kind: 'createUser', createdAtMs: START_MS - 5000 });
  assert.equal(snowflakeTimeMs(userId), START_MS - 5000);
  assert.equal(world.users.get(userId)?.id, userId);
});
