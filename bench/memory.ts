import { emptyState, type InviteCode, type InviteReading, step, type UserId } from 'wherefrom';
import { codeOf, invitePayload, snowflake } from './payloads.ts';
import type { Figure } from './report.ts';

const GUILDS = 200;
const INVITES = 200;

function heapAfterGc(): number {
  if (!globalThis.gc) throw new Error('run with --expose-gc (npm run bench does)');
  for (let n = 0; n < 4; n += 1) globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Payloads parsed anew for each guild, as they come from the network. */
function parsedList(guild: number): Record<string, unknown>[] {
  const guildId = snowflake(guild);
  const list = Array.from({ length: INVITES }, (_, n) =>
    invitePayload(guildId, codeOf(guild * INVITES + n), n, n % 90),
  );
  return JSON.parse(JSON.stringify(list)) as Record<string, unknown>[];
}

function readingOf(payload: Record<string, unknown>): InviteReading {
  const inviter = payload.inviter as { id: string };
  return {
    code: payload.code as InviteCode,
    inviterId: inviter.id as UserId,
    channelId: (payload.channel as { id: string }).id as InviteReading['channelId'],
    uses: payload.uses as number,
    maxUses: 0,
    createdAt: Date.parse(payload.created_at as string),
    expiresAt: null,
    roleIds: [],
    targeted: false,
    bypass: false,
  };
}

function measure(keep: (guild: number) => unknown): number {
  const before = heapAfterGc();
  const kept = Array.from({ length: GUILDS }, (_, guild) => keep(guild));
  const bytes = heapAfterGc() - before;
  if (kept.length !== GUILDS) throw new Error('nothing was kept');
  return bytes / (GUILDS * INVITES);
}

/** Bytes per invite in memory, against the objects of discord.js, in one run. */
export async function memoryPerInvite(): Promise<Figure> {
  const { Client, GatewayIntentBits, Invite } = await import('discord.js');
  const client = new Client({ intents: [GatewayIntentBits.Guilds] });
  const own = measure((guild) => {
    const at = 1_800_000_000_000;
    const invites = parsedList(guild).map(readingOf);
    const list = { kind: 'invites', at, requestedAt: at - 90, invites, complete: true } as const;
    return step(emptyState(), list).state;
  });
  const theirs = measure((guild) =>
    parsedList(guild).map((payload) => Reflect.construct(Invite, [client, payload]) as object),
  );
  await client.destroy();
  return {
    name: 'invite cache, bytes per invite / discord.js Invite objects',
    value: own / theirs,
    unit: 'x',
    atMost: 1 / 8,
    detail: `${own.toFixed(0)} against ${theirs.toFixed(0)} bytes`,
  };
}
