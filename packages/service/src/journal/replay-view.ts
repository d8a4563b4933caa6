import type { GuildId } from 'wherefrom';
import type { Moment } from './replay.ts';
import type { Summary } from './summary.ts';

/** What is known of the file before the replay begins. */
export interface Title {
  readonly guildId: GuildId | null;
  /** Of the lines that are shown, ms since 1970. */
  readonly from: number;
  readonly to: number;
  readonly observations: number;
  /** Nothing is missing and nothing was changed. */
  readonly whole: boolean;
  /** The last line that is replayed. */
  readonly lastLine: number;
}

/** Tells a replay. Each part is text with its line breaks, empty where there is nothing to show. */
export interface ReplayView {
  title(title: Title): string;
  moment(moment: Moment): string;
  summary(summary: Summary): string;
}
