import { readFileSync, statSync } from 'node:fs';
import { Command } from 'commander';
import { ServiceError } from '../service-error.ts';
import { parseMoment } from './commands.ts';
import { replayFile } from './replay-file.ts';

const LARGEST_FILE = 256 * 2 ** 20;

interface Flags {
  readonly user?: string;
  readonly code?: string;
  readonly from?: number;
  readonly to?: number;
  readonly answers?: boolean;
  readonly json?: boolean;
  readonly unproven?: boolean;
}

/** `npm run replay -- FILE` */
export function replayCommand(): Command {
  return new Command('replay')
    .description(
      'Shows, observation by observation, what the engine believed and why. The whole journal is ' +
        'replayed; the options choose what of it is shown. Times are UTC.',
    )
    .argument('<file>', 'a journal that npm run journal -- export wrote')
    .option('--user <id>', 'what concerns this person')
    .option('--code <code>', 'what concerns this invite')
    .option('--from <time>', 'not before this time, as 2026-11-22T12:00:05Z', parseMoment)
    .option('--to <time>', 'not after this time', parseMoment)
    .option('--answers', 'only the answers, with their evidence')
    .option('--json', 'one JSON object a line')
    .option(
      '--unproven',
      'show all of a file that is cut or changed, or a bare list of observations',
    )
    .addHelpText('after', EXITS)
    .action(showReplay);
}

const EXITS = `
It ends with 0 if the answers are those that were recorded, with 1 if they are not, and with 2 if
the file cannot be relied on.`;

function showReplay(file: string, flags: Flags): void {
  const { user = null, code = null, from = -Infinity, to = Infinity } = flags;
  process.exitCode = replayFile(
    textOf(file),
    {
      wanted: { user, code, from, to },
      answersOnly: flags.answers === true,
      json: flags.json === true,
      unproven: flags.unproven === true,
      coloured: process.stdout.isTTY && process.stdout.hasColors(),
    },
    {
      write: (text) => void process.stdout.write(text),
      complain: (text) => void process.stderr.write(text),
    },
  );
}

function textOf(file: string): string {
  try {
    const { size } = statSync(file);
    if (size > LARGEST_FILE) {
      throw new ServiceError('journal-unreadable', `${file} is larger than any journal.`);
    }
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof ServiceError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable';
    throw new ServiceError('journal-unreadable', `${file} cannot be read (${code}).`, { cause });
  }
}
