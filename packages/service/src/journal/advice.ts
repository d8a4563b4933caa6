import type { Advice, JournalErrorCode } from '../service-error.ts';

const AGAIN =
  'Ask for the file once more, as a file and not as text in a message, or export it again.';

/** For whoever wants to record, export or replay a journal. */
export const JOURNAL_ADVICE: Readonly<Record<JournalErrorCode, Advice>> = {
  'journal-none': {
    failed: 'There is nothing to export.',
    matters: 'Only what is recorded while it happens can be replayed.',
    fix:
      'Run this with the DATA_DIR and DATABASE_URL of the bot, and the bot with JOURNAL=on ' +
      '(docs/journal.md).',
    confirm: 'npm run journal -- list shows the servers that are recorded.',
  },
  'journal-shut': {
    failed: 'The database cannot be opened to read what was recorded.',
    matters: 'Nothing was exported.',
    fix: 'Run this as the user that runs the bot: even to read, SQLite makes a file beside it.',
    confirm: 'npm run journal -- list shows the servers that are recorded.',
  },
  'journal-unreadable': {
    failed: 'The file cannot be read.',
    matters: 'Without it nothing can be said of its answers.',
    fix: 'Check the path; what is needed is a file that npm run journal -- export wrote.',
    confirm: 'npm run replay -- FILE names the server and the time that the journal is of.',
  },
  'journal-unwritable': {
    failed: 'The journal cannot be written there.',
    matters: 'Nothing was exported.',
    fix: 'Choose another place with --out FILE. A file that is there is never overwritten.',
    confirm: 'The command names the file that it has written.',
  },
  'journal-foreign': {
    failed: 'That is no journal.',
    matters:
      'A journal tells what was known before it begins; without that its answers mean nothing.',
    fix:
      'Take a file that npm run journal -- export wrote. A bare list of observations, as a failing ' +
      'test prints it, can be replayed with --unproven.',
    confirm: 'Its first line begins with {"wherefrom":"journal".',
  },
  'journal-version': {
    failed: 'The journal was written by another version of wherefrom.',
    matters: 'What this version does not know it would read wrongly.',
    fix: 'Replay it with the version that wrote it, or export it again with this one.',
    confirm: 'npm run replay -- FILE names the server and the time that the journal is of.',
  },
  'journal-cut': {
    failed: 'The journal is cut short.',
    matters: 'What came after that place may have changed the answers before it.',
    fix: AGAIN,
    confirm: 'npm run replay -- FILE says that the file is whole.',
  },
  'journal-changed': {
    failed: 'The journal was changed after it was exported.',
    matters: 'What the engine makes of changed evidence proves nothing about the bot.',
    fix: `${AGAIN} To see what the changed lines lead to: --unproven.`,
    confirm: 'npm run replay -- FILE says that the file is whole.',
  },
  'journal-strange': {
    failed: 'The journal holds something that this version does not know.',
    matters: 'To go on without it would be to guess.',
    fix: `Replay it with the version that wrote it. Or was it changed? ${AGAIN}`,
    confirm: 'npm run replay -- FILE says that the file is whole.',
  },
};
