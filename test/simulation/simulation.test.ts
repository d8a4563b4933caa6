import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { type Campaign, type Played, playWorld } from './campaign.ts';
import { FAILED_SEEDS } from './failed-seeds.ts';
import { addTally, emptyTally } from './tally.ts';

const JOINS = Number(process.env.SIMULATION_JOINS ?? 20_000);
const SEED = Number(process.env.SIMULATION_SEED ?? Math.floor(Date.now() / 1_000) % 2 ** 31);
const JOBS = 2;
const ORACLE_EVERY = 8;

/** Plays worlds of the mix until there were so many joins; every fault is told with its command. */
function playMany(mix: string, joins: number) {
  const tally = emptyTally();
  const failures: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const workers = Array.from({ length: JOBS }, (_, first) => {
    const workerData: Campaign = { mix, seed: SEED, first, step: JOBS, oracleEvery: ORACLE_EVERY };
    return new Worker(new URL('./worker.ts', import.meta.url), { workerData });
  });
  for (const worker of workers) {
    worker.on('error', reject);
    worker.on('message', ({ world, outcome }: Played) => {
      addTally(tally, outcome.tally);
      for (const finding of outcome.findings) failures.push(`${again(mix, world)}: ${finding}`);
      if (tally.joins >= joins || failures.length > 0) resolve();
    });
  }
  const ended = promise.finally(() => Promise.all(workers.map((worker) => worker.terminate())));
  return ended.then(() => ({ tally, failures }));
}

function again(mix: string, world: number): string {
  return `npm run simulate -- --mix ${mix} --seed ${SEED} --world ${world} --oracle-every ${ORACLE_EVERY}`;
}

describe(`simulated worlds (seed ${SEED})`, () => {
  it('keep every promise while the assumptions hold', { timeout: 200_000 }, async (t) => {
    const { tally, failures } = await playMany('inside', JOINS);
    t.diagnostic(`${tally.joins} joins in ${tally.worlds} worlds, ${tally.judged} judged`);
    assert.deepEqual(failures, []);
    assert.ok(tally.joins >= JOINS && tally.oracleFirm > 0 && tally.lone.of > 0);
  });

  it('stop nothing where the assumptions do not hold', { timeout: 60_000 }, async () => {
    const { tally, failures } = await playMany('outside', JOINS / 20);
    assert.deepEqual(failures, []);
    assert.ok(tally.joins > 0);
  });

  it('are the same for the same seed, to the last letter', async () => {
    const campaign = { mix: 'inside', seed: SEED, first: 0, step: 1, oracleEvery: 0 };
    const [one, other] = [await playWorld(campaign, 3), await playWorld(campaign, 3)];
    assert.equal(one.digest, other.digest);
    assert.notEqual(one.digest, (await playWorld(campaign, 4)).digest);
  });

  for (const { mix, seed, world, why } of FAILED_SEEDS) {
    it(`hold where they once did not: ${why} (${mix}, seed ${seed}, world ${world})`, async () => {
      const campaign = { mix, seed, first: world, step: 1, oracleEvery: 1 };
      assert.deepEqual((await playWorld(campaign, world)).findings, []);
    });
  }
});
