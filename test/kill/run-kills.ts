import { type Compared, compare } from './findings.ts';
import type { History } from './history.ts';
import { lastLife } from './last-life.ts';
import { live, type Missed } from './live.ts';
import { firstStarts, type PlannedEnd, planOf, wordsOf } from './plan.ts';
import { type Records, readRecords } from './records.ts';
import { openScene, type Scene, type SceneOptions } from './scene.ts';

export interface RunOptions extends SceneOptions {
  readonly kills: number;
  /** Without it each boundary has its turn and there are random moments between them. */
  readonly plan?: readonly PlannedEnd[];
}

export interface Outcome {
  readonly history: History;
  readonly compared: Compared;
  readonly records: Records;
  /** Guilds whose members the stored directory counts otherwise than Discord does. */
  readonly miscounted: readonly string[];
  readonly requests: number;
  readonly path: string;
}

/** Kills the real process again and again, and holds what it stored and said against the truth. */
export async function runKills(options: RunOptions): Promise<Outcome> {
  await using scene = await openScene(options);
  for (const end of firstStarts()) await firstStart(scene, end);
  const plan = [...(options.plan ?? planOf(options.kills, options.seed))];
  let missed: Missed = [];
  for (let number = 1; plan.length > 0; number += 1) {
    const end = plan.shift()!;
    const lived = await live(scene, end, { number, missed, next: plan[0] ?? null });
    missed = lived.missed;
    const { boundary, joins } = lived.life;
    const where = boundary ?? `killed from outside (planned: ${wordsOf(end)})`;
    scene.tell(`kill ${number}: ${where}, ${joins} joins since the one before`);
    if (end.endAt !== null && boundary !== end.endAt.boundary) postpone(end, plan);
  }
  await lastLife(scene);
  return outcomeOf(scene);
}

/** A process that dies before it knows anything: nobody joins meanwhile. */
async function firstStart(scene: Scene, end: PlannedEnd): Promise<void> {
  const death = await scene.deathOf(scene.start(end), 30_000);
  const isThere = death.boundary === end.endAt?.boundary;
  scene.tell(`before the first start: ${wordsOf(end)}${isThere ? '' : ' was not reached'}`);
  if (!isThere) scene.incidents.push(`${wordsOf(end)} was not reached:\n${death.text}`);
}

/** A boundary that was not reached gets the turn of a random moment. */
function postpone(end: PlannedEnd, plan: PlannedEnd[]): void {
  const free = plan.findLastIndex(({ endAt }) => endAt === null);
  if (free >= 0 && end.endAt !== null) plan[free] = { ...end, endAt: { ...end.endAt, nth: 1 } };
}

function outcomeOf(scene: Scene): Outcome {
  const { emulator, incidents, lives, losses, path, story } = scene;
  const history: History = { lives, towns: story.towns, losses, incidents };
  const records = readRecords(path);
  const compared = compare(emulator, history, records);
  if (compared.findings.length > 0) scene.keepFiles();
  const miscounted = story.towns.flatMap(({ guildId, name }) => {
    const guild = emulator.world.guilds.get(guildId);
    const counted = records.counted.get(guildId);
    return counted === guild?.members.size ? [] : `${name}: ${counted} for ${guild?.members.size}`;
  });
  return { history, compared, records, miscounted, requests: emulator.requests.length, path };
}
