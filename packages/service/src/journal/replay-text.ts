import { type Attribution, beliefOf, type Effect, ENGINE_CONSTANTS, guildState } from 'wherefrom';
import { countWords } from '../join-log/words.ts';
import { alikeAnswers, answerWords, evidenceWords, noteWords } from './answer-words.ts';
import { type BeliefLine, beliefLines } from './belief-words.ts';
import { observationWords } from './observation-words.ts';
import type { Paint } from './paint.ts';
import type { Begun, Compared, Difference, Moment, Observed } from './replay.ts';
import { answersIn } from './replay.ts';
import type { ReplayView, Title } from './replay-view.ts';
import { certaintiesText, type Summary } from './summary.ts';
import { dateTime, type Times } from './times.ts';
import { isInTime, isWanted, isWantedAnswer, speaksOf, type Wanted } from './wanted.ts';

export interface TextOptions {
  readonly wanted: Wanted;
  /** Only what was answered. */
  readonly answersOnly: boolean;
  readonly paint: Paint;
  readonly times: Times;
  /** The file is whole, or what is shown of it is vouched for. */
  readonly proven: boolean;
}

const FOLLOWS: Readonly<Record<NonNullable<Begun['follows']>, string>> = {
  'as-left': 'the recording goes on in a new segment, with the state as it was left',
  restart: 'the bot was started again, with the state as it was stored',
  unrecorded: 'the recording begins again; what happened in between is not in it',
};

/** Words a replay, moment by moment. */
export class ReplayText implements ReplayView {
  readonly #options: TextOptions;
  #believed: ReadonlySet<string> = new Set();
  /** The answers of the last comparison were shown. */
  #shown = false;
  /** Any was. */
  #told = false;

  constructor(options: TextOptions) {
    this.#options = options;
  }

  title(title: Title): string {
    const { paint, proven } = this.#options;
    return `${paint.strong(titleText(title))}\n${wholeText(title, proven, paint)}\n\n`;
  }

  summary(summary: Summary): string {
    const nothing = this.#told ? '' : 'Nothing in it is what was asked for.\n\n';
    return `${nothing}${summaryText(summary, this.#options.paint)}`;
  }

  moment(moment: Moment): string {
    switch (moment.kind) {
      case 'begun':
        return this.#begun(moment);
      case 'observed': {
        const text = this.#observed(moment);
        this.#told ||= text !== '';
        return text;
      }
      case 'compared':
        return this.#compared(moment);
    }
  }

