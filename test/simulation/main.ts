import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Command, InvalidArgumentError } from 'commander';
import { replayFile } from '../../packages/service/src/journal/replay-file.ts';
import { type Campaign, MIXES, type Played, playWorld, worldSeed } from './campaign.ts';
import type { World } from './mixes.ts';
import { reportText } from './report.ts';
import { journalFor } from './shorten-journal.ts';
import { scriptText, shorten } from './shrink.ts';
import { addTally, emptyTally } from './tally.ts';

/** How long a failing world is shortened. */
const SHORTEN_MS = 60_000;
const PROGRESS_MS = 5_000;

interface Options {
  readonly seed: number;
  readonly joins: number;
  readonly mix: string;
  readonly world?: number;
  readonly jobs: number;
  readonly oracleEvery: number;
  readonly json?: string;
  readonly journal?: string;
}

const options = new Command('simulate')
  .description('Random worlds and troubles against the real service, on simulated time.')
  .option('--seed <number>', 'makes all worlds', whole, 1)
  .option('--joins <number>', 'stop after so many', whole, 20_000)
  .option(
    '--mix <name>',
    `what the worlds are like: ${Object.keys(MIXES).join(', ')}`,
    mixName,
    'inside',
  )
  .option('--world <number>', 'only this one', whole)
  .option('--jobs <number>', 'worlds at a time', jobs, 1)
  .option(
    '--oracle-every <number>',
    'the oracle judges one world in so many; 0 for none',
    whole,
    10,
  )
  .option('--json <file>', 'write the figures there too')
  .option('--journal <file>', 'write the journal of the first fault there, shortened')
  .parse()
  .opts<Options>();

function whole(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It has to be a whole number.');
  return Number(text);
}

function jobs(text: string): number {
  const most = availableParallelism();
  const wanted = whole(text);
  if (wanted < 1 || wanted > most)
    throw new InvalidArgumentError(`From 1 to ${most} on this machine.`);
  return wanted;
}

function mixName(text: string): string {
  if (text in MIXES) return text;
  throw new InvalidArgumentError(`There are ${Object.keys(MIXES).join(', ')}.`);
}

const startedAt = performance.now();
const total = emptyTally();
const failed: Played[] = [];
let toldAt = startedAt;

function take(played: Played): void {
  addTally(total, played.outcome.tally);
  if (played.outcome.findings.length > 0) failed.push(played);
  if (performance.now() - toldAt < PROGRESS_MS) return;
  toldAt = performance.now();
  const rate = Math.round(total.joins / ((toldAt - startedAt) / 1_000));
  const parts = [
    `${total.joins} of ${options.joins} joins`,
    `${rate}/s`,
    `${failed.length} failed`,
  ];
  process.stderr.write(`${parts.join(', ')}\n`);
}

function campaign(first: number, step: number): Campaign {
  const { mix, seed, oracleEvery } = options;
  return { mix, seed, oracleEvery, first, step };
}

/** Resolves when there have been enough joins, or somebody pressed Ctrl-C. */
function playMany(): Promise<void> {
  return new Promise((resolve, reject) => {
    const workers = Array.from({ length: options.jobs }, (_, first) => {
      return new Worker(new URL('./worker.ts', import.meta.url), {
        workerData: campaign(first, options.jobs),
      });
    });
    const end = (): void => {
      for (const worker of workers) void worker.terminate();
      resolve();
    };
    process.once('SIGINT', end);
    process.once('SIGTERM', end);
    for (const worker of workers) {
      worker.on('error', reject);
      worker.on('message', (played: Played) => {
        if (total.joins >= options.joins) return;
        take(played);
        if (total.joins >= options.joins) end();
      });
    }
  });
}

async function tellFailure({ world, outcome }: Played): Promise<void> {
  const { mix, seed, oracleEvery } = options;
  const again = `npm run simulate -- --mix ${mix} --seed ${seed} --world ${world} --oracle-every ${oracleEvery}`;
  console.log(`\nworld ${world} (seed ${outcome.seed}) broke what must hold:`);
  for (const finding of outcome.findings.slice(0, 10)) console.log(`  ${finding}`);
  console.log(`again: ${again}`);
  const made = MIXES[mix]!(worldSeed(seed, world));
  const judged = oracleEvery > 0 && world % oracleEvery === 0;
  const short = await shorten(made, judged, performance.now() + SHORTEN_MS);
  console.log(`shortened to ${short.entries.length} of ${made.script.entries.length}:`);
  console.log(scriptText(short.entries));
  for (const finding of short.findings.slice(0, 5)) console.log(`  ${finding}`);
  const script = { ...made.script, entries: short.entries };
  await tellJournal({ ...made, script }, short.findings);
}

/** What the engine saw of it, in the words of a replay. */
async function tellJournal(world: World, findings: readonly string[]): Promise<void> {
  const short = await journalFor(world, findings, performance.now() + SHORTEN_MS);
  if (short === null) return console.log('no journal alone gives the answer of a join in question');
  console.log(`\nits journal, shortened to ${short.observations} of ${short.of} observations:`);
  const wanted = { user: null, code: null, from: -Infinity, to: Infinity };
  const shown = { wanted, answersOnly: false, json: false, unproven: false, coloured: false };
  const write = (text: string): unknown => process.stdout.write(text);
  replayFile(short.text, shown, { write, complain: write });
  const { journal } = options;
  if (journal === undefined) return;
  writeFileSync(journal, short.text);
  console.log(`npm run replay -- ${journal}`);
}

if (options.world === undefined) await playMany();
else
  take({
    world: options.world,
    outcome: await playWorld(campaign(options.world, 1), options.world),
  });

const seconds = (performance.now() - startedAt) / 1_000;
console.log(
  `mix ${options.mix}, seed ${options.seed}, ${Math.round(seconds)} s, ${options.jobs} at a time`,
);
console.log(reportText(total, seconds));
if (options.json !== undefined) {
  writeFileSync(
    options.json,
    `${JSON.stringify({ ...options, seconds, tally: total }, null, 1)}\n`,
  );
}
if (failed.length > 0) {
  console.log(`\n${failed.length} worlds failed: ${failed.map(({ world }) => world).join(', ')}`);
  await tellFailure(failed[0]!);
  process.exitCode = 1;
}
