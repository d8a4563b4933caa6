import { EXPORT_ADVICE } from './export/advice.ts';
import { JOURNAL_ADVICE } from './journal/advice.ts';

/** Everything that can keep the service from working, seen from the person who runs it. */
export type ServiceErrorCode =
  | 'storage-unwritable'
  | 'storage-corrupt'
  | 'storage-newer'
  | 'storage-full'
  | 'token-missing'
  | 'token-refused'
  | 'intent-missing'
  | 'api-unreachable'
  | 'config-invalid'
  | ExportErrorCode
  | JournalErrorCode;

/** What can keep an export from being written. */
export type ExportErrorCode = 'export-none' | 'export-stopped' | 'export-unwritable';

/** What can be wrong with a journal, or with a wish for one. */
export type JournalErrorCode =
  | 'journal-none'
  | 'journal-shut'
  | 'journal-unreadable'
  | 'journal-unwritable'
  | 'journal-foreign'
  | 'journal-version'
  | 'journal-cut'
  | 'journal-changed'
  | 'journal-strange';

/**
 * The one error type of the service. `message` says what failed in this case (a path, a variable,
 * an address) and never holds the token; the advice for the code is added by `terminalText`.
 */
export class ServiceError extends Error {
  readonly code: ServiceErrorCode;

  constructor(code: ServiceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ServiceError';
    this.code = code;
  }
}

export interface Advice {
  readonly failed: string;
  readonly matters: string;
  readonly fix: string;
  readonly confirm: string;
}

const ADVICE: Readonly<Record<ServiceErrorCode, Advice>> = {
  'storage-unwritable': {
    failed: 'The database cannot be written.',
    matters: 'Joins that are not stored would be lost at the next start.',
    fix: 'Let the user that runs wherefrom write in DATA_DIR, or point DATA_DIR elsewhere.',
    confirm: 'Start again: the first line names the database file.',
  },
  'storage-corrupt': {
    failed: 'The database file is damaged.',
    matters: 'Counting on from damaged data would give wrong answers.',
    fix: 'Stop wherefrom and put the latest backup in place of the file; keep the damaged one.',
    confirm: 'Start again: the database is checked first.',
  },
  'storage-newer': {
    failed: 'The database was written by a newer wherefrom.',
    matters: 'An older version does not know what the newer one stored, and would spoil it.',
    fix: 'Start the newer version, or restore the backup made before the upgrade.',
    confirm: 'Start again: the versions fit when no such message appears.',
  },
  'storage-full': {
    failed: 'The disk is full.',
    matters: 'Joins are kept in memory only, and would be lost with the process.',
    fix: 'Free space on the disk that holds DATA_DIR.',
    confirm: 'wherefrom tries again by itself and says when it could write.',
  },
  'token-missing': {
    failed: 'There is no bot token.',
    matters: 'Without it Discord lets nobody in.',
    fix:
      'Set DISCORD_TOKEN, or DISCORD_TOKEN_FILE to a file that holds it (Developer Portal, your ' +
      'application, Bot, Reset Token). To look around without a token: npm run demo',
    confirm: 'Start again: the first lines name the bot.',
  },
  'token-refused': {
    failed: 'Discord refused the bot token.',
    matters: 'Until it is accepted no join is seen.',
    fix:
      'Developer Portal, your application, Bot, Reset Token; put the new one in DISCORD_TOKEN and ' +
      'start again, or in the file of DISCORD_TOKEN_FILE, which is read again before each try.',
    confirm: 'wherefrom names the bot as soon as the token is accepted.',
  },
  'intent-missing': {
    failed: 'The bot may not see members join.',
    matters: 'Discord sends joins only to bots with the Server Members Intent.',
    fix:
      'Developer Portal, your application, Bot, Privileged Gateway Intents: switch on Server ' +
      'Members Intent, and save.',
    confirm: 'wherefrom tries again by itself and says when it is connected.',
  },
  'api-unreachable': {
    failed: 'Discord cannot be reached.',
    matters: 'Until it answers no join is seen; those missed meanwhile are marked as such.',
    fix: 'Check the network and DISCORD_API_URL; https://discordstatus.com tells of outages.',
    confirm: 'wherefrom tries again by itself and says when it is connected.',
  },
  'config-invalid': {
    failed: 'A setting cannot be used.',
    matters: 'wherefrom does not guess what was meant.',
    fix: 'Correct the variable in the environment; docs/configuration.md lists them all.',
    confirm: 'Start again: a setting that is wrong is named before anything else happens.',
  },
  ...EXPORT_ADVICE,
  ...JOURNAL_ADVICE,
};

/**
 * An error for the person at the terminal: what failed, why it matters, where to fix it, how to
 * confirm. No stack trace; an unforeseen error shows only its message.
 */
export function terminalText(error: unknown): string {
  if (!(error instanceof ServiceError)) {
    const message = error instanceof Error ? error.message : String(error);
    return `wherefrom: something unforeseen failed: ${message}`;
  }
  const { failed, matters, fix, confirm } = ADVICE[error.code];
  const lines = error.message.split('\n').map((line) => `  ${line}`);
  return [
    `wherefrom: ${failed}`,
    ...lines,
    `  Why it matters: ${matters}`,
    `  Where to fix it: ${fix}`,
    `  How to confirm: ${confirm}`,
  ].join('\n');
}
