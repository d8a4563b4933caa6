import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPrng, type Emulator, type Prng, startEmulator } from '@wherefrom/emulator';
import type { Life } from './history.ts';
import { Losses } from './losses.ts';
import type { PlannedEnd } from './plan.ts';
import { SessionWatch } from './sessions.ts';
import { Story } from './story.ts';
import { type Death, Victim } from './victim.ts';

/** One Discord, one database, and one process after another. */
export interface Scene extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly path: string;
  readonly chance: Prng;
  readonly losses: Losses;
  readonly story: Story;
  readonly sessions: SessionWatch;
  readonly lives: Life[];
  /** What was wrong on the way, one line each. */
  readonly incidents: string[];
  readonly ending: AbortSignal;
  tell(line: string): void;
  /** Starts the process, to end there if it comes there. */
  start(end: PlannedEnd | null): Victim;
  /** Waits for the end of a process, and kills it if that does not come in time. */
  deathOf(victim: Victim, withinMs: number): Promise<Death>;
  /** The files stay, for whoever wants to know what went wrong. */
  keepFiles(): void;
}

export interface SceneOptions {
  readonly seed: number;
  /** Default 1. */
  readonly shards?: number;
  readonly tell: (line: string) => void;
  readonly ending: AbortSignal;
}

export async function openScene(options: SceneOptions): Promise<Scene> {
  const { seed, shards = 1, tell, ending } = options;
  const folder = await mkdtemp(join(tmpdir(), 'wherefrom-kill-'));
  const emulator = await startEmulator({
    seed,
    shards,
    latencyMs: [5, 120],
    eventDelayMs: [0, 300],
  });
  const path = join(folder, 'wherefrom.db');
  const chance = createPrng(seed + 1_000);
  const losses = new Losses(shards);
  const incidents: string[] = [];
  let running: Victim | null = null;
  let keeps = false;
  return {
    emulator,
    path,
    chance,
    losses,
    story: new Story(emulator, losses, chance),
    sessions: new SessionWatch(emulator, losses, { path, shards }),
    lives: [],
    incidents,
    ending,
    tell,
    start: (end) => {
      ending.throwIfAborted();
      running = new Victim(emulator, folder, end?.endAt ?? null);
      return running;
    },
    deathOf: async (victim, withinMs) => {
      const timer = setTimeout(() => victim.kill(), withinMs);
      const death = await victim.died;
      clearTimeout(timer);
      incidents.push(...incidentsOf(death));
      return death;
    },
    keepFiles: () => {
      keeps = true;
    },
    [Symbol.asyncDispose]: async () => {
      running?.kill();
      await running?.died;
      await emulator.close();
      if (!keeps) await rm(folder, { recursive: true, force: true });
    },
  };
}

function incidentsOf({ code, text }: Death): readonly string[] {
  const ends = code === null || code === 0 ? [] : [`it ended by itself, code ${code}:\n${text}`];
  const errors = text.split('\n').filter((line) => /\bERROR\b/.test(line));
  return [...ends, ...errors.map((line) => `the log says: ${line}`)];
}
