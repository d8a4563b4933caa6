import type { LoggedRequest, Origin } from '@wherefrom/emulator';
import type { Answer, Said, Source } from './answer.ts';
import type { Contestant, Entry, SetUp } from './contestants.ts';
import { type Verdict, verdictOn, verdictOnAll } from './score.ts';
import { keyOf, type Stage } from './stage.ts';
import type { Story } from './stories/story.ts';

/** One join of a story and what became of it. */
export interface ScoredJoin {
  readonly truth: Source;
  readonly said: readonly Said[];
  /** At the last word. */
  readonly verdict: Verdict;
  /** At the first. */
  readonly firstVerdict: Verdict;
  /** From the join to the answer that stood; null if there was none. */
  readonly afterMs: number | null;
  /** From the join to the first answer, whatever became of it. */
  readonly firstAfterMs: number | null;
  /** Whether the last word was a promise, and broken. */
  readonly isBrokenPromise: boolean;
  readonly isPromise: boolean;
}

/** One tracker in one story. */
export interface Outcome {
  readonly contestant: string;
  readonly setUp: SetUp;
  readonly story: string;
  readonly joins: readonly ScoredJoin[];
  readonly crashes: readonly string[];
  /** Requests after the start and the joins they were for; null where the start is the story. */
  readonly calls: { readonly requests: number; readonly joins: number } | null;
  /** Requests that the emulator could not answer as Discord would; a fair run has none. */
  readonly violations: readonly string[];
}

export function outcomeOf(
  stage: Stage,
  { contestant, setUp, story }: Entry & { readonly story: Story },
): Outcome {
  const answers = Map.groupBy(stage.answers, keyOf);
  return {
    contestant: contestant.name,
    setUp,
    story: story.name,
    joins: stage.joins.map(({ truth }) =>
      scored(sourceOf(truth.origin), truth.joinedAtMs, answers.get(keyOf(truth)) ?? [], contestant),
    ),
    crashes: stage.crashes,
    calls:
      stage.starts.length === 0
        ? null
        : {
            requests: stage.emulator.requests.filter((request, index) =>
              isCall(stage, request, index),
            ).length,
            joins: stage.joins.filter(({ wasHeard }) => wasHeard).length,
          },
    violations: stage.emulator.errors.map(({ kind, request }) => `${kind}: ${request}`),
  };
}

function scored(
  truth: Source,
  joinedAtMs: number,
  answers: readonly Answer[],
  contestant: Contestant,
): ScoredJoin {
  const said = answers.map((answer) => answer.said);
  const verdict = verdictOnAll(truth, said, contestant);
  const last = said.at(-1);
  const isPromise = last?.kind === 'named' && last.sure;
  const stood = answerThatStood(answers, contestant.revises);
  return {
    truth,
    said,
    verdict,
    firstVerdict: verdictOn(truth, said[0] ?? null, contestant.words),
    afterMs: stood === undefined ? null : stood.atMs - joinedAtMs,
    firstAfterMs: answers[0] === undefined ? null : answers[0].atMs - joinedAtMs,
    isPromise,
    isBrokenPromise: isPromise && verdict !== 'right',
  };
}

/** The first answer; of a tracker that revises, the first that says what it says in the end. */
function answerThatStood(answers: readonly Answer[], revises: boolean): Answer | undefined {
  if (!revises) return answers[0];
  const words = wordsOf(answers.at(-1)?.said);
  const changed = answers.findLastIndex(({ said }) => wordsOf(said) !== words);
  return answers[changed + 1];
}

function wordsOf(said: Said | undefined): string {
  return JSON.stringify(said?.kind === 'named' ? said.source : said);
}

/** Lines of a join log are not counted: only wherefrom writes one here. */
function isCall(stage: Stage, { route }: LoggedRequest, index: number): boolean {
  if (route.includes('/messages')) return false;
  return !stage.starts.some(([from, until]) => index >= from && index < until);
}

function sourceOf(origin: Origin): Source {
  return origin.kind === 'invite' ? { kind: 'invite', code: origin.code } : { kind: origin.kind };
}
