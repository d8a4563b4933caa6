import { styleText } from 'node:util';
import type { Certainty } from 'wherefrom';

/** How text is set off on a terminal; in a file it is not. */
export interface Paint {
  quiet(text: string): string;
  strong(text: string): string;
  alarming(text: string): string;
  certainty(certainty: Certainty, text: string): string;
}

const COLOURS: Readonly<Record<Certainty, 'green' | 'cyan' | 'yellow' | 'red'>> = {
  reported: 'green',
  certain: 'green',
  likely: 'cyan',
  ambiguous: 'yellow',
  unknown: 'red',
};

const same = (text: string): string => text;

export const PLAIN: Paint = {
  quiet: same,
  strong: same,
  alarming: same,
  certainty: (_, text) => text,
};

type Style = Parameters<typeof styleText>[0];

// Whether there is a terminal was asked before.
const styled = (style: Style, text: string): string =>
  styleText(style, text, { validateStream: false });

export const COLOURED: Paint = {
  quiet: (text) => styled('dim', text),
  strong: (text) => styled('bold', text),
  alarming: (text) => styled(['bold', 'red'], text),
  certainty: (certainty, text) => styled(COLOURS[certainty], text),
};
