import {
  emptyState,
  type GuildState,
  type InviteCode,
  type InviteReading,
  type Observation,
  step,
  type UserId,
} from 'wherefrom';
import { codeOf, invitePayload, joinPayload, snowflake } from './payloads.ts';
import { type Figure, median } from './report.ts';

const GUILD = snowflake(1);
const START = 1_800_000_000_000;
/** The first half warms up: a bot runs for weeks, not for a second. */
const ROUNDS = 20;

function reading(n: number, uses: number): InviteReading {
  return {
    code: codeOf(n) as InviteCode,
    inviterId: snowflake(n % 40) as UserId,
    channelId: null,
    uses,
    maxUses: 0,
    createdAt: START - 86_400_000,
    expiresAt: null,
    roleIds: [],
    targeted: false,
    bypass: false,
  };
}

function list(requestedAt: number, uses: readonly number[]): Observation {
  const invites = uses.map((count, n) => reading(n, count));
  return { kind: 'invites', at: requestedAt + 90, requestedAt, invites, complete: true };
}

function join(n: number, joinedAt: number): Observation {
  return {
    kind: 'join',
    at: joinedAt + 40,
    userId: snowflake(n) as UserId,
    joinedAt,
    bot: false,
    guest: false,
    roleIds: [],
    replayed: false,
    member: null,
  };
}

/** One guild's day: a join a minute with its list of 30, every second member leaves again. */
function ordinaryMix(joins: number): { observations: Observation[]; texts: string[] } {
  const uses = Array.from({ length: 30 }, (_, n) => n);
  const observations: Observation[] = [];
  const texts: string[] = [];
  for (let n = 0; n < joins; n += 1) {
    const at = START + (n + 1) * 60_000;
    uses[(n * 7) % 30]! += 1;
    observations.push(join(n, at), list(at + 41, uses), { kind: 'time', at: at + 3_200 });
    texts.push(JSON.stringify(joinPayload(GUILD, n, at)));
    texts.push(JSON.stringify(uses.map((count, k) => invitePayload(GUILD, codeOf(k), k, count))));
    if (n % 2 === 0) {
      const userId = snowflake(n) as UserId;
      observations.push({ kind: 'leave', at: at + 30_000, userId });
      texts.push(JSON.stringify({ guild_id: GUILD, user: { id: userId, username: 'gone' } }));
    }
  }
  return { observations, texts };
}

/** Milliseconds of processor time: what other programs do meanwhile must not count. */
function timed(run: () => void): number {
  const began = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1_000;
}

/** Engine time for the ordinary mix against `JSON.parse` of the same payloads. */
export function engineAgainstParse(): Figure {
  const joins = 2_000;
  const { observations, texts } = ordinaryMix(joins);
  const first = step(
    emptyState(),
    list(
      START,
      Array.from({ length: 30 }, (_, n) => n),
    ),
  ).state;
  const ratios: number[] = [];
  let engineMs = 0;
  let parseMs = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    engineMs = timed(() => {
      let state: GuildState = first;
      for (const observation of observations) state = step(state, observation).state;
    });
    parseMs = timed(() => {
      for (const text of texts) JSON.parse(text);
    });
    if (round >= ROUNDS / 2) ratios.push(engineMs / parseMs);
  }
  return {
    name: 'engine time for the ordinary mix / JSON.parse of its payloads',
    value: median(ratios),
    unit: 'x',
    atMost: 0.5,
    detail: `${((engineMs * 1000) / joins).toFixed(1)} µs against ${((parseMs * 1000) / joins).toFixed(1)} µs per join`,
  };
}

function windowOf(joins: number, codes: number): { before: GuildState; answer: Observation } {
  let state = step(emptyState(), list(START, new Array<number>(codes).fill(0))).state;
  const uses = new Array<number>(codes).fill(0);
  for (let n = 0; n < joins; n += 1) {
    uses[(n * 31) % codes]! += 1;
    state = step(state, join(n, START + 10_000 + (n % 4_000))).state;
  }
  return { before: state, answer: list(START + 14_100, uses) };
}

/** A window of joins over 50 invites, solved when its list arrives. */
export function windowSolved(): Figure[] {
  const solve = (joins: number): number => {
    const { before, answer } = windowOf(joins, 50);
    const times = Array.from({ length: 7 }, () => timed(() => step(before, answer)));
    return median(times.slice(2));
  };
  const small = solve(2_500);
  const large = solve(10_000);
  const growth = large / small;
  const nLogN = (10_000 * Math.log(10_000)) / (2_500 * Math.log(2_500));
  return [
    {
      name: 'a window of 10,000 joins over 50 invites solved',
      value: large,
      unit: 'ms',
      atMost: 100,
      detail: `2,500 joins: ${small.toFixed(1)} ms`,
    },
    {
      name: 'growth from 2,500 to 10,000 joins / n log n',
      value: growth / nLogN,
      unit: 'x',
      atMost: 1.25,
      detail: `${growth.toFixed(2)} times, n log n would be ${nLogN.toFixed(2)}`,
    },
  ];
}
