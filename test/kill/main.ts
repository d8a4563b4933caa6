#!/usr/bin/env node
import { Command, InvalidArgumentError } from 'commander';
import { reportOf } from './report.ts';
import { runKills } from './run-kills.ts';

const command = new Command('kill')
  .description('Kills the real service again and again, and compares its ledger with the truth.')
  .option('--kills <n>', 'how many kills', positive, 100)
  .option('--seed <n>', 'another order of kills and joins', positive, 1)
  .option('--shards <n>', 'how many connections to the gateway', positive, 1)
  .option('-v, --verbose', 'also tell what goes wrong in the guilds', false)
  .helpOption('-h, --help', 'show this help')
  .parse();

function positive(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('a whole number above 0');
}

const { kills, seed, shards, verbose } = command.opts<{
  kills: number;
  seed: number;
  shards: number;
  verbose: boolean;
}>();
const ending = new AbortController();
let signals = 0;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    signals += 1;
    if (signals > 1) process.exit(1);
    ending.abort();
  });
}

const tell = (line: string): void => {
  if (verbose || !line.startsWith(' ')) process.stderr.write(`${line}\n`);
};

try {
  const outcome = await runKills({ kills, seed, shards, tell, ending: ending.signal });
  const { findings } = outcome.compared;
  const call = `npm run kill -- --kills ${kills} --seed ${seed} --shards ${shards}`;
  process.stdout.write(`${call}\n\n${reportOf(outcome)}\n`);
  for (const finding of findings) process.stdout.write(`\n${finding}\n`);
  if (findings.length > 0) process.stdout.write(`\n${call}\nthe database is ${outcome.path}\n`);
  process.exitCode = findings.length > 0 ? 1 : 0;
} catch (error) {
  if (!ending.signal.aborted) throw error;
  process.stderr.write('interrupted: nothing was compared\n');
  process.exitCode = 1;
}
