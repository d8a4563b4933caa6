import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createMemoryGuildStore,
  createTracker,
  type GuildId,
  type InviteCode,
  type InviteSource,
  type MemberChange,
  type Tracker,
  type UserId,
} from '../../packages/core/src/index.ts';
import { rowsOf } from './parse.ts';
import { count, listInvites, type SmallGuild, smallGuild } from './small-discord.ts';
import { createTimeline, type Timeline } from './timeline.ts';
import { answerText } from './wording.ts';

const LATENCY_MS = 4;
const NAMES = {
  codeName: (code: string): string => code,
  userName: (userId: string): string => userId,
  inviterName: (name: string): string => `owner-of-${name}`,
};

/** A bot in many guilds, each with invite A and B, in simulated time. */
interface Bot {
  readonly timeline: Timeline;
  readonly tracker: Tracker;
  readonly discord: ReadonlyMap<GuildId, SmallGuild>;
  readonly requests: { readonly guildId: GuildId; readonly at: number }[];
  readonly members: (MemberChange & { readonly guildId: GuildId })[];
  answersOf(guildId: GuildId): string[];
  /** Lets time pass; the tracker's promises are done before the next appointment. */
  pass(ms: number): Promise<void>;
}

function startBot(guildCount: number): Bot {
  const [row] = rowsOf('P58 many guilds\n  given A5 B1\n  do CONNECT');
  const timeline = createTimeline();
  const discord = new Map<GuildId, SmallGuild>();
  for (let index = 1; index <= guildCount; index += 1) {
    discord.set(`g${index}` as GuildId, smallGuild(row!.given[0]!, timeline.now()));
  }
  const requests: { guildId: GuildId; at: number }[] = [];
  const members: (MemberChange & { guildId: GuildId })[] = [];
  const store = createMemoryGuildStore();
  const source: InviteSource = {
    invites: async (guildId) => {
      const requestedAt = timeline.now();
      requests.push({ guildId, at: requestedAt });
      const invites = listInvites(discord.get(guildId)!, requestedAt);
      if (typeof invites === 'string') return { kind: 'failed', failure: invites };
      const answeredAt = requestedAt + LATENCY_MS;
      await new Promise<void>((resolve) => timeline.schedule(answeredAt, resolve));
      return { kind: 'answered', requestedAt, answeredAt, invites, complete: true };
    },
    vanity: () => Promise.reject(new Error('no guild here has a vanity link')),
    targets: () => Promise.reject(new Error('no guild here has targeted invites')),
  };
  const tracker = createTracker({
    clock: timeline,
    source,
    store,
    committed: (step) => {
      for (const change of step.members) members.push({ ...change, guildId: step.guildId });
    },
  });
  const pass = async (ms: number): Promise<void> => {
    const until = timeline.now() + ms;
    for (;;) {
      await promisesDone();
      const step = timeline.untilNext(until);
      timeline.pass(step);
      if (timeline.now() >= until) break;
    }
    await promisesDone();
  };
  const answersOf = (guildId: GuildId): string[] =>
    store
      .answers(guildId)
      .filter((answer) => answer.userId !== 'early')
      .map((answer) => `${answer.userId} = ${answerText(answer, NAMES)}`);
  return { timeline, tracker, discord, requests, members, answersOf, pass };
}

/** A memory store and a source without sockets need nothing but the queue of promises. */
const promisesDone = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function connect(bot: Bot): void {
  for (const guildId of bot.discord.keys()) {
    const at = bot.timeline.now();
    bot.tracker.observe(guildId, { kind: 'access', at, counts: true, auditLog: true });
    bot.tracker.observe(guildId, { kind: 'guild', at, vanityCode: null, manualApproval: false });
    bot.tracker.observe(guildId, { kind: 'gap', at, from: 0, to: at, cause: 'first-start' });
  }
}

/** Connected, and a first join has been looked at: what follows has nothing to do with the start. */
async function startKnownBot(guildCount: number): Promise<Bot> {
  const bot = startBot(guildCount);
  connect(bot);
  await bot.pass(60_000);
  for (const guildId of bot.discord.keys()) join(bot, guildId, 'early', 'A');
  await bot.pass(120_000);
  bot.requests.length = 0;
  bot.members.length = 0;
  return bot;
}

function join(bot: Bot, guild: string, user: string, code: string | null): void {
  const guildId = guild as GuildId;
  const at = bot.timeline.now();
  if (code !== null) count(bot.discord.get(guildId)!, code);
  bot.tracker.observe(guildId, {
    kind: 'join',
    at,
    userId: user as UserId,
    joinedAt: at,
    bot: false,
    guest: false,
    roleIds: [],
    replayed: false,
    member: null,
  });
}

