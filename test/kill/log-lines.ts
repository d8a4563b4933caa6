import type { Town } from './town.ts';

/** One line of the join log as it stands in its channel. */
export interface LogLine {
  readonly userId: string;
  readonly kind: 'join' | 'leave';
  readonly channelId: string;
  readonly text: string;
}

const MARK = '(possibly repeated)';
const LEAVE = /^<@\d+> (?:\*\*.*\*\* |\(\d+\) )?(?:left|was kicked|was banned|was pruned)\b/;

/** All lines of a town, channel by channel, in the order of their messages. */
export function linesOf(town: Town): readonly LogLine[] {
  return town.logs.flatMap(({ channelId }) =>
    contentsOf(town, channelId)
      .flatMap((content) => content.split('\n'))
      .flatMap((text) => {
        const userId = /^<@(\d+)>/.exec(text)?.[1];
        if (userId === undefined) return [];
        return { userId, kind: LEAVE.test(text) ? 'leave' : 'join', channelId, text } as const;
      }),
  );
}

/** Messages that say that they may stand there twice. */
export function markedRepeated(town: Town): number {
  return town.logs
    .flatMap(({ channelId }) => contentsOf(town, channelId))
    .filter((content) => content.includes(MARK)).length;
}

/** What nobody can explain: a line that is neither of a person nor the mark. */
export function strangeLines(town: Town): readonly string[] {
  return town.logs
    .flatMap(({ channelId }) => contentsOf(town, channelId))
    .flatMap((content) => content.split('\n'))
    .filter((text) => !/^<@\d+>/.test(text) && text !== MARK);
}

function contentsOf({ emulator }: Town, channelId: string): readonly string[] {
  return emulator.messages(channelId).map(({ body }) => body.content);
}
