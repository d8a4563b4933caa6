import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setInterval } from 'node:timers/promises';
import {
  type Emulator,
  type PermissionName,
  startEmulator,
  TRACKER_PERMISSIONS,
} from '../../packages/emulator/src/index.ts';
import {
  createLog,
  readConfig,
  type Service,
  startService,
} from '../../packages/service/src/index.ts';
import type { GivenGuild, GivenInvite, Perms, Row } from './notation.ts';

/** An emulator and a service that is connected to it. */
export interface Pair extends AsyncDisposable {
  readonly emulator: Emulator;
  service(): Service;
  /** Everything that the service logged. */
  readonly log: readonly string[];
  stopService(): Promise<void>;
  startService(): Promise<void>;
}

/** A row's guild in the emulator. */
export interface SocketGuild {
  readonly given: GivenGuild;
  readonly guildId: string;
  readonly channelId: string;
  /** Switched off at CONNECT: until then no session hears of the guild. */
  readonly reveal: () => void;
}

/** A row with its guilds, ready to be played. */
export interface SocketRow {
  readonly row: Row;
  readonly guilds: readonly SocketGuild[];
  /** User ids by the row's names: members, inviters, moderators. */
  readonly people: Map<string, string>;
}

/** Deterministic: no delays, REST reads at arrival. A row asks for its latency itself. */
export async function startPair(): Promise<Pair> {
  const emulator = await startEmulator({ deterministic: true });
  const folder = mkdtempSync(join(tmpdir(), 'wherefrom-rows-'));
  const log: string[] = [];
  const config = readConfig({
    DISCORD_TOKEN: emulator.token,
    DISCORD_API_URL: emulator.apiUrl,
    DATABASE_URL: `sqlite:${join(folder, 'rows.db')}`,
    LOG_LEVEL: 'debug',
  });
  const sink = createLog(config, () => emulator.token, { write: (line) => void log.push(line) });
  let running: Service | null = null;
  const pair: Pair = {
    emulator,
    log,
    service: () => running!,
    startService: async () => {
      running = await startService(config, { log: sink });
      await running.ready;
    },
    stopService: async () => {
      await running?.stop();
      running = null;
    },
    [Symbol.asyncDispose]: async () => {
      await pair.stopService();
      await emulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return pair;
}

/** Dozens of rows look at once: often enough, and no burden. */
const LOOK_EVERY_MS = 100;

/** Resolves once the condition of the ledger or the log channel holds; null if it never does. */
export async function eventually<T>(
  condition: () => Promise<T | null> | T | null,
  limitMs: number,
): Promise<T | null> {
  const started = performance.now();
  for await (const _ of setInterval(LOOK_EVERY_MS)) {
    const value = await condition();
    if (value !== null) return value;
    if (performance.now() - started > limitMs) return null;
  }
  return null;
}

const QUIET: readonly PermissionName[] = ['VIEW_CHANNEL', 'SEND_MESSAGES', 'READ_MESSAGE_HISTORY'];

export const PERMISSIONS_OF: Readonly<Record<Perms, readonly PermissionName[]>> = {
  all: TRACKER_PERMISSIONS,
  manage: TRACKER_PERMISSIONS.filter((name) => name !== 'VIEW_AUDIT_LOG'),
  audit: [...QUIET, 'VIEW_AUDIT_LOG'],
  channels: [...QUIET, 'MANAGE_CHANNELS'],
  none: QUIET,
};

/** Codes are unique in the emulator, names in a row. */
export function codeOf(row: Row, name: string): string {
  return `${name}x${row.id}`;
}

export function nameOfCode(code: string): string {
  return code.slice(0, code.indexOf('x'));
}

/** Makes the guilds of a row, before the service starts. */
export function prepare(emulator: Emulator, row: Row): SocketRow {
  const people = new Map<string, string>();
  const guilds = row.given.map((given, index) => makeGuild(emulator, row, given, index, people));
  return { row, guilds, people };
}

function makeGuild(
  emulator: Emulator,
  row: Row,
  given: GivenGuild,
  index: number,
  people: Map<string, string>,
): SocketGuild {
  const steps = row.steps.filter((step) => step.guild === index);
  const has = (event: string): boolean =>
    steps.some((step) => step.kind === 'gateway' && step.event === event);
  const away = given.start === 'away';
  const { guildId, channelIds } = emulator.act({
    kind: 'createGuild',
    name: `${row.id} ${index + 1}`,
    botPermissions: PERMISSIONS_OF[given.perms],
    invites: given.invites.map((invite) => inviteSpec(emulator, row, invite, people)),
    withBot: !(away && has('INVITED')),
    unavailable: away && has('BACK'),
    ...(given.vanityUses === null
      ? {}
      : { vanity: { code: codeOf(row, 'V'), uses: given.vanityUses } }),
  });
  const hidden = given.start === 'cold' || (away && !has('INVITED') && !has('BACK'));
  const fault = hidden ? emulator.faults.set({ kind: 'withholdGuild', guildId }) : null;
  answerFrom(emulator, guildId, 'vanity', given.vanityAnswer);
  slow(emulator, guildId, given.latencyMs);
  for (const step of steps) {
    if (step.kind === 'leave' && step.member.startsWith('owner-of-')) {
      const userId = personOf(emulator, people, step.member);
      emulator.act({ kind: 'add', guildId, userId, origin: { kind: 'none', path: 'discovery' } });
    }
  }
  return { given, guildId, channelId: channelIds['join-logs']!, reveal: () => fault?.clear() };
}

const LIFE_S = 1_800;
/** When a row that waits for an invite to expire has surely begun. */
const STARTED_BY_MS = 15_000;

export function inviteSpec(
  emulator: Emulator,
  row: Row,
  invite: GivenInvite,
  people: Map<string, string>,
) {
  const { name, uses, maxUses, inviter, expiresInMs } = invite;
  const inviterId = inviter ? personOf(emulator, people, `owner-of-${name}`) : null;
  const plain = { code: codeOf(row, name), uses, maxUses, inviterId };
  if (expiresInMs === null) return plain;
  const expiresAtMs = Date.now() + STARTED_BY_MS + expiresInMs;
  return { ...plain, maxAgeS: LIFE_S, createdAtMs: expiresAtMs - LIFE_S * 1_000 };
}

/** The user with this name in the row; made when first needed. */
export function personOf(emulator: Emulator, people: Map<string, string>, name: string): string {
  const known = people.get(name);
  if (known !== undefined) return known;
  const bot = name.startsWith('bot');
  const { userId } = emulator.act({ kind: 'createUser', username: name, bot });
  people.set(name, userId);
  return userId;
}

const ROUTES = {
  invites: 'GET /guilds/:guild/invites',
  vanity: '/vanity-url',
  members: '/members',
} as const;

const NO_LATENCY_MS = 4;

/** Slows the list down; the emulator itself takes about as long as the rows' 4 ms. */
export function slow(emulator: Emulator, guildId: string, latencyMs: number): void {
  if (latencyMs <= NO_LATENCY_MS) return;
  const delayMs = [latencyMs, latencyMs] as const;
  emulator.faults.set({ kind: 'slow', delayMs, guildId, route: ROUTES.invites });
}

/** Makes REST answer so from now on; the returned function ends that. */
export function answerFrom(
  emulator: Emulator,
  guildId: string,
  of: keyof typeof ROUTES,
  answer: string,
): () => void {
  if (answer === 'ok') return () => {};
  const route = ROUTES[of];
  const forbidden = answer === '403' ? { code: 50013 } : {};
  const fault = emulator.faults.set({
    kind: 'restError',
    status: Number(answer),
    guildId,
    route,
    ...forbidden,
  });
  return fault.clear;
}
