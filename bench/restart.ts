import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulator, startEmulator } from '@wherefrom/emulator';
import { Victim } from '../test/kill/victim.ts';
import { type Figure, median } from './report.ts';

const GUILDS = 2_500;
const RESTARTS = 5;
const JOINERS = 20;
const LIST = 'GET /guilds/:guild/invites';

type Guild = { readonly guildId: string; readonly channelId: string; readonly code: string };

/** The real process killed and started again on what it stored, its session still there. */
export async function restarts(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'wherefrom-restart-'));
  await using emulator = await startEmulator({ seed: 2500 });
  const guilds = manyGuilds(emulator);
  let running = start(emulator, folder);
  try {
    await listsRead(emulator, guilds.length);
    const quiet: number[] = [];
    const before = emulator.requests.length;
    for (let n = 0; n < RESTARTS; n += 1) {
      await killed(running);
      running = start(emulator, folder);
      quiet.push(await resumed(emulator, running));
      await emulator.settled({ idleMs: 500 });
    }
    const lists = listed(emulator, before);
    const busy: number[] = [];
    const from = emulator.requests.length;
    for (let n = 0; n < RESTARTS; n += 1) {
      await killed(running);
      const users = Array.from({ length: JOINERS }, (_, at) => {
        return joined(emulator, guilds[(n * JOINERS + at) % guilds.length]!);
      });
      running = start(emulator, folder);
      busy.push(await told(emulator, running, users));
    }
    await emulator.settled({ idleMs: 500 });
    return figures(quiet, lists, busy, listed(emulator, from));
  } finally {
    await killed(running);
    await rm(folder, { recursive: true, force: true });
  }
}

function figures(
  quiet: readonly number[],
  lists: ReadonlySet<string>,
  busy: readonly number[],
  fetched: ReadonlySet<string>,
): Figure[] {
  const worst = (times: readonly number[]): string =>
    `slowest of ${times.length}: ${(Math.max(...times) / 1000).toFixed(2)} s`;
  return [
    {
      name: 'start with 2,500 guilds, stored baselines, session resumable: from spawn to RESUMED (median)',
      value: median(quiet) / 1000,
      unit: 's',
      atMost: 2,
      detail: worst(quiet),
    },
    {
      name: 'guilds whose invites are read at such a start, while nothing happens',
      value: lists.size,
      unit: 'guilds',
      atMost: 0,
      detail: `${quiet.length} starts`,
    },
    {
      name: `the same, ${JOINERS} joins while nothing ran: from spawn to the first line (median)`,
      value: median(busy) / 1000,
      unit: 's',
      atMost: 2,
      detail: worst(busy),
    },
    {
      name: 'guilds whose invites are read at such a start, beyond those with a join',
      value: fetched.size - busy.length * JOINERS,
      unit: 'guilds',
      atMost: 0,
      detail: `${fetched.size} read in ${busy.length} starts`,
    },
  ];
}

function manyGuilds(emulator: Emulator): Guild[] {
  const channels = ['join-logs', ...Array.from({ length: 49 }, (_, n) => `channel-${n}`)];
  return Array.from({ length: GUILDS }, (_, n) => {
    const code = `start${n}`;
    const made = emulator.act({
      kind: 'createGuild',
      name: `Town ${n}`,
      channels,
      invites: [{ code, uses: 1 }],
    });
    return { guildId: made.guildId, channelId: made.channelIds['join-logs'] ?? '', code };
  });
}

function start(emulator: Emulator, folder: string): Victim {
  return new Victim(emulator, folder, null, { LOG_LEVEL: 'info' });
}

async function killed(victim: Victim): Promise<void> {
  victim.kill();
  await victim.died;
}

async function listsRead(emulator: Emulator, guilds: number): Promise<void> {
  await emulator.waitFor(() => listed(emulator, 0).size >= guilds, { timeoutMs: 240_000 });
  await emulator.settled({ idleMs: 2_000 });
}

/** The guilds whose invites were asked for since that request. */
function listed(emulator: Emulator, from: number): ReadonlySet<string> {
  const asked = emulator.requests.slice(from).filter(({ route }) => route === LIST);
  return new Set(asked.map(({ guildId }) => guildId ?? ''));
}

async function resumed(emulator: Emulator, victim: Victim): Promise<number> {
  const { resumes, identifies } = emulator.gateway;
  const isBack = (): boolean => emulator.gateway.resumes > resumes;
  await emulator.waitFor(() => isBack() || emulator.gateway.identifies > identifies, {
    timeoutMs: 60_000,
  });
  if (!isBack()) throw new Error('the session was not resumed');
  return Date.now() - victim.startedAtMs;
}

interface Joined {
  readonly userId: string;
  readonly channelId: string;
}

function joined(emulator: Emulator, { guildId, channelId, code }: Guild): Joined {
  const { userId } = emulator.act({ kind: 'join', guildId, via: { kind: 'invite', code } });
  return { userId, channelId };
}

/** Until the first of them has a line; all of them get theirs. */
async function told(emulator: Emulator, victim: Victim, users: readonly Joined[]): Promise<number> {
  const has = ({ userId, channelId }: Joined): boolean =>
    emulator.messages(channelId).some(({ body }) => body.content.includes(`<@${userId}>`));
  await emulator.waitFor(() => users.some(has), { timeoutMs: 60_000 });
  const tookMs = Date.now() - victim.startedAtMs;
  await emulator.waitFor(() => users.every(has), { timeoutMs: 60_000 });
  return tookMs;
}
