import { openDatabase } from '../storage/database.ts';
import { SqliteResumeRows } from '../storage/sqlite-resume-rows.ts';
import { Absences } from './absences.ts';
import { GuildDirectory } from './guild-directory.ts';
import { describeGuild } from './restore.ts';
import { ResumePoint } from './resume-point.ts';

/** What a process has at hand for resuming, over a database: for tests. */
export async function resumeScene(path = ':memory:') {
  const database = await openDatabase(path);
  const rows = new SqliteResumeRows(database, 'here');
  return { database, rows, ...memoryOver(rows) };
}

/** The memory of one process; a second one over the same rows is the process after a crash. */
export function memoryOver(rows: SqliteResumeRows, now = () => 0) {
  const directory = new GuildDirectory();
  const absences = new Absences();
  const resume = new ResumePoint({
    rows,
    describe: (guildId) => describeGuild(guildId, directory, absences),
    membersAt: (guildId, sequence) => directory.membersAt(guildId, sequence),
    now,
  });
  return { directory, absences, resume };
}
