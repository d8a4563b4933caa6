import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { type GuildId, idOf } from 'wherefrom';
import { readDatabasePath } from '../config.ts';
import { countWords } from '../join-log/words.ts';
import { ServiceError } from '../service-error.ts';
import { KeptFacts } from '../storage/kept-facts.ts';
import { type ExportedRow, exportedInvite, exportedJoin } from './exported-rows.ts';
import { type ExportFormat, writeNewFile, writeRows } from './write-export.ts';

type Subject = 'joins' | 'invites';

interface Flags {
  readonly guild: GuildId;
  readonly format: ExportFormat;
  readonly out?: string;
}

const PROGRESS_ROWS = 100_000;

/** `npm run export -- joins|invites --guild ID` */
export function exportCommand(): Command {
  return new Command('export')
    .description(
      'Writes what is kept of one server to a file. The database is found as the bot finds it ' +
        '(DATA_DIR, DATABASE_URL) and only read, so the bot may be running.',
    )
    .addArgument(new Argument('<what>', 'what to write').choices(['joins', 'invites']))
    .requiredOption('--guild <id>', 'the server', parseGuild)
    .addOption(
      new Option('--format <format>', 'comma-separated, or one JSON object a line')
        .choices(['csv', 'jsonl'])
        .default('csv'),
    )
    .option('--out <file>', 'where to write it; - is standard output (of npm run --silent)')
    .action(exportRows);
}

function parseGuild(text: string): GuildId {
  const id = idOf<GuildId>(text.trim());
  if (id === null) throw new InvalidArgumentError('Accepted: the id of a server, in digits.');
  return id;
}

async function exportRows(what: Subject, { guild, format, out }: Flags): Promise<void> {
  using facts = new KeptFacts(readDatabasePath(process.env));
  let rows = 0;
  const told = counted(someOf(rowsOf(facts, what, guild), what, guild), (count) => {
    rows = count;
  });
  if (out === '-') {
    await writeRows(told, format, process.stdout);
    return;
  }
  const file = out ?? `${what}-${guild}.${format}`;
  const stop = new AbortController();
  const stopped = (): void => stop.abort();
  process.once('SIGINT', stopped).once('SIGTERM', stopped);
  await writeNewFile(told, format, file, stop.signal);
  console.log(`${file}: ${countWords(rows, 'row')}. It tells of people: keep it to yourself.`);
}

function* rowsOf(facts: KeptFacts, what: Subject, guildId: GuildId): Generator<ExportedRow> {
  if (what === 'joins') for (const join of facts.joins(guildId)) yield exportedJoin(join);
  else for (const invite of facts.invites(guildId)) yield exportedInvite(invite);
}

/** The same rows; none at all is told before a file is begun. */
function someOf(
  rows: Generator<ExportedRow>,
  what: Subject,
  guildId: GuildId,
): Iterable<ExportedRow> {
  const first = rows.next();
  if (first.done === true) {
    throw new ServiceError('export-none', `No ${what} of the server ${guildId} are stored.`);
  }
  return (function* () {
    yield first.value;
    yield* rows;
  })();
}

function* counted(
  rows: Iterable<ExportedRow>,
  note: (count: number) => void,
): Generator<ExportedRow> {
  let count = 0;
  for (const row of rows) {
    count += 1;
    note(count);
    if (count % PROGRESS_ROWS === 0) process.stderr.write(`${count} rows ...\n`);
    yield row;
  }
}
