import type { World } from './mixes.ts';
import { runWorld } from './run-world.ts';
import type { Entry } from './script.ts';

export interface Shortened {
  readonly entries: readonly Entry[];
  readonly findings: readonly string[];
}

/**
 * Leaves out of the world's script whatever the finding does not need, halves first, for as long as
 * `until` (ms of `performance.now`) allows. Each thing in a world has its own source of chance, so
 * what stays happens as before.
 */
export async function shorten(
  world: World,
  withOracle: boolean,
  until: number,
): Promise<Shortened> {
  let entries = world.script.entries;
  let { findings } = await runWorld(world, withOracle);
  for (let size = entries.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < entries.length && performance.now() < until; ) {
      const fewer = entries.toSpliced(at, size);
      const found = await findingsWith(world, fewer, withOracle);
      if (found.length === 0) at += size;
      else [entries, findings] = [fewer, found];
    }
  }
  return { entries, findings };
}

async function findingsWith(
  world: World,
  entries: readonly Entry[],
  withOracle: boolean,
): Promise<readonly string[]> {
  const script = { ...world.script, entries };
  return (await runWorld({ ...world, script }, withOracle)).findings;
}

/** One line per thing that happens: seconds, guild, what. */
export function scriptText(entries: readonly Entry[]): string {
  return entries
    .map((entry) => {
      const at = (entry.atMs / 1_000).toFixed(3).padStart(9);
      const { kind, ...rest } = entry.guild === null ? entry.mishap : entry.deed;
      const where = entry.guild === null ? 'bot' : `guild ${entry.guild}`;
      return `${at}  ${where}  ${kind} ${JSON.stringify(rest)}`;
    })
    .join('\n');
}
