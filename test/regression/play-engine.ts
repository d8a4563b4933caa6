import type {
  Attribution,
  InviteCode,
  Observation,
  UserId,
} from '../../packages/core/src/index.ts';
import type { GatewayStep, Row, Step } from './notation.ts';
import { GuildPlay, nameOfJoin } from './play-guild.ts';
import { accessOf, CHANNEL, count, inviterOf, liveInvite, readingOf } from './small-discord.ts';
import { createTimeline, T0, type Timeline } from './timeline.ts';
import type { Outcome } from './verdict.ts';
import type { RowNames } from './wording.ts';

/** The bot has been there for so long when a row begins, and its lists are not those of its start. */
const KNOWN_FOR_MS = 60_000;
const FIRST_LIST_AFTER_MS = 30_000;
/** What idle means beyond no open request: the clocks (A6) keep apart what lies on both sides. */
export const IDLE_MS = 1_000;
/** Time for what must not happen: a settled answer that changes, a request nobody needs. */
const AFTERMATH_MS = 2 * 60_000;
const LONGEST_WAIT_MS = 20 * 60_000;

export interface EnginePlay {
  readonly outcome: Outcome;
  /** The observations of each guild: what a bug report would hold. */
  readonly journals: readonly (readonly Observation[])[];
}

interface Stage {
  readonly row: Row;
  readonly timeline: Timeline;
  readonly guilds: readonly GuildPlay[];
  /** Those whose GUILD_CREATE comes at CONNECT. */
  readonly connecting: readonly GuildPlay[];
  /** The key of each member's latest join. */
  readonly joins: Map<string, { readonly guild: number; readonly joinedAt: number }>;
}

/** Plays a row against the engine in simulated time, until nothing more can change. */
export function playEngine(row: Row): EnginePlay {
  const timeline = createTimeline();
  const startsAt = T0 + KNOWN_FOR_MS;
  const guilds = row.given.map((given) => new GuildPlay(given, timeline, startsAt));
  row.given.forEach((given, index) => {
    const guild = guilds[index]!;
    if (given.start === 'known') {
      guild.delayMs = FIRST_LIST_AFTER_MS;
      guild.arrive(0, 'first-start');
      guild.delayMs = 0;
    } else guild.link.state = 'away';
  });
  timeline.pass(KNOWN_FOR_MS);
  const connecting = guilds.filter((_, index) => row.given[index]!.start === 'cold');
  const stage: Stage = { row, timeline, guilds, connecting, joins: new Map() };
  for (const { calls } of guilds) Object.assign(calls, { lists: 0, vanity: 0 });
  for (const step of row.steps) perform(stage, step);
  timeline.passUntil(() => isQuiet(stage), LONGEST_WAIT_MS);
  timeline.pass(AFTERMATH_MS);
  return { outcome: outcomeOf(row, stage), journals: guilds.map((guild) => guild.journal) };
}

function isIdle({ guilds }: Stage): boolean {
  return guilds.every((guild) => guild.openRequests === 0);
}

function isQuiet(stage: Stage): boolean {
  const settled = (guild: GuildPlay, index: number): boolean => {
    const joined = [...stage.joins].filter(([, join]) => join.guild === index);
    return joined.every(
      ([member, { joinedAt }]) =>
        guild.told.get(nameOfJoin(userOf(member), joinedAt))?.last.settled === true,
    );
  };
  return isIdle(stage) && stage.guilds.every(settled);
}

function perform(stage: Stage, step: Step): void {
  const { timeline } = stage;
  const at = timeline.now();
  const guild = stage.guilds[step.guild]!;
  const { discord } = guild;
  const hear = (observation: Observation): void => guild.hear(observation);
  switch (step.kind) {
    case 'count':
      for (let left = step.times; left > 0; left -= 1) count(discord, step.code);
      return;
    case 'new': {
      const invite = liveInvite(step.invite, at, true);
      discord.invites.set(invite.name, invite);
      if (step.told) hear({ kind: 'invite-created', at, invite: readingOf(invite, false) });
      return;
    }
    case 'del':
      return deleteInvite(guild, step.code, step.by, at);
    case 'expire': {
      const expiresAt = discord.invites.get(step.code)?.expiresAt;
      if (expiresAt == null) throw new Error(`${step.code} never expires`);
      timeline.pass(Math.max(0, expiresAt - at) + 1);
      discord.invites.delete(step.code);
      return;
    }
    case 'add':
      return addMember(stage, step, at);
    case 'again':
      return hear(joinOf(step.member, stage.joins.get(step.member)!.joinedAt, at));
    case 'leave':
      return hear({ kind: 'leave', at, userId: userOf(step.member) });
    case 'vanity':
      discord.vanity = { code: step.code, uses: step.uses };
      return hear({
        kind: 'guild',
        at,
        vanityCode: step.code as InviteCode,
        manualApproval: false,
      });
    case 'pass':
      return timeline.pass(step.ms);
    case 'idle':
      timeline.passUntil(() => isIdle(stage), LONGEST_WAIT_MS);
      return timeline.pass(IDLE_MS);
    case 'quiet':
      timeline.passUntil(() => isQuiet(stage), LONGEST_WAIT_MS);
      return;
    case 'answers':
      discord.answers[step.of] = step.answer;
      return;
    case 'latency':
      discord.latencyMs = step.ms;
      return;
    case 'perms':
      discord.perms = step.perms;
      return hear({ kind: 'access', at, ...accessOf(step.perms) });
    case 'gateway':
      return gateway(stage, guild, step.event);
  }
}

