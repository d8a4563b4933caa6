import { setTimeout } from 'node:timers/promises';
import type { Action } from '../../packages/emulator/src/index.ts';
import type { Step } from './notation.ts';
import { gateway } from './socket-gateway.ts';
import { allSettled, entryOf, type HeardJoin, outcomeOf, type Stage } from './socket-outcome.ts';
import {
  answerFrom,
  codeOf,
  eventually,
  inviteSpec,
  type Pair,
  PERMISSIONS_OF,
  personOf,
  type SocketGuild,
  type SocketRow,
  slow,
} from './socket-stage.ts';
import type { Outcome } from './verdict.ts';

const IDLE_MS = 1_000;
const LONGEST_WAIT_MS = 40_000;

/** The row's own time: when what happens. Nothing waits for a result here. */
const pass = (ms: number): Promise<void> => setTimeout(ms);

export interface SocketPlay {
  readonly outcome: Outcome;
  readonly joins: readonly HeardJoin[];
  readonly leaves: readonly HeardJoin[];
}

/** Plays a row over sockets until every answer is settled. */
export async function playSockets(pair: Pair, scene: SocketRow): Promise<SocketPlay> {
  const stage: Stage = {
    pair,
    scene,
    joins: [],
    leaves: [],
    away: new Set(scene.guilds.filter(({ given }) => given.start !== 'known')),
    faults: new Map(),
    requestsBefore: pair.emulator.requests.length,
  };
  for (const step of scene.row.steps) {
    const wait = perform(stage, step);
    // One tick is one tick: only a step that takes time gives way to anything else.
    if (wait !== null) await wait;
  }
  await eventually(() => allSettled(stage), LONGEST_WAIT_MS);
  return { outcome: await outcomeOf(stage), joins: stage.joins, leaves: stage.leaves };
}

function perform(stage: Stage, step: Step): Promise<void> | null {
  const { emulator } = stage.pair;
  const { row, people } = stage.scene;
  const guild = stage.scene.guilds[step.guild]!;
  const { guildId } = guild;
  const named = (name: string): string => personOf(emulator, people, personName(name));
  const act = (action: Action): null => {
    emulator.act(action);
    return null;
  };
  switch (step.kind) {
    case 'count': {
      const vanity = emulator.world.guilds.get(guildId)?.vanity;
      const code = codeOf(row, step.code);
      if (vanity?.code === code) return act({ kind: 'countVanity', guildId, times: step.times });
      return act({ kind: 'count', guildId, code, times: step.times });
    }
    case 'new': {
      const spec = inviteSpec(emulator, row, step.invite, people);
      return act({ kind: 'createInvite', guildId, ...spec, announce: step.told });
    }
    case 'del': {
      const code = codeOf(row, step.code);
      if (step.by === null) return act({ kind: 'inviteDeleteEvent', guildId, code });
      return act({ kind: 'deleteInvite', guildId, code, byId: named(step.by) });
    }
    case 'expire':
      return expire(stage, guild, codeOf(row, step.code));
    case 'add':
      return addMember(stage, guild, step.member);
    case 'again':
      return act({ kind: 'repeatAdd', guildId, userId: named(step.member) });
    case 'leave': {
      const userId = named(step.member);
      const join = stage.joins.findLast((each) => each.guild === guild && each.userId === userId);
      if (join) stage.leaves.push(join);
      return act({ kind: 'leave', guildId, userId });
    }
    case 'vanity': {
      const vanity = { code: codeOf(row, step.code), uses: step.uses };
      return act({ kind: 'setVanity', guildId, vanity });
    }
    case 'pass':
      return pass(step.ms);
    case 'idle':
      return idle(stage);
    case 'quiet':
      return eventually(() => allSettled(stage), LONGEST_WAIT_MS).then(() => {});
    case 'answers':
      return answers(stage, guild, step.of, step.answer);
    case 'latency':
      slow(emulator, guildId, step.ms);
      return null;
    case 'perms':
      return act({ kind: 'setBotPermissions', guildId, permissions: PERMISSIONS_OF[step.perms] });
    case 'gateway':
      return gateway(stage, guild, step.event);
  }
}

/** `g2.u1` and `u1#2` are joins of the same person. */
function personName(member: string): string {
  return member.replace(/^g2\./, '').replace(/#\d+$/, '');
}

function addMember(stage: Stage, guild: SocketGuild, member: string): null {
  const { emulator } = stage.pair;
  const { row, people } = stage.scene;
  const userId = personOf(emulator, people, personName(member));
  const origin = originOf(stage, row.truth.get(member) ?? 'none');
  const { joinedAtMs } = emulator.act({ kind: 'add', guildId: guild.guildId, userId, origin });
  const unheard = stage.away.has(guild);
  if (!unheard || row.expect.get(member) !== 'no answer') {
    stage.joins.push({ member, guild, userId, joinedAt: joinedAtMs, unheard });
  }
  return null;
}

/** What the row calls true, in the emulator's words. */
function originOf(stage: Stage, truth: string): Extract<Action, { kind: 'add' }>['origin'] {
  const { emulator } = stage.pair;
  const { row, people } = stage.scene;
  if (truth === 'none') return { kind: 'none', path: 'discovery' };
  const adder = /^added by (\w+)$/.exec(truth)?.[1];
  if (adder !== undefined) return { kind: 'bot', adderId: personOf(emulator, people, adder) };
  const code = codeOf(row, truth);
  return { kind: 'invite', code, inviterId: people.get(`owner-of-${truth}`) ?? null };
}

async function expire(stage: Stage, { guildId }: SocketGuild, code: string): Promise<void> {
  const invite = stage.pair.emulator.world.guilds.get(guildId)?.invites.get(code);
  if (invite === undefined) throw new Error(`no invite ${code} to expire`);
  const leftMs = invite.createdAtMs + invite.maxAgeS * 1_000 - Date.now();
  await pass(Math.max(0, leftMs) + 20);
}

/** No request of the row's guilds is open, every join we heard of has an answer, and a second more. */
async function idle(stage: Stage): Promise<void> {
  const ids = new Set(stage.scene.guilds.map((guild) => guild.guildId));
  const open = (): boolean =>
    stage.pair.emulator.requests.some(
      (request) => request.repliedAtMs === null && ids.has(request.guildId ?? ''),
    );
  const told = async (): Promise<true | null> => {
    const heard = stage.joins.filter((join) => !join.unheard);
    const entries = await Promise.all(heard.map((join) => entryOf(stage, join)));
    return entries.every((entry) => entry !== null) && !open() ? true : null;
  };
  await eventually(told, LONGEST_WAIT_MS);
  await pass(IDLE_MS);
}

function answers(
  stage: Stage,
  { guildId }: SocketGuild,
  of: 'invites' | 'vanity' | 'members',
  answer: string,
): null {
  const { emulator } = stage.pair;
  const key = `${guildId}/${of}`;
  stage.faults.get(key)?.();
  if (answer !== 'uncounted') {
    stage.faults.set(key, answerFrom(emulator, guildId, of, answer));
    return null;
  }
  // The bot is not told that its role lost Manage Server.
  const events = ['GUILD_ROLE_UPDATE', 'GUILD_MEMBER_UPDATE'];
  const fault = emulator.faults.set({ kind: 'dropEvents', guildId, events });
  emulator.act({ kind: 'setBotPermissions', guildId, permissions: PERMISSIONS_OF.audit });
  stage.faults.set(key, fault.clear);
  return null;
}
