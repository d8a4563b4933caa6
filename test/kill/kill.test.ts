import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Boundary } from './boundaries.ts';
import { type PlannedEnd, planFor } from './plan.ts';
import { reportOf } from './report.ts';
import { runKills } from './run-kills.ts';

const SEED = Number(process.env.KILL_SEED ?? 7);

/** Eight kills of different kinds; `npm run kill` has all boundaries and random moments. */
const KILLS: readonly (readonly [Boundary, number] | number)[] = [
  ['session: after commit', 1],
  ['step: before commit', 4],
  ['post: on its way', 2],
  ['message sent: before commit', 1],
  600,
  ['event: GUILD_CREATE arrived', 3],
  ['step: after commit', 6],
  ['member page: read, not stored', 1],
];

test('whenever the process is killed, no join is lost and no line is there twice', {
  timeout: 230_000,
}, async (t) => {
  const plan: PlannedEnd[] = KILLS.map((kill) => planFor(kill));
  const told: string[] = [];
  const outcome = await runKills({
    kills: plan.length,
    seed: SEED,
    plan,
    tell: (line) => told.push(line),
    ending: t.signal,
  });
  const { findings } = outcome.compared;
  t.diagnostic(`seed ${SEED}: ${outcome.compared.told.length} joins`);
  if (findings.length > 0) t.diagnostic([...told, reportOf(outcome), outcome.path].join('\n'));
  assert.deepEqual(findings, []);
  const wanted = KILLS.filter((kill) => typeof kill !== 'number').map(([boundary]) => boundary);
  const reached = outcome.history.lives.flatMap(({ boundary }) => boundary ?? []);
  assert.deepEqual(reached, wanted);
});
