import * as constants from '../engine/constants.ts';

/** What the answers lean on, by name, nearly all in ms. With others a journal may answer otherwise. */
export const ENGINE_CONSTANTS: Readonly<Record<string, number | readonly number[]>> = {
  ...constants,
};
