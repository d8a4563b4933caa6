import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { type GuildId, idOf } from 'wherefrom';
import { readDatabasePath } from '../config.ts';
import { countWords } from '../join-log/words.ts';
import { ServiceError } from '../service-error.ts';
import { RecordedJournals } from '../storage/recorded-journals.ts';
import { parseMoment } from './commands.ts';
import { exportJournal } from './export-journal.ts';
import { dateTime } from './times.ts';

interface ExportFlags {
  readonly guild: GuildId;
  readonly pseudonyms?: boolean;
  readonly since?: number;
  readonly out?: string;
}

/** `npm run journal -- list` and `npm run journal -- export` */
export function journalCommand(): Command {
  const command = new Command('journal').description(
    'What the bot recorded with JOURNAL=on. The database is found as the bot finds it (DATA_DIR, ' +
      'DATABASE_URL) and only read, so the bot may be running.',
  );
  command.command('list').description('the servers that are recorded').action(listGuilds);
  command
    .command('export')
    .description('writes the journal of one server to a file, for npm run replay -- FILE')
    .requiredOption('--guild <id>', 'the server', parseGuild)
    .option('--pseudonyms', 'other names for people, channels, roles, codes and the server')
    .option('--since <time>', 'leave out what was long before, as 2026-11-22T12:00Z', parseMoment)
    .option('--out <file>', 'where to write it; - is standard output (of npm run --silent)')
    .action(exportGuild);
  return command;
}

function parseGuild(text: string): GuildId {
  const id = idOf<GuildId>(text.trim());
  if (id === null) throw new InvalidArgumentError('Accepted: the id of a server, in digits.');
  return id;
}

function listGuilds(): void {
  using journals = new RecordedJournals(readDatabasePath(process.env));
  const guilds = journals.guilds();
  if (guilds.length === 0) throw new ServiceError('journal-none', 'No server is recorded.');
  for (const { guild, from, to, steps, bytes } of guilds) {
    const size = `${(bytes / 2 ** 20).toFixed(1)} MiB`;
    const span = `${dateTime(from)} to ${dateTime(to)} UTC`;
    console.log(`${guild}  ${span}  ${countWords(steps, 'step')}  ${size}`);
  }
}

function exportGuild({ guild, pseudonyms, since, out }: ExportFlags): void {
  using journals = new RecordedJournals(readDatabasePath(process.env));
  const recorded = journals.entries(guild, since ?? 0);
  const options = { guildId: guild, pseudonyms: pseudonyms === true };
  const { text, lines, steps } = exportJournal(recorded, options);
  if (out === '-') {
    process.stdout.write(text);
    return;
  }
  const file = out ?? `journal-${pseudonyms === true ? 'pseudonymous' : guild}.jsonl`;
  writeNew(file, text);
  const names =
    pseudonyms === true ? 'Ids and codes have other names in it.' : 'It holds real ids.';
  console.log(`${file}: ${countWords(lines, 'line')}, ${countWords(steps, 'step')}. ${names}`);
}

/** For the one who asked only: it tells of people. */
function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unwritable';
    const why = code === 'EEXIST' ? 'is there already' : `cannot be written (${code})`;
    throw new ServiceError('journal-unwritable', `${file} ${why}.`, { cause });
  }
}
