import { beliefOf } from 'wherefrom';
import { beliefLines } from './belief-words.ts';
import { answersIn, type Moment, type Observed } from './replay.ts';
import type { ReplayView, Title } from './replay-view.ts';
import type { Summary } from './summary.ts';
import type { Times } from './times.ts';
import { isInTime, isWanted, isWantedAnswer, type Wanted } from './wanted.ts';

export interface JsonOptions {
  readonly wanted: Wanted;
  readonly answersOnly: boolean;
  readonly times: Times;
}

/** One object a line: the title, every moment, the summary. For programs. */
export class ReplayJson implements ReplayView {
  readonly #options: JsonOptions;
  #believed: ReadonlySet<string> = new Set();

  constructor(options: JsonOptions) {
    this.#options = options;
  }

  title(title: Title): string {
    return line({ journal: title });
  }

  moment(moment: Moment): string {
    switch (moment.kind) {
      case 'begun': {
        const { number, line: begun, follows } = moment;
        return line({ line: number, at: begun.at, begun: { follows } });
      }
      case 'observed':
        return this.#observed(moment);
      case 'compared': {
        const { number, difference } = moment;
        return difference === null ? '' : line({ line: number, difference });
      }
    }
  }

  summary(summary: Summary): string {
    return line({ summary });
  }

  #observed(observed: Observed): string {
    const { wanted, answersOnly, times } = this.#options;
    const { number, observation, state, effects, failed } = observed;
    const answers = answersIn(effects).filter((answer) => isWantedAnswer(answer, wanted));
    const notes = effects.flatMap((effect) => (effect.kind === 'note' ? [effect.note] : []));
    const shared = { line: number, at: observation.at };
    if (answersOnly) {
      const shown = answers.length > 0 && isInTime(observation.at, wanted);
      return shown ? line({ ...shared, answers }) : '';
    }
    const belief = beliefOf(state, observation.at);
    const lines = beliefLines(belief, times);
    const changed = lines.filter(({ text }) => !this.#believed.has(text));
    this.#believed = new Set(lines.map(({ text }) => text));
    if (!isWanted(observed, changed, wanted)) return '';
    return line({ ...shared, observation, belief, notes, answers, ...(failed ? { failed } : {}) });
  }
}

function line(content: object): string {
  return `${JSON.stringify(content)}\n`;
}
