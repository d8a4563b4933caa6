import type { Attribution } from 'wherefrom';
import { matchingOracle } from '../test/oracle/matching.ts';
import type { Cast } from './cast.ts';
import type { Stage } from './stage.ts';
import { allows, keyOfTruth, type TrueJoin, verdictOn } from './truth.ts';

/** How the bot did, and everything that a demo must not show. */
export interface Score {
  readonly joins: number;
  readonly byCertainty: Readonly<Record<string, { readonly right: number; readonly of: number }>>;
  /** Joins that are certain or reported, and how many the oracle says could be. */
  readonly certain: number;
  readonly oracleCertain: number;
  readonly listCalls: number;
  /** How often each situation arose that makes the question hard. */
  readonly situations: string;
  readonly failures: readonly string[];
}

export type Answers = ReadonlyMap<string, Attribution>;

export const nameOfJoin = (guildId: string, userId: string, joinedAt: number): string =>
  `${guildId}/${userId}/${joinedAt}`;

/** The answer to a real join: the first one whose `joined_at` is within Discord's own tolerance. */
export function answerTo(answers: Answers, truth: TrueJoin): Attribution | undefined {
  return answers.get(nameOfJoin(truth.guildId, truth.userId, truth.joinedAtMs));
}

export function scoreOf(stage: Stage, cast: Cast, answers: Answers): Score {
  const truths = stage.emulator.truth();
  const byCertainty: Record<string, { right: number; of: number }> = {};
  const failures: string[] = [...unusedErrors(stage)];
  let certain = 0;
  for (const truth of truths) {
    const answer = answerTo(answers, truth);
    const who = `${truth.userId} (in truth ${keyOfTruth(truth)})`;
    if (!answer) {
      failures.push(`${who} has no answer`);
      continue;
    }
    const { certainty } = answer;
    const verdict = verdictOn(answer, truth);
    const row = byCertainty[certainty] ?? { right: 0, of: 0 };
    byCertainty[certainty] = { right: row.right + (verdict === 'right' ? 1 : 0), of: row.of + 1 };
    const firm = certainty === 'certain' || certainty === 'reported';
    if (firm) certain += 1;
    if (firm && verdict !== 'right') failures.push(`${who} was answered ${certainty}, and wrong`);
    if (!allows(answer, truth)) failures.push(`${who} is not among the candidates`);
    if (!answer.settled) failures.push(`${who} has not settled`);
  }
  failures.push(...missingLines(stage, cast, truths));
  const allowed = oracleCertain(stage);
  if (certain < allowed)
    failures.push(`${certain} joins are certain; the oracle allows ${allowed}`);
  return {
    joins: truths.length,
    byCertainty,
    certain,
    oracleCertain: allowed,
    situations: situationsOf(stage),
    listCalls: stage.emulator.requests.filter(({ route }) => route.endsWith('/invites')).length,
    failures,
  };
}

function situationsOf(stage: Stage): string {
  const { ended, search, ...others } = stage.emulator.situations();
  const counts = Object.entries({ ...others, ...ended, ...search }).filter(
    ([, count]) => count > 0,
  );
  return counts.map(([name, count]) => `${name} ${count}`).join(', ');
}

function unusedErrors(stage: Stage): string[] {
  return stage.emulator.errors.map(({ kind, detail }) => `the emulator saw ${kind}: ${detail}`);
}

/** Every join has its line: exactly one, counting returns. */
function missingLines(stage: Stage, cast: Cast, truths: readonly TrueJoin[]): string[] {
  return cast.towns.flatMap((town) => {
    const lines = stage.emulator
      .messages(town.logChannelId)
      .flatMap(({ body }) => body.content.split('\n'));
    const joined = truths.filter(({ guildId }) => guildId === town.guildId);
    return joined.flatMap(({ userId }) => {
      const wanted = joined.filter((other) => other.userId === userId).length;
      const left = joined.filter(
        (other) => other.userId === userId && other.leftAtMs !== null,
      ).length;
      const found = lines.filter((line) => line.includes(`<@${userId}>`)).length;
      return found === wanted + left
        ? []
        : [`${userId} has ${found} lines in the log of ${town.name}, not ${wanted + left}`];
    });
  });
}

/** What the evidence allowed, by the oracle, from the same observations. */
function oracleCertain(stage: Stage): number {
  let certain = 0;
  for (const journal of stage.journals.values()) {
    for (const { certainty } of matchingOracle(journal)) {
      if (certainty === 'certain' || certainty === 'reported') certain += 1;
    }
  }
  return certain;
}
