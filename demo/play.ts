import type { Attribution, GuildId, GuildStep } from 'wherefrom';
import { type Cast, castIn } from './cast.ts';
import { chanceFrom } from './chance.ts';
import { answerTo, nameOfJoin, scoreOf } from './score.ts';
import { finalScore, joinLine, runningScore, titleLine } from './screen.ts';
import { openStage, type Stage } from './stage.ts';
import { type Scene, scenesOf, wait } from './story.ts';
import { verdictOn } from './truth.ts';

export interface DemoOptions {
  readonly once: boolean;
  readonly seed: number;
  readonly ending: AbortSignal;
}

/** How long the last answers may take to settle: a join that no counter explains takes seven. */
const QUIET_MS = 20_000;

/** Plays the story; resolves to the exit code. */
export async function playDemo({ once, seed, ending }: DemoOptions): Promise<number> {
  const began = performance.now();
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const answers = new Map<string, Attribution>();
  const board = { cast: null as Cast | null, stage: null as Stage | null };
  await using stage = await openStage(seed, (step) => show(board, answers, step, print));
  const chance = chanceFrom(seed);
  const cast = castIn(stage.emulator, chance);
  board.cast = cast;
  board.stage = stage;
  print(
    `wherefrom demo, seed ${seed}: three guilds on an emulated Discord, ${stage.emulator.apiUrl}`,
  );
  print('The real service connects over REST and gateway; SQLite is in a temporary folder.');
  await stage.start();
  await firstLists(stage, ending);
  const tools = { emulator: stage.emulator, cast, chance, restart: () => stage.restart() };
  do {
    for (const scene of scenesOf(tools)) {
      if (ending.aborted) break;
      await playScene(scene, print, ending);
      print(runningLine(stage, answers));
    }
  } while (!once && !ending.aborted);
  if (ending.aborted) {
    print(`\nThe demo ends.\n${runningLine(stage, answers)}`);
    return once ? INTERRUPTED : 0;
  }
  await quiet(stage, answers);
  const score = scoreOf(stage, cast, answers);
  print(finalScore(score, seed, (performance.now() - began) / 1000));
  return score.failures.length > 0 ? 1 : 0;
}

/** What a shell reports of a command that Ctrl-C ended. */
const INTERRUPTED = 130;

async function playScene(
  scene: Scene,
  print: (line: string) => void,
  ending: AbortSignal,
): Promise<void> {
  print(titleLine(scene.title));
  await scene.play();
  await Promise.race([wait(scene.pauseMs), aborted(ending)]);
}

/** Joins before the first list cannot be told apart; the story begins when it is there. */
async function firstLists(stage: Stage, ending: AbortSignal): Promise<void> {
  for (;;) {
    const { wanted, read } = stage.service().tracker.health().firstLists;
    if (ending.aborted || (wanted >= 3 && read === wanted)) return;
    await wait(50);
  }
}

/** Waits until every real join has a settled answer and the log has said so. */
async function quiet(stage: Stage, answers: ReadonlyMap<string, Attribution>): Promise<void> {
  const until = performance.now() + QUIET_MS;
  while (performance.now() < until) {
    const open = stage.emulator.truth().some((truth) => !answerTo(answers, truth)?.settled);
    if (!open) break;
    await wait(100);
  }
  await stage.service().joinLog.drain(QUIET_MS);
  await stage.emulator.settled();
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
}

function show(
  { cast, stage }: { readonly cast: Cast | null; readonly stage: Stage | null },
  answers: Map<string, Attribution>,
  step: GuildStep,
  print: (line: string) => void,
): void {
  for (const answer of step.records) {
    const name = nameOfJoin(step.guildId, answer.userId, answer.joinedAt);
    const before = answers.get(name);
    answers.set(name, answer);
    if (before && sameWords(before, answer)) continue;
    const town = cast?.towns.find(({ guildId }) => guildId === (step.guildId as GuildId));
    const truth = stage?.emulator
      .truth()
      .find((join) => nameOfJoin(join.guildId, join.userId, join.joinedAtMs) === name);
    const member = stage?.emulator.world.users.get(answer.userId)?.username ?? answer.userId;
    const again = before !== undefined;
    print(joinLine(answer, truth, { town: town?.name ?? '', name: member, again }));
  }
}

function sameWords(before: Attribution, after: Attribution): boolean {
  const words = ({ certainty, origin, candidates }: Attribution): string =>
    JSON.stringify([certainty, origin ?? candidates.map((candidate) => candidate.origin)]);
  return words(before) === words(after);
}

function runningLine(stage: Stage, answers: Map<string, Attribution>): string {
  let firm = 0;
  let wrong = 0;
  const truths = stage.emulator.truth();
  for (const truth of truths) {
    const answer = answerTo(answers, truth);
    if (answer?.certainty !== 'certain' && answer?.certainty !== 'reported') continue;
    firm += 1;
    if (answer.settled && verdictOn(answer, truth) === 'wrong') wrong += 1;
  }
  return runningScore(truths.length, firm, wrong);
}
