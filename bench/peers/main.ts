#!/usr/bin/env node
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { CONTESTANTS } from './contestants.ts';
import { installPeers } from './install.ts';
import { measure } from './measure.ts';
import { STORIES } from './stories/all.ts';
import { tablesOf } from './tables.ts';

const START = 'start';
/** What a shell reports of a command that Ctrl-C ended. */
const INTERRUPTED = 130;

interface Options {
  readonly only?: readonly string[];
  readonly story?: readonly string[];
  readonly seed: number;
  readonly lanes: number;
  readonly json?: string;
}

const oneOf =
  (names: readonly string[]) => (name: string, before: readonly string[] | undefined) => {
    if (!names.includes(name)) throw new InvalidArgumentError(`There is: ${names.join(', ')}.`);
    return [...(before ?? []), name];
  };

function whole(text: string): number {
  const number = Number(text);
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new InvalidArgumentError('A whole number from 1 on is needed.');
  return number;
}

/** Found out now and not after five minutes. */
function writable(file: string): string {
  try {
    closeSync(openSync(file, 'a'));
    return file;
  } catch {
    throw new InvalidArgumentError('It cannot be written.');
  }
}

const names = CONTESTANTS.map(({ name }) => name);
const storyNames = [...STORIES.map(({ name }) => name), START];
const command = new Command('bench:peers')
  .description(
    'Other invite trackers and wherefrom, each in its own process on the emulator, with the truth.',
  )
  .option('--only <tracker>', `one of ${names.join(', ')}; may be repeated`, oneOf(names))
  .option('--story <story>', `one of ${storyNames.join(', ')}; may be repeated`, oneOf(storyNames))
  .option('--seed <number>', 'other people, invites and delays', whole, 1)
  .option('--lanes <number>', 'how many stories are played at a time', whole, 12)
  .option('--json <file>', 'write everything that was measured into a file', writable)
  .parse();

const { only, story, seed, lanes, json } = command.opts<Options>();
const entries = CONTESTANTS.filter(({ name }) => only?.includes(name) ?? true).flatMap(
  (contestant) => contestant.setUps.map((setUp) => ({ contestant, setUp })),
);
const stories = STORIES.filter(({ name }) => story?.includes(name) ?? true);
const withStart = story?.includes(START) ?? true;

const ending = new AbortController();
let isInterrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (isInterrupted) process.exit(INTERRUPTED);
    isInterrupted = true;
    process.stderr.write('ending ...\n');
    ending.abort();
  });
}

try {
  await installPeers();
  const measured = await measure({ entries, stories, withStart, seed, lanes, ending });
  ending.signal.throwIfAborted();
  process.stdout.write(tablesOf(measured, entries, stories));
  if (json !== undefined)
    writeFileSync(json, `${JSON.stringify({ seed, ...measured }, null, 2)}\n`);
} catch (error) {
  if (!isInterrupted) throw error;
  process.exitCode = INTERRUPTED;
}
