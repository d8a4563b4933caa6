#!/usr/bin/env node
import { Command, InvalidArgumentError } from 'commander';
import { seedFrom } from './chance.ts';
import { playDemo } from './play.ts';

const [major] = process.versions.node.split('.');
if (Number(major) < 24) {
  process.stderr.write(
    `The demo needs Node 24 and runs on ${process.version}: use \`npm run demo\`.\n`,
  );
  process.exit(2);
}

const command = new Command('demo')
  .description('A living community on an embedded Discord emulator, and the bot that watches it.')
  .option('--once', 'play the story once, print the score, fail if a promise was broken', false)
  .option(
    '--seed <seed>',
    'another story: a number or any text',
    parseSeed,
    seedFrom(String(process.pid)),
  )
  .helpOption('-h, --help', 'show this help')
  .parse();

function parseSeed(text: string): number {
  if (text === '') throw new InvalidArgumentError('a seed is a number or a text');
  return seedFrom(text);
}

const { once, seed } = command.opts<{ once: boolean; seed: number }>();
const ending = new AbortController();
let signals = 0;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    signals += 1;
    if (signals > 1) process.exit(1);
    ending.abort();
  });
}
process.exitCode = await playDemo({ once, seed, ending: ending.signal });
