import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Emulator } from '@wherefrom/emulator';
import { type Boundary, isBoundary, KILL_AT, KILL_NTH, LAST_WORDS } from './boundaries.ts';

const MAIN = join(import.meta.dirname, '../../packages/service/src/main.ts');
const PRELOAD = join(import.meta.dirname, 'preload.ts');
/** So much of what it said is kept for a failure. */
const KEPT_TEXT = 20_000;

/** Where the process shall end itself. */
export interface EndAt {
  readonly boundary: Boundary;
  readonly nth: number;
}

export interface Death {
  readonly atMs: number;
  /** Where it ended itself; null if it was killed from outside. */
  readonly boundary: Boundary | null;
  /** It was not killed: it ended with this code. */
  readonly code: number | null;
  /** The end of its log. */
  readonly text: string;
}

/** The real service as a process of its own, over the real sockets and a real file. */
export class Victim {
  readonly startedAtMs = Date.now();
  readonly died: Promise<Death>;
  readonly #child: ChildProcess;
  #text = '';
  #isDead = false;

  constructor(
    emulator: Emulator,
    folder: string,
    endAt: EndAt | null,
    settings: Readonly<Record<string, string>> = { LOG_LEVEL: 'debug', JOURNAL: 'on' },
  ) {
    const { DISCORD_TOKEN: _, DISCORD_TOKEN_FILE: __, ...outer } = process.env;
    const env = {
      ...outer,
      DISCORD_TOKEN: emulator.token,
      DISCORD_API_URL: emulator.apiUrl,
      DATA_DIR: folder,
      ...settings,
      ...(endAt === null ? {} : { [KILL_AT]: endAt.boundary, [KILL_NTH]: String(endAt.nth) }),
    };
    const watched = endAt === null ? [] : ['--import', PRELOAD];
    this.#child = spawn(process.execPath, [...watched, MAIN], { env });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (part: string) => {
        this.#text = (this.#text + part).slice(-KEPT_TEXT);
      });
    }
    this.died = new Promise((resolve) => {
      this.#child.on('close', (code) => {
        this.#isDead = true;
        resolve({ atMs: Date.now(), boundary: boundaryIn(this.#text), code, text: this.#text });
      });
    });
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Asks for an orderly end. */
  stop(): Promise<Death> {
    this.#child.kill('SIGTERM');
    return this.died;
  }
}

function boundaryIn(text: string): Boundary | null {
  const at = text.lastIndexOf(LAST_WORDS);
  const name = at < 0 ? '' : (text.slice(at + LAST_WORDS.length).split('\n')[0] ?? '');
  return isBoundary(name) ? name : null;
}
