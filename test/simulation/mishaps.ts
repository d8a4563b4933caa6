import type { Prng } from '@wherefrom/emulator';
import { EVENT_DELAY_MS, SETTLE_MS } from '../../packages/core/src/engine/constants.ts';
import { integer } from './chance.ts';
import type { Recipe } from './invent.ts';
import type { Entry, Mishap } from './script.ts';

/** Kinds of mishaps within the assumptions: each is named to the bot as what it is. */
export const MISHAPS = [
  'resumes',
  'losses',
  'restarts',
  'kills',
  'store',
  'outages',
  'refusals',
  'permissions',
] as const;

/** At most so many of one kind in a world. */
const MOST = 5;

/** Mishaps at random, most of them close to where something happens. */
export function mishapsAmong(prng: Prng, times: readonly number[], recipe: Recipe): Entry[] {
  const latest = Math.max(0, ...times);
  const near = (): number => {
    const at = prng.chance(0.85) && times.length > 0 ? prng.pick(times) : integer(prng, 0, latest);
    return Math.max(100, at + integer(prng, -3_000, 3_000));
  };
  return MISHAPS.flatMap((kind) => {
    const wild = recipe.mishaps[kind] ?? 0;
    if (wild === 0) return [];
    const count = 1 + Math.floor(prng.next() * MOST * wild);
    return Array.from({ length: count }, () =>
      mishap(prng, kind, wild, near(), recipe.guilds),
    ).flat();
  });
}

function mishap(
  prng: Prng,
  kind: (typeof MISHAPS)[number],
  wild: number,
  atMs: number,
  guilds: number,
): Entry[] {
  const briefly = (): number => integer(prng, 50, 200 + 12_000 * wild);
  const long = (): number => integer(prng, 500, 1_000 + 240_000 * wild);
  const ours = (what: Mishap): Entry[] => [{ atMs, guild: null, mishap: what }];
  const guild = integer(prng, 0, guilds - 1);
  switch (kind) {
    case 'resumes': {
      return ours({ kind: 'break', resumable: true, silentMs: silence(prng), downMs: briefly() });
    }
    case 'losses': {
      return ours({ kind: 'break', resumable: false, silentMs: silence(prng), downMs: long() });
    }
    case 'restarts':
      return ours(restart(prng, prng.chance(0.4) ? 'stop' : 'kill', long()));
    case 'kills': {
      const how = prng.chance(0.5) ? 'kill-before' : 'kill-after';
      return ours(restart(prng, how, long()));
    }
    case 'store': {
      const share = prng.chance(0.3) ? 1 : 0.05 + 0.6 * wild * prng.next();
      return ours({ kind: 'store-fails', forMs: long(), share });
    }
    case 'outages':
      return [{ atMs, guild, deed: { kind: 'outage', forMs: long() } }];
    case 'refusals':
      return [{ atMs, guild, deed: { kind: 'refuse', forMs: long() } }];
    case 'permissions':
      return permissionsLost(prng, atMs, guild, long());
  }
}

/** Half of them resume; some of these come too late for that. */
function restart(
  prng: Prng,
  how: (Mishap & { readonly kind: 'restart' })['how'],
  longMs: number,
): Mishap {
  const resumable = prng.chance(0.6);
  const downMs = resumable && prng.chance(0.8) ? integer(prng, 100, 60_000) : longMs;
  return { kind: 'restart', how, resumable, downMs };
}

/**
 * How long a dead connection goes unnoticed. Whoever joined up to G before it died may be counted
 * in an answer at once, and what leans on that answer settles G + 2e after it: so what is noticed
 * later than 2e may find a promise made that it would have prevented. That is outside (A2).
 */
function silence(prng: Prng): number {
  return prng.chance(0.5) ? 0 : integer(prng, 0, SETTLE_MS - EVENT_DELAY_MS);
}

const FULL = [
  'MANAGE_GUILD',
  'MANAGE_CHANNELS',
  'VIEW_AUDIT_LOG',
  'VIEW_CHANNEL',
  'SEND_MESSAGES',
  'EMBED_LINKS',
  'READ_MESSAGE_HISTORY',
] as const;

/** A permission is taken, and given back a while later. */
function permissionsLost(prng: Prng, atMs: number, guild: number, forMs: number): Entry[] {
  const taken = prng.pick([
    'MANAGE_GUILD',
    'MANAGE_GUILD',
    'VIEW_AUDIT_LOG',
    'MANAGE_CHANNELS',
    'SEND_MESSAGES',
  ]);
  const names = FULL.filter((name) => name !== taken);
  return [
    { atMs, guild, deed: { kind: 'permissions', names } },
    { atMs: atMs + forMs, guild, deed: { kind: 'permissions', names: FULL } },
  ];
}
