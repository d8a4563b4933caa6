import { crowds } from './crowds.ts';
import { hard } from './hard.ts';
import { ordinary } from './ordinary.ts';
import type { Story } from './story.ts';

/** In the order of the tables; the place of a story makes its seed. */
export const STORIES: readonly Story[] = [...ordinary, ...hard, ...crowds];
