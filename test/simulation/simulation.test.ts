import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { type Campaign, type Played, playWorld } from './campaign.ts';
import { FAILED_SEEDS } from './failed-seeds.ts';
import { addTally, emptyTally } from './tally.ts';

/** The same worlds for everybody, so that a change of ours is what breaks them; others by hand. */
const SEED = Number(process.env.SIMULATION_SEED ?? 20_261_126);
/** As many as hold twenty thousand joins. */
const WORLDS = Number(process.env.SIMULATION_WORLDS ?? 124);
const JOBS = 2;
const ORACLE_EVERY = 8;

/** Plays the first worlds of a mix; every fault is told with its command. */
async function playMany(mix: string, worlds: number) {
  const tally = emptyTally();
  const failures: string[] = [];
  await Promise.all(
    Array.from({ length: JOBS }, (_, first) =>
      playShare(
        { mix, seed: SEED, first, step: JOBS, oracleEvery: ORACLE_EVERY },
        worlds,
        (played) => {
          addTally(tally, played.outcome.tally);
          const again = `npm run simulate -- --mix ${mix} --seed ${SEED} --world ${played.world} --oracle-every ${ORACLE_EVERY}`;
          for (const finding of played.outcome.findings) failures.push(`${again}: ${finding}`);
        },
      ),
    ),
  );
  return { tally, failures };
}

/** One worker's share of the worlds below `worlds`. */
async function playShare(
  campaign: Campaign,
  worlds: number,
  take: (played: Played) => void,
): Promise<void> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: campaign });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  worker.on('error', reject);
  worker.on('message', (played: Played) => {
    if (played.world < worlds) take(played);
    if (played.world + campaign.step >= worlds) resolve();
  });
  await promise.finally(() => worker.terminate());
}

describe(`simulated worlds (seed ${SEED})`, () => {
  it('keep every promise while the assumptions hold', { timeout: 400_000 }, async (t) => {
    const { tally, failures } = await playMany('inside', WORLDS);
    t.diagnostic(`${tally.joins} joins in ${tally.worlds} worlds, ${tally.judged} judged`);
    assert.deepEqual(failures, []);
    assert.equal(tally.worlds, WORLDS);
    assert.ok(tally.oracleFirm > 0 && tally.lone.of > 0);
    if (process.env.SIMULATION_WORLDS === undefined) assert.ok(tally.joins >= 20_000);
  });

  it('stop nothing where the assumptions do not hold', { timeout: 200_000 }, async () => {
    const { tally, failures } = await playMany('outside', 8);
    assert.deepEqual(failures, []);
    assert.equal(tally.worlds, 8);
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
