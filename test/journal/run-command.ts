import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const service = join(import.meta.dirname, '..', '..', 'packages', 'service', 'src');

export interface Ended {
  readonly exit: number | null;
  readonly out: string;
  readonly complaints: string;
}

interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** `npm run journal` or `npm run replay`, as a process of its own. */
export function runCommand(
  command: 'journal' | 'replay',
  args: readonly string[],
  surroundings: Surroundings = {},
): Promise<Ended> {
  return runScript(join(service, `${command}-main.ts`), args, surroundings);
}

/** Any file that node runs. */
export function runScript(
  script: string,
  args: readonly string[],
  { env = {}, cwd }: Surroundings = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [script, ...args], {
    env,
    ...(cwd === undefined ? {} : { cwd }),
  });
  const texts = { out: '', complaints: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    texts.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    texts.complaints += text;
  });
  return new Promise((resolve) => child.on('close', (exit) => resolve({ exit, ...texts })));
}

/** The process ends while somebody has stopped reading what it writes. */
export function runUnread(args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [join(service, 'replay-main.ts'), ...args]);
  let complaints = '';
  child.stdout.destroy();
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  return new Promise((resolve) => {
    child.on('close', (exit) => resolve({ exit, out: '', complaints }));
  });
}

/** What is wrong, three lines of what it means, no trace of a stack, and 2 as the end. */
export function isPlain({ exit, complaints }: Ended, failed: RegExp, what: RegExp): void {
  assert.equal(exit, 2, complaints);
  assert.match(complaints, failed);
  assert.match(complaints, what);
  assert.match(complaints, /Why it matters: .*\n {2}Where to fix it: .*\n {2}How to confirm: /);
  assert.doesNotMatch(complaints, /\n\s+at |unforeseen/);
}
