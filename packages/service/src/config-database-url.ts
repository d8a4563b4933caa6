import type { Parsed } from './config.ts';

/** The path of the SQLite file; `:memory:` keeps nothing. */
export function parseDatabaseUrl(text: string): Parsed<string> {
  if (/^postgres(ql)?:/i.test(text)) {
    return { problem: 'PostgreSQL is not supported yet, use sqlite:.' };
  }
  const path = /^sqlite:(?:\/\/(?=.))?(.+)$/i.exec(text)?.[1];
  if (path === undefined) return { problem: 'That is no database address.' };
  return { value: path };
}
