import { setTimeout as sleep } from 'node:timers/promises';
import type { Life } from './history.ts';
import { type PlannedEnd, wordsOf } from './plan.ts';
import type { Scene } from './scene.ts';
import type { Victim } from './victim.ts';

/** So many joins come between two kills at least, and so many of them while nothing runs. */
export const JOINS = 20;
const JOINS_WHILE_DEAD = 4;
/** A boundary that is not reached by then: the process is killed as it is. */
const PATIENCE_MS = 16_000;
const BEAT_MS = [10, 110] as const;
/** Enough has happened for this life; it goes on more slowly. */
const SLOW_BEAT_MS = [120, 300] as const;
const DEAD_MS = [0, 2_500] as const;

/** Who joined while nothing ran: the next process answers them first. */
export type Missed = readonly string[];

export interface Lived {
  readonly life: Life;
  readonly missed: Missed;
}

/** One life of the process with all that happens in it, its end, and the time until the next. */
export async function live(
  scene: Scene,
  end: PlannedEnd,
  {
    number,
    missed,
    next,
  }: { readonly number: number; readonly missed: Missed; readonly next: PlannedEnd | null },
): Promise<Lived> {
  const { emulator, sessions, story } = scene;
  const joinsBefore = story.joins;
  const resumesBefore = emulator.gateway.resumes;
  const couldResume = sessions.areResumable;
  const identifiesBefore = emulator.gateway.identifies;
  const victim = scene.start(end);
  const answered = firstAnswer(scene, victim, missed);
  const dying = scene.deathOf(victim, end.endAt === null ? end.afterMs : PATIENCE_MS);
  await actUntilDead(scene, victim, end, joinsBefore);
  const death = await dying;
  sessions.died(victim.startedAtMs);
  const anew = emulator.gateway.identifies > identifiesBefore;
  if (couldResume && anew) {
    scene.incidents.push(`life ${number} began a new session, though there was one to resume`);
  }
  const joinsAlive = story.joins - joinsBefore;
  const invalidated = await beDead(scene, joinsAlive, next);
  const joins = story.joins - joinsBefore;
  const life: Life = {
    number,
    planned: wordsOf(end),
    startedAtMs: victim.startedAtMs,
    endedAtMs: death.atMs,
    boundary: death.boundary,
    joins,
    joinsWhileDead: joins - joinsAlive,
    resumed: emulator.gateway.resumes > resumesBefore && !anew,
    invalidated,
    firstAnswerMs: anew ? null : answered(),
  };
  scene.lives.push(life);
  return { life, missed: usersSince(scene, joinsBefore + joinsAlive) };
}

/** Things happen until the process is gone, at first while it starts, or only once it is there. */
async function actUntilDead(
  scene: Scene,
  victim: Victim,
  end: PlannedEnd,
  joinsBefore: number,
): Promise<void> {
  const { chance, emulator, story } = scene;
  const { resumes, identifies } = emulator.gateway;
  const isConnected = (): boolean =>
    emulator.gateway.resumes > resumes || emulator.gateway.identifies > identifies;
  const waits = chance.chance(0.6);
  const troubleAfter = chance.chance(0.5) ? Math.floor(chance.next() * JOINS) : null;
  let troubled = troubleAfter === null;
  while (!victim.isDead) {
    const joined = story.joins - joinsBefore;
    if (!troubled && joined >= (troubleAfter ?? 0) && (!waits || isConnected())) {
      troubled = true;
      scene.tell(`    ${story.trouble()}`);
    }
    if (end.needs === 'touches' && joined >= JOINS - JOINS_WHILE_DEAD) story.touch();
    else if (!waits || isConnected()) story.beat();
    const isSlow = joined >= JOINS + JOINS_WHILE_DEAD;
    await Promise.race([sleep(chance.between(isSlow ? SLOW_BEAT_MS : BEAT_MS)), victim.died]);
  }
}

/** Nothing runs, and life goes on. Answers whether the session was ended meanwhile. */
async function beDead(scene: Scene, joinsAlive: number, next: PlannedEnd | null): Promise<boolean> {
  const { chance, ending, sessions, story } = scene;
  const joinsBefore = story.joins;
  const mayEnd = scene.lives.length > 1 && next?.needs !== 'old-session';
  const invalidated = mayEnd && (next?.needs === 'new-session' || chance.chance(0.06));
  const endsEarly = chance.chance(0.5);
  if (invalidated && endsEarly) sessions.end();
  const until = Date.now() + chance.between(DEAD_MS);
  const wanted = Math.max(JOINS - joinsAlive, JOINS_WHILE_DEAD) + Math.floor(chance.next() * 4);
  if (chance.chance(0.5)) scene.tell(`    while nothing ran, ${story.trouble()}`);
  while (story.joins - joinsBefore < wanted) {
    story.beat();
    await sleep(chance.between([0, 30]));
  }
  story.finish();
  if (invalidated && !endsEarly) sessions.end();
  await sleep(Math.max(0, until - Date.now()), undefined, { signal: ending });
  return invalidated;
}

function usersSince({ emulator }: Scene, joins: number): Missed {
  return emulator
    .truth()
    .slice(joins)
    .map(({ userId }) => userId);
}

/** From its start to the first line that names one of those who joined while nothing ran. */
function firstAnswer(scene: Scene, victim: Victim, missed: Missed): () => number | null {
  const { emulator, story } = scene;
  let answeredMs: number | null = null;
  const latest = (): string =>
    story.towns
      .flatMap(({ logs }) => emulator.messages(logs.at(-1)?.channelId ?? '').slice(-8))
      .map(({ body }) => body.content)
      .join();
  const before = latest();
  // Some of them have lines of an earlier time.
  const names = missed.map((userId) => `<@${userId}>`).filter((name) => !before.includes(name));
  const isTold = (): boolean => {
    if (victim.isDead) return true;
    const text = latest();
    return names.some((name) => text.includes(name));
  };
  emulator.waitFor(isTold, { timeoutMs: 60_000 }).then(
    () => {
      if (!victim.isDead) answeredMs = Date.now() - victim.startedAtMs;
    },
    () => {},
  );
  return () => answeredMs;
}