function deleteInvite(guild: GuildPlay, code: string, by: string | null, at: number): void {
  const uses = guild.discord.invites.get(code)?.uses ?? null;
  if (by !== null) guild.discord.invites.delete(code);
  const named = code as InviteCode;
  guild.hear({ kind: 'invite-deleted', at, code: named, channelId: CHANNEL });
  if (by !== null && accessOf(guild.discord.perms).auditLog) {
    guild.hear({ kind: 'invite-revoked', at, code: named, revokedAt: at, uses });
  }
}

function addMember(stage: Stage, step: Step & { readonly kind: 'add' }, at: number): void {
  const guild = stage.guilds[step.guild]!;
  // Who joined while the bot was away is found afterwards, where the row says so.
  if (guild.link.state !== 'away' || stage.row.expect.get(step.member) !== 'no answer') {
    stage.joins.set(step.member, { guild: step.guild, joinedAt: at });
  }
  const botId = userOf(step.member);
  if (step.by !== null && accessOf(guild.discord.perms).auditLog) {
    guild.hear({ kind: 'bot-added', at, botId, adderId: userOf(step.by) });
  }
  guild.hear(joinOf(step.member, at, at));
}

function joinOf(member: string, joinedAt: number, at: number): Observation {
  return {
    kind: 'join',
    at,
    userId: userOf(member),
    joinedAt,
    bot: member.includes('bot'),
    guest: false,
    roleIds: [],
    replayed: false,
    member: null,
  };
}

/** `g2.u1` and `u1#2` are joins of the same person. */
export function userOf(member: string): UserId {
  return member.replace(/^g2\./, '').replace(/#\d+$/, '') as UserId;
}

function gateway(stage: Stage, guild: GuildPlay, event: GatewayStep): void {
  const now = stage.timeline.now();
  switch (event) {
    case 'CONNECT':
      for (const each of stage.connecting) each.arrive(0, 'first-start');
      return;
    case 'OUTAGE':
    case 'KICKED':
      guild.observe({ kind: 'session', at: now, state: 'lost' });
      Object.assign(guild.link, { state: 'away', since: now });
      return;
    case 'BACK':
      return guild.arrive(guild.link.since, 'outage');
    case 'INVITED':
      return guild.arrive(guild.link.since, 'removed');
    case 'LOST':
      for (const each of stage.guilds) {
        each.observe({ kind: 'session', at: now, state: 'lost' });
        Object.assign(each.link, { state: 'held', since: now });
      }
      return;
    case 'RESUMED':
      for (const each of stage.guilds) each.release();
      return;
    case 'NEW SESSION':
      for (const each of stage.guilds) each.arrive(each.link.since, 'session-lost');
      return;
    case 'STOP':
      for (const each of stage.guilds) Object.assign(each.link, { state: 'away', since: now });
      return;
    case 'START':
      for (const each of stage.guilds) each.arrive(each.link.since, 'restart');
  }
}

function outcomeOf(row: Row, stage: Stage): Outcome {
  const first = new Map<string, Attribution>();
  const last = new Map<string, Attribution>();
  const strays: string[] = [];
  const members = new Map(
    [...stage.joins].map(([member, join]) => {
      return [`${join.guild}/${nameOfJoin(userOf(member), join.joinedAt)}`, member] as const;
    }),
  );
  stage.guilds.forEach((guild, index) => {
    for (const [name, told] of guild.told) {
      const member = members.get(`${index}/${name}`);
      if (member === undefined) strays.push(name);
      else {
        first.set(member, told.first);
        last.set(member, told.last);
      }
    }
  });
  return { first, last, strays, calls: callsText(stage.guilds), names: namesOf(row) };
}

export function callsText(guilds: readonly Pick<GuildPlay, 'calls'>[]): string {
  const lists = guilds.reduce((sum, { calls }) => sum + calls.lists, 0);
  const vanity = guilds.reduce((sum, { calls }) => sum + calls.vanity, 0);
  const parts = [lists === 1 ? '1 list' : `${lists} lists`];
  return vanity === 0 ? parts.join() : `${parts.join()} + ${vanity} vanity`;
}

function namesOf(row: Row): RowNames {
  const given = row.given.flatMap((guild) => guild.invites);
  const made = row.steps.flatMap((step) => (step.kind === 'new' ? [step.invite] : []));
  const nobody = new Set([...given, ...made].flatMap((each) => (each.inviter ? [] : [each.name])));
  return {
    codeName: (code) => code,
    userName: (userId) => userId,
    inviterName: (name) => (nobody.has(name) ? null : inviterOf(name)),
  };
}
