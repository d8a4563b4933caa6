import type { Entry } from './contestants.ts';
import { Doorway } from './doorway.ts';
import type { Measured } from './figures.ts';
import { inLanes, type Job } from './lanes.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { tallyOf } from './score.ts';
import { Stage, type StageOptions } from './stage.ts';
import { measureStart, type StartOutcome } from './start.ts';
import { STORIES } from './stories/all.ts';
import type { Story } from './stories/story.ts';

export interface Plan {
  readonly entries: readonly Entry[];
  readonly stories: readonly Story[];
  readonly withStart: boolean;
  readonly seed: number;
  readonly lanes: number;
  readonly ending: AbortController;
}

/** Plays every story with everybody. */
export async function measure(plan: Plan): Promise<Measured> {
  const { seed, ending } = plan;
  const shared = { doorway: new Doorway(), ending: ending.signal };
  const outcomes: Outcome[] = [];
  const starts: StartOutcome[] = [];
  let done = 0;
  const tell = (what: string): void => {
    done += 1;
    process.stderr.write(`[${String(done).padStart(3)}/${jobs.length}] ${what}\n`);
  };
  const startOf = (entry: Entry) => async (): Promise<void> => {
    const start = await measureStart({ ...entry, ...shared, seed });
    starts.push(start);
    tell(`start, ${nameOf(entry)}: ${start.first.requests} calls, ${start.first.seconds} s`);
  };
  const storyOf = (entry: Entry, story: Story) => async (): Promise<void> => {
    // One story is one seed, whoever plays it and whatever else is played.
    const own = seed * 1_000 + STORIES.indexOf(story);
    const outcome = await play(story, { ...entry, ...shared, seed: own });
    outcomes.push(outcome);
    tell(`${story.name}, ${nameOf(entry)}: ${verdictsOf(outcome)}`);
  };
  const longestFirst = plan.stories.toReversed();
  const jobs: readonly Job[] = diagonal(
    plan.entries.map((entry) => [
      ...(plan.withStart ? [startOf(entry)] : []),
      ...longestFirst.map((story) => storyOf(entry, story)),
    ]),
  );
  await inLanes(jobs, plan.lanes, ending);
  return { outcomes, starts };
}

/** In each step everybody does something else, so that not all have their crowd at once. */
function diagonal(rows: readonly (readonly Job[])[]): Job[] {
  const steps = rows[0]?.length ?? 0;
  return Array.from({ length: steps }, (_, step) =>
    rows.map((row, n) => row[(step + steps * rows.length - n) % steps]!),
  ).flat();
}

async function play(story: Story, options: StageOptions): Promise<Outcome> {
  await using stage = await Stage.open(options);
  await story.play(stage);
  await stage.settle();
  return outcomeOf(stage, { ...options, story });
}

function nameOf({ contestant, setUp }: Entry): string {
  return `${contestant.name} ${setUp}`;
}

function verdictsOf({ joins, crashes }: Outcome): string {
  const tally = tallyOf(joins.map(({ verdict }) => verdict));
  const parts = Object.entries(tally).flatMap(([name, count]) =>
    count > 0 ? `${count} ${name}` : [],
  );
  return [...parts, ...(crashes.length > 0 ? [`crash: ${crashes[0]}`] : [])].join(', ');
}
