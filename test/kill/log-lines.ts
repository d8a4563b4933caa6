import { mayBeUnwritten } from './fates.ts';
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

/** Kicks and bans of which the bot heard, and that the log tells as if they had just left. */
export function plainRemovals(town: Town): number {
  const told = linesOf(town).filter(({ text }) => /\bwas (kicked|banned)\b/.test(text));
  const heard = town.removals.filter(
    ({ atMs }) => town.losses.about(town.guildId, atMs).length === 0 && !mayBeUnwritten(town, atMs),
  );
  const left = heard.filter(({ userId }) => !told.some((line) => line.userId === userId));
  return left.length;
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