function leave(bot: Bot, guild: string, user: string): void {
  const at = bot.timeline.now();
  bot.tracker.observe(guild as GuildId, { kind: 'leave', at, userId: user as UserId });
}

describe('what it may cost', () => {
  it('P58: the start of 300 guilds takes one list each, at most 35 a second', async () => {
    const bot = startBot(300);
    connect(bot);
    await bot.pass(20_000);
    assert.equal(bot.requests.length, 300);
    assert.equal(new Set(bot.requests.map((request) => request.guildId)).size, 300);
    const [first, last] = [bot.requests[0]!.at, bot.requests.at(-1)!.at];
    assert.ok(last - first >= (299 / 35) * 1_000 - 1, `all within ${last - first} ms`);
    assert.ok(last - first < 9_000, `${last - first} ms for 300 guilds`);
  });

  it('P55: a join in one of 50 guilds takes one list, of that guild', async () => {
    const bot = await startKnownBot(50);
    join(bot, 'g17', 'u1', 'B');
    await bot.pass(60_000);
    assert.deepEqual(
      bot.requests.map((request) => request.guildId),
      ['g17'],
    );
  });

  it('P56: an invite that is made in every guild takes no request', async () => {
    const bot = await startKnownBot(50);
    for (const guildId of bot.discord.keys()) createInvite(bot, guildId);
    await bot.pass(60_000);
    assert.deepEqual(bot.requests, []);
  });

  it('steady state: an hour without joins takes no request', async () => {
    const bot = await startKnownBot(50);
    await bot.pass(3_600_000);
    assert.deepEqual(bot.requests, []);
  });

  it('a burst is paced by time, not by joins: 600 ms between lists', async () => {
    const bot = await startKnownBot(1);
    for (let index = 0; index < 300; index += 1) {
      join(bot, 'g1', `u${index}`, 'A');
      await bot.pass(10);
    }
    await bot.pass(10_000);
    assert.ok(bot.requests.length <= 6, `${bot.requests.length} lists for 3 s of joins`);
    const right = bot.answersOf('g1' as GuildId).filter((text) => text.endsWith('= A certain'));
    assert.equal(right.length, 300);
  });
});

function createInvite(bot: Bot, guildId: GuildId): void {
  const at = bot.timeline.now();
  const invite = {
    code: 'N' as InviteCode,
    inviterId: null,
    channelId: null,
    uses: 0,
    maxUses: 0,
    createdAt: at,
    expiresAt: null,
    roleIds: [],
    targeted: false,
    bypass: false,
  };
  bot.tracker.observe(guildId, { kind: 'invite-created', at, invite });
}

describe('what is kept of members', () => {
  it('P60: a leave belongs to the join by A, the rejoin by B is a join of its own', async () => {
    const bot = await startKnownBot(1);
    join(bot, 'g1', 'u1', 'A');
    await bot.pass(10_000);
    leave(bot, 'g1', 'u1');
    await bot.pass(10_000);
    join(bot, 'g1', 'u1', 'B');
    await bot.pass(10_000);
    assert.deepEqual(bot.answersOf('g1' as GuildId), ['u1 = A certain', 'u1 = B certain']);
    const kinds = bot.members.map((change) => change.kind);
    assert.deepEqual(kinds, ['joined', 'left', 'joined']);
  });

  it('P61: one person in two guilds leaves the first, and the second keeps its record', async () => {
    const bot = await startKnownBot(2);
    join(bot, 'g1', 'u1', 'A');
    join(bot, 'g2', 'u1', 'B');
    await bot.pass(10_000);
    leave(bot, 'g1', 'u1');
    await bot.pass(10_000);
    assert.deepEqual(bot.answersOf('g1' as GuildId), ['u1 = A certain']);
    assert.deepEqual(bot.answersOf('g2' as GuildId), ['u1 = B certain']);
    const left = bot.members.filter((change) => change.kind === 'left');
    assert.deepEqual(
      left.map((change) => change.guildId),
      ['g1'],
    );
    // Still a member of the second guild: the same event once more is no join there.
    join(bot, 'g2', 'u1', null);
    join(bot, 'g1', 'u1', 'B');
    await bot.pass(10_000);
    assert.equal(bot.answersOf('g2' as GuildId).length, 1);
    assert.equal(bot.answersOf('g1' as GuildId).at(-1), 'u1 = B certain');
  });
});
