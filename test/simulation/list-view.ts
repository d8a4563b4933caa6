import type { Invite, Prng } from '@wherefrom/emulator';
import { usesAt } from '../../packages/emulator/src/world/counter.ts';
import { mixed } from './chance.ts';
import type { Discord } from './discord.ts';

interface Entry {
  readonly code: string;
  uses?: unknown;
  target_users_job_status?: unknown;
}

const MALFORMED: readonly unknown[] = [{}, { code: 42, uses: '7' }, 'not an object'];
/** It can be read, but for its numbers: so it hides nothing, and stands for no invite either. */
const STRANGE = { code: 'strange', uses: -1, inviter: 'somebody' };

/**
 * What the lists of one guild show: counts that lag, each code for itself, and invites that appear
 * and go late. What a list has shown does not go again before its end, and what has gone stays
 * away: anything else would be replicas that contradict each other, which no assumption allows.
 */
export class ListView {
  readonly #discord: Discord;
  readonly #shown = new Set<string>();
  readonly #gone = new Set<string>();

  constructor(discord: Discord) {
    this.#discord = discord;
  }

  /** Changes the answer of the route, which shows all that may still be seen. */
  seen(guildId: string, entries: readonly unknown[], atMs: number, prng: Prng): unknown[] {
    const { weather } = this.#discord;
    const kept = (entries as readonly Entry[]).filter((entry) =>
      this.#isSeen(guildId, entry, atMs),
    );
    for (const entry of kept) this.#lag(guildId, entry, atMs, prng);
    if (prng.chance(weather.uncounted)) for (const entry of kept) delete entry.uses;
    for (const entry of kept) if (prng.chance(weather.missingCounts)) delete entry.uses;
    return prng.chance(weather.holes) ? withHole(kept, prng) : kept;
  }

  #isSeen(guildId: string, { code }: Entry, atMs: number): boolean {
    const invite = this.#find(guildId, code);
    if (invite === null) return true;
    const id = `${code}@${invite.createdAtMs}`;
    if (this.#gone.has(id)) return false;
    const { presenceMs } = this.#discord.weather;
    const late = (mixed(invite.createdAtMs, `shows ${code}`) / 2 ** 32) * presenceMs;
    const lingers = (mixed(invite.createdAtMs, `lingers ${code}`) / 2 ** 32) * presenceMs;
    if (invite.ended !== null && atMs >= invite.ended.atMs + lingers) {
      this.#gone.add(id);
      return false;
    }
    if (!this.#shown.has(id) && atMs < invite.createdAtMs + late) return false;
    this.#shown.add(id);
    return true;
  }

  #lag(guildId: string, entry: Entry, atMs: number, prng: Prng): void {
    const { weather } = this.#discord;
    const invite = this.#find(guildId, entry.code);
    if (invite === null) return;
    // The emulator leaves out what only targeted invites carry.
    if (invite.targetUserIds !== null) entry.target_users_job_status = { status: 2 };
    if (entry.uses === undefined) return;
    const lagMs = prng.chance(weather.lagging) ? Math.round(prng.between(weather.lagMs)) : 0;
    entry.uses = usesAt(invite.counter, atMs - lagMs);
  }

  #find(guildId: string, code: string): Invite | null {
    const guild = this.#discord.world.guilds.get(guildId);
    return (
      guild?.invites.get(code) ?? guild?.ended.findLast((invite) => invite.code === code) ?? null
    );
  }
}

/** One entry is lost and shows as a hole, or something stands between the entries. */
function withHole(entries: readonly unknown[], prng: Prng): unknown[] {
  const at = Math.floor(prng.next() * (entries.length + 1));
  if (prng.chance(0.1)) return entries.toSpliced(at, 0, STRANGE);
  const hole = prng.chance(0.6) ? null : prng.pick(MALFORMED);
  return entries.toSpliced(at, prng.chance(0.5) ? 1 : 0, hole);
}
