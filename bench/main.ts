#!/usr/bin/env node
import { Command } from 'commander';
import { rescored } from './counting.ts';
import { engineAgainstParse, windowSolved } from './engine.ts';
import { memoryPerInvite } from './memory.ts';
import { type Figure, rowOf } from './report.ts';
import { restarts } from './restart.ts';
import { raidSearched } from './search.ts';
import { burst, loneJoins, manyGuilds, unexplained } from './sockets.ts';

const BENCHES: Readonly<Record<string, () => Promise<Figure[]>>> = {
  engine: async () => [engineAgainstParse()],
  window: async () => windowSolved(),
  counting: async () => rescored(),
  memory: async () => [await memoryPerInvite()],
  lone: loneJoins,
  burst,
  unexplained,
  guilds: manyGuilds,
  restart: restarts,
  search: raidSearched,
};

const command = new Command('bench')
  .description('Measures what the project promises; each figure is a ratio or a count of one run.')
  .argument('[names...]', `which: ${Object.keys(BENCHES).join(', ')} (all if none is named)`)
  .parse();

const names = command.args.length > 0 ? command.args : Object.keys(BENCHES);
for (const name of names) {
  if (!(name in BENCHES)) command.error(`error: no bench is called ${name}; see --help`);
}
process.stdout.write('| figure | measured | promise | detail |\n| --- | --- | --- | --- |\n');
let missed = 0;
for (const name of names) {
  process.stderr.write(`measuring ${name} ...\n`);
  for (const figure of await BENCHES[name]!()) {
    process.stdout.write(`${rowOf(figure)}\n`);
    if (figure.atMost !== null && figure.value > figure.atMost) missed += 1;
  }
}
process.exitCode = missed > 0 ? 1 : 0;
