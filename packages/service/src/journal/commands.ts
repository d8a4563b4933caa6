import { type Command, CommanderError, InvalidArgumentError } from 'commander';
import { timeOf } from 'wherefrom';
import { terminalText } from '../service-error.ts';

/** A wrong option, a file that is not what it should be: trying again would not help. */
const EXIT_WRONG = 2;

/** Runs a command; whatever goes wrong is one plain message. */
export async function runCommand(command: Command): Promise<void> {
  // Whoever reads the output may stop reading: `| head`.
  process.stdout.on('error', () => process.exit());
  try {
    command.exitOverride();
    for (const each of command.commands) each.exitOverride();
    await command.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT_WRONG;
    else {
      process.stderr.write(`${terminalText(error)}\n`);
      process.exitCode = EXIT_WRONG;
    }
  }
}

/** A moment in an option: "2026-11-22", "2026-11-22T12:00:05.230Z", the zone being UTC if left out. */
export function parseMoment(text: string): number {
  const [day = '', clock = '00:00:00'] = text.trim().split(/[T ]/);
  const seconds = /^\d\d:\d\d(?=$|Z|[+-])/.test(clock) ? clock.replace(/^.{5}/, '$&:00') : clock;
  const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(seconds) ? seconds : `${seconds}Z`;
  const time = timeOf(`${day}T${zoned.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')}`);
  if (time === null) {
    throw new InvalidArgumentError('Accepted: a time as 2026-11-22T12:00:05Z, or a day.');
  }
  return time;
}
