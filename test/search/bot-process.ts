import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Emulator } from '@wherefrom/emulator';

const MAIN = join(import.meta.dirname, '..', '..', 'packages', 'service', 'src', 'main.ts');
const SEARCH = 'POST /guilds/:guild/members-search';
const LOOK_MS = 50;

/** A row of the table of backfill jobs, as it is in the file. */
export interface JobRow {
  readonly state: string;
  readonly total: number;
  readonly done: number;
  readonly reported: number;
  readonly no_record: number;
}

/** The bot as a process of its own. */
export interface Bot {
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM. */
  stop(): Promise<void>;
}

/** A place for the bot's files, and what can be read in them beside a running bot. */
export interface House extends AsyncDisposable {
  start(): Bot;
  job(guildId: string): JobRow | null;
  rows(): number;
  members(): number;
  /** Searches that were answered. */
  searches(): number;
  until(what: string, holds: () => boolean): Promise<void>;
}

export async function openHouse(discord: Emulator): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), 'wherefrom-killed-'));
  const running = new Set<ChildProcess>();
  let log = '';
  const read = <T>(ask: (file: DatabaseSync) => T): T => {
    const file = new DatabaseSync(join(folder, 'wherefrom.db'), { readOnly: true, timeout: 5_000 });
    try {
      return ask(file);
    } finally {
      file.close();
    }
  };
  const count = (table: string): number =>
    read((file) => Number(file.prepare(`select count(*) as n from ${table}`).get()?.n));
  const start = (): Bot => {
    const child = spawn(process.execPath, [MAIN], {
      env: {
        DISCORD_TOKEN: discord.token,
        DISCORD_API_URL: discord.apiUrl,
        DATA_DIR: folder,
        MEMBER_SEARCH: 'ambiguous',
      },
    });
    running.add(child);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        log += text;
      });
    }
    const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
    const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
      child.kill(signal);
      await ended;
      running.delete(child);
    };
    return { kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
  };
  return {
    start,
    job: (guildId) =>
      read((file) => {
        const row = file.prepare('select * from backfill where guild = ?').get(guildId);
        return (row as unknown as JobRow | undefined) ?? null;
      }),
    rows: () => count('ledger'),
    members: () => count('member'),
    searches: () =>
      discord.requests.filter(({ route, status }) => route === SEARCH && status === 200).length,
    until: async (what, holds) => {
      const deadline = performance.now() + 60_000;
      while (!holds()) {
        if (performance.now() > deadline) throw new Error(`not in time: ${what}\n${log}`);
        await sleep(LOOK_MS);
      }
    },
    [Symbol.asyncDispose]: async () => {
      for (const child of running) child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
