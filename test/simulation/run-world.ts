import { createHash } from 'node:crypto';
import { checkLedger } from './check-ledger.ts';
import { checkLines } from './check-lines.ts';
import { checkOracle } from './check-oracle.ts';
import { checkRest } from './check-rest.ts';
import { checkSums } from './check-sums.ts';
import { type GuildEnd, guildEnds } from './guild-end.ts';
import type { World } from './mixes.ts';
import { Stage } from './stage.ts';
import { emptyTally, type Tally } from './tally.ts';
import { tallyGuild } from './tally-guild.ts';

/** What a world came to. */
export interface Outcome {
  readonly seed: number;
  /** What must not be where the assumptions hold, one line each. */
  readonly findings: readonly string[];
  readonly tally: Tally;
  /** Of the ledger and of every message: the same seed gives the same. */
  readonly digest: string;
}

/** Plays a world to its end and judges it, with the oracle's help if that is wanted. */
export async function runWorld(world: World, withOracle = false): Promise<Outcome> {
  const stage = new Stage(world);
  try {
    await stage.play();
    const ends = await guildEnds(stage);
    const tally = emptyTally();
    tally.worlds = 1;
    tally.joins = stage.discord.world.truth.length;
    tally.requests = stage.side.requests;
    for (const end of ends) tallyGuild(tally, end);
    const kept = world.promise === 'kept';
    const judged = withOracle && kept ? ends.flatMap((end) => judge(tally, end)) : [];
    const found = kept ? await findingsOf(stage, ends) : unwanted(stage);
    const findings = [...new Set([...found, ...judged])];
    return { seed: world.seed, findings, tally, digest: digestOf(stage, ends) };
  } finally {
    stage.close();
  }
}

async function findingsOf(stage: Stage, ends: readonly GuildEnd[]): Promise<string[]> {
  return [
    ...stage.recorder.findings,
    ...unwanted(stage),
    ...(await checkRest(stage, ends)),
    ...ends.flatMap((end) => [
      ...checkLedger(end),
      ...checkSums(end).findings,
      ...checkLines(stage, end),
    ]),
  ];
}

function judge(tally: Tally, end: GuildEnd): readonly string[] {
  const { findings, judged, firm } = checkOracle(end);
  tally.judged += judged;
  tally.oracleFirm += firm;
  return findings;
}

function digestOf(stage: Stage, ends: readonly GuildEnd[]): string {
  const hash = createHash('sha256');
  for (const { rows } of ends) hash.update(JSON.stringify(rows));
  for (const messages of stage.discord.world.messages.values()) {
    hash.update(JSON.stringify(messages.map(({ body }) => body)));
  }
  return hash.digest('hex');
}

/** A step that throws and a listener that throws are bugs whatever the weather is. */
function unwanted({ recorder }: Stage): string[] {
  return recorder.reports
    .filter(({ kind }) => kind === 'step-threw' || kind === 'listener-threw')
    .map(({ kind, cause }) => `${kind}: ${cause instanceof Error ? cause.stack : String(cause)}`);
}