  #begun({ line, number, follows }: Begun): string {
    const { paint, times, answersOnly, wanted } = this.#options;
    const lines = beliefLines(beliefOf(guildState(line.state), line.at), times);
    this.#believed = new Set(lines.map(({ text }) => text));
    const passedOver = answersOnly || !isInTime(line.at, wanted);
    if (passedOver && follows !== 'unrecorded') return '';
    const { invites, rest } = line.state;
    const read = rest.listedAt === null ? 'never read' : `last read at ${times.at(rest.listedAt)}`;
    const known = `known: ${countWords(invites.length, 'invite')}, ${read}`;
    const parts = [
      this.#heading(line.at, number),
      ...(follows === null ? [] : [`  ${FOLLOWS[follows]}`]),
      `  ${known}`,
    ];
    const told = answersOnly ? [] : lines.filter((line) => speaksOf(line, wanted));
    parts.push(...told.map(({ text }) => `    ${text}`));
    return `${parts.join('\n')}${constantsText(line.constants, paint)}\n\n`;
  }

  #observed(observed: Observed): string {
    const { times, wanted, answersOnly } = this.#options;
    const { observation, before, effects, state, number } = observed;
    const answers = answersIn(effects).filter((answer) => isWantedAnswer(answer, wanted));
    if (answersOnly) {
      this.#shown = answers.length > 0 && isInTime(observation.at, wanted);
      if (!this.#shown) return '';
      return `${[this.#heading(observation.at, number), ...this.#answers(answers)].join('\n')}\n`;
    }
    const lines = beliefLines(beliefOf(state, observation.at), times);
    const changed = lines.filter(({ text }) => !this.#believed.has(text));
    const gone = [...this.#believed].some((text) => !lines.some((line) => line.text === text));
    this.#believed = new Set(lines.map(({ text }) => text));
    this.#shown = isWanted(observed, changed, wanted);
    if (!this.#shown) return '';
    const parts = [
      this.#heading(observation.at, number),
      `  ${observationWords(observation, before, times)}`,
      ...(observed.failed ? [this.#failure()] : []),
      ...(changed.length === 0 && !gone ? [] : this.#belief(lines, new Set(changed))),
      ...effects.flatMap((effect) => effectLines(effect)),
      ...this.#answers(answers),
    ];
    return `${parts.join('\n')}\n`;
  }

  #heading(at: number, number: number): string {
    const { paint, times } = this.#options;
    return `${paint.strong(times.at(at))}  ${paint.quiet(`${times.since(at)}  line ${number}`)}`;
  }

  #failure(): string {
    return this.#options.paint.alarming('  the engine failed here: passed over, as the bot would');
  }

  #belief(lines: readonly BeliefLine[], changed: ReadonlySet<BeliefLine>): readonly string[] {
    const { paint, wanted } = this.#options;
    return lines
      .filter((line) => speaksOf(line, wanted))
      .map((line) =>
        changed.has(line) ? paint.strong(`  * ${line.text}`) : paint.quiet(`    ${line.text}`),
      );
  }

  #answers(answers: readonly Attribution[]): readonly string[] {
    const { paint, times, proven } = this.#options;
    const mark = proven ? '' : ' · unproven';
    return alikeAnswers(answers).flatMap((alike) => {
      const answer = alike[0]!;
      return [
        `  > ${paint.certainty(answer.certainty, answerWords(answer, alike))}${mark}`,
        ...answer.evidence.map((each) => `      because ${evidenceWords(each, times)}`),
      ];
    });
  }

  #compared({ answers, difference, number }: Compared): string {
    const { paint, proven } = this.#options;
    if (difference !== null) {
      const mark = proven ? '' : ' (unproven)';
      return `${paint.alarming(`  ! line ${number}${mark}: ${differenceText(difference)}`)}\n\n`;
    }
    if (!this.#shown) return '';
    return answers === 0 ? '\n' : `${paint.quiet('      as it was recorded')}\n\n`;
  }
}

function effectLines(effect: Effect): readonly string[] {
  return effect.kind === 'note' ? [`  - ${noteWords(effect.note)}`] : [];
}

/** "recorded: ...; replayed: ..." */
export function differenceText({ recorded, replayed }: Difference): string {
  const words = (answer: Attribution | null): string =>
    answer === null ? 'no answer' : answerWords(answer);
  if (recorded !== null && replayed !== null && words(recorded) === words(replayed)) {
    return `recorded and replayed differ in the evidence or the shares of: ${words(recorded)}`;
  }
  return `recorded: ${words(recorded)}; replayed: ${words(replayed)}`;
}

function constantsText(recorded: Begun['line']['constants'], paint: Paint): string {
  const names = [...new Set([...Object.keys(recorded), ...Object.keys(ENGINE_CONSTANTS)])];
  const other = names.filter((name) => `${recorded[name]}` !== `${ENGINE_CONSTANTS[name]}`);
  if (other.length === 0) return '';
  const values = other.map(
    (name) =>
      `${name} ${recorded[name] ?? 'unknown'} then, ${ENGINE_CONSTANTS[name] ?? 'gone'} now`,
  );
  return paint.alarming(
    `\n  another engine recorded this, answers may differ: ${values.join('; ')}`,
  );
}

/** What the journal is of. */
function titleText({ guildId, from, to, observations }: Title): string {
  const server =
    guildId === null ? 'a server (other names stand for its ids)' : `server ${guildId}`;
  const count = countWords(observations, 'observation');
  return `Journal of ${server}, ${dateTime(from)} to ${dateTime(to)} UTC, ${count}`;
}

function wholeText({ whole, lastLine }: Title, proven: boolean, paint: Paint): string {
  if (whole) return 'The file is whole.';
  if (!proven)
    return paint.alarming('Nothing vouches for this: it is not the file that was written.');
  return paint.alarming(
    `The file is not whole. Shown are lines 1 to ${lastLine}, which are as written.`,
  );
}

/** What the replay came to, in two sentences. */
function summaryText(summary: Summary, paint: Paint): string {
  const { joins, settled, compared, differing, first, failures } = summary;
  const sums = joins === 0 ? '' : `: ${certaintiesText(summary)}; ${settled} settled`;
  const answered = `${countWords(joins, 'join')} answered${sums}.`;
  const failed = failures === 0 ? [] : [`The engine failed ${countWords(failures, 'time')}.`];
  if (first !== null) {
    const where = `${countWords(differing, 'step')} answered otherwise than recorded, the first at line ${first.number}.`;
    return [answered, ...failed, paint.alarming(where), ''].join('\n');
  }
  const recorded = countWords(compared, 'recorded answer');
  const same =
    compared === 0 ? 'No answer was recorded to compare with.' : `${recorded}, and the same now.`;
  return [answered, ...failed, same, ''].join('\n');
}
