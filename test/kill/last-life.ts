import { setTimeout as sleep } from 'node:timers/promises';
import { openWork } from './records.ts';
import type { Scene } from './scene.ts';

/** Longer than the longest pause between two attempts of one message. */
const QUIET_MS = 330_000;
const LOOK_MS = 1_000;
/** So long nothing may change before all is said. */
const STABLE_LOOKS = 5;

/** A last process that nobody kills: it mends what is left, settles everything, and ends in order. */
export async function lastLife(scene: Scene): Promise<void> {
  const { emulator, ending, incidents, sessions, story } = scene;
  const { resumes, identifies } = emulator.gateway;
  const victim = scene.start(null);
  await emulator.waitFor(
    () => emulator.gateway.resumes > resumes || emulator.gateway.identifies > identifies,
    { timeoutMs: 60_000 },
  );
  story.mend();
  await sleep(6_000, undefined, { signal: ending });
  story.everywhere();
  const isQuiet = await becomesQuiet(scene, () => victim.isDead);
  if (!isQuiet) incidents.push(`not quiet after ${QUIET_MS / 1000} s: ${wordsOf(scene)}`);
  const death = await victim.stop();
  sessions.died(victim.startedAtMs);
  if (death.code !== 0) incidents.push(`it did not end in order:\n${death.text}`);
}

async function becomesQuiet(scene: Scene, isDead: () => boolean): Promise<boolean> {
  const until = Date.now() + QUIET_MS;
  let before = '';
  let same = 0;
  while (Date.now() < until && !isDead()) {
    const { unsettled, unsent } = openWork(scene.path);
    const now = wordsOf(scene);
    same = unsettled + unsent === 0 && now === before ? same + 1 : 0;
    if (same >= STABLE_LOOKS) return true;
    before = now;
    await sleep(LOOK_MS, undefined, { signal: scene.ending });
  }
  return false;
}

function wordsOf({ emulator, path }: Scene): string {
  const { unsettled, unsent } = openWork(path);
  return `${unsettled} answers open, ${unsent} lines unsent, ${emulator.requests.length} requests`;
}
