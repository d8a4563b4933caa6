import type { LineTexts } from './line.ts';

/** Discord's limit for the content of a message. */
export const MESSAGE_LENGTH = 2_000;
/** So many bare lines fit in a message whatever they say, so an edit can always be made. */
export const LINES_PER_DIGEST = 37;
/** Room kept in a new digest, because later evidence may make its lines longer. */
const RESERVE = 150;

export const REPEATED_MARK = '\n(possibly repeated)';

/** The lengths at which lines are first written. */
export type Form = 'full' | 'short';

/**
 * Joins lines into one message. Where they do not fit, the longest are shortened, no line is left
 * out.
 */
export function layOut(lines: readonly LineTexts[], form: Form, repeated = false): string {
  const mark = repeated ? REPEATED_MARK : '';
  const texts = lines.map((line) => line[form]);
  let length = texts.reduce((sum, text) => sum + text.length + 1, -1);
  while (length > MESSAGE_LENGTH - mark.length) {
    const longest = longestIndex(texts);
    const shorter = shorterText(lines[longest], texts[longest]);
    if (shorter === null) break;
    length -= (texts[longest]?.length ?? 0) - shorter.length;
    texts[longest] = shorter;
  }
  return texts.join('\n') + mark;
}

/** How many of the lines, from the first, go into one new message of this form; at least one. */
export function fitting(lines: readonly LineTexts[], form: Form): number {
  let length = 0;
  for (const [index, line] of lines.entries()) {
    length += line[form].length + 1;
    if (index === 0) continue;
    if (index >= LINES_PER_DIGEST || length > MESSAGE_LENGTH - RESERVE) return index;
  }
  return lines.length;
}

function longestIndex(texts: readonly string[]): number {
  let longest = 0;
  for (const [index, text] of texts.entries()) {
    if (text.length > (texts[longest]?.length ?? 0)) longest = index;
  }
  return longest;
}

function shorterText(line: LineTexts | undefined, text: string | undefined): string | null {
  if (line === undefined || text === undefined) return null;
  const shorter = [line.short, line.bare].find((other) => other.length < text.length);
  return shorter ?? null;
}
