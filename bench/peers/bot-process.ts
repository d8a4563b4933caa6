import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Report } from './answer.ts';
import type { Entry } from './contestants.ts';
import type { Doorway } from './doorway.ts';

/** How long an orderly end may take; wherefrom allows itself twice five seconds. */
const STOP_MS = 12_000;
const KEPT_STDERR = 4_000;

interface Options extends Entry {
  readonly apiUrl: string;
  readonly token: string;
  readonly folder: string;
  readonly doorway: Doorway;
  readonly heard: (report: Report) => void;
  /** It ended without being asked to; the text names the error. */
  readonly crashed: (text: string) => void;
}

/** The process of one tracker. */
export class BotProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #leave: () => void;
  #state: 'starting' | 'ready' | 'lost' = 'starting';
  #readyAtMs: number | null = null;
  #isAsked = false;
  #stderr = '';

  /** Starts it as soon as no other one is starting, and does not wait until it is ready. */
  static async open(options: Options): Promise<BotProcess> {
    return new BotProcess(options, await options.doorway.enter());
  }

  private constructor(options: Options, leave: () => void) {
    const { contestant, setUp, apiUrl, token, folder } = options;
    this.#leave = leave;
    this.#child = fork(
      join(import.meta.dirname, 'child.ts'),
      [contestant.name, setUp, apiUrl, token],
      { cwd: folder, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] },
    );
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-KEPT_STDERR);
    });
    this.#child.on('message', (message) => {
      const report = message as Report;
      if (report.kind === 'ready') this.#becomeReady();
      options.heard(report);
    });
    this.#ended = new Promise((resolve) => {
      this.#child.once('exit', () => resolve());
      this.#child.once('error', () => resolve());
    });
    void this.#ended.then(() => {
      leave();
      this.#state = 'lost';
      if (!this.#isAsked) options.crashed(reasonIn(this.#stderr));
    });
  }

  get state(): 'starting' | 'ready' | 'lost' {
    return this.#state;
  }

  /** When it said that it is connected; null if it has not. */
  get readyAtMs(): number | null {
    return this.#readyAtMs;
  }

  #becomeReady(): void {
    this.#leave();
    this.#state = 'ready';
    this.#readyAtMs = Date.now();
  }

  /** Asks it to end as a deployment would, and waits until it has. */
  async stop(): Promise<void> {
    this.#isAsked = true;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
    await this.#ended;
    clearTimeout(timer);
  }

  /** Ends it at once. */
  async kill(): Promise<void> {
    this.#isAsked = true;
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}

/** The line of a crash that names the error. */
function reasonIn(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  const naming = /^(?:[A-Z]\w*)?Error(?:\[\w+\])?: /;
  return lines.findLast((line) => naming.test(line)) ?? 'no reason given';
}
