import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { SearchMode } from 'wherefrom';
import { parseApiUrl } from './config-api-url.ts';
import { parseDatabaseUrl } from './config-database-url.ts';
import { ServiceError } from './service-error.ts';

/** One environment variable, as the documentation lists it. */
export interface Setting {
  /** What holds when it is not set; null where nothing does. */
  readonly default: string | null;
  readonly accepts: string;
}

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export const SEARCH_MODES = ['off', 'ambiguous', 'always'] as const satisfies readonly SearchMode[];
const SWITCH = ['off', 'on'] as const;
export const LOG_FORMATS = ['pretty', 'json'] as const;

/** Every variable that is read, and nothing else is. The documentation is checked against it. */
export const SETTINGS = {
  DISCORD_TOKEN: { default: null, accepts: 'the token of the bot' },
  DISCORD_TOKEN_FILE: { default: null, accepts: 'a file that holds the token' },
  DISCORD_API_URL: {
    default: 'https://discord.com/api',
    accepts: 'an https address, or http on this machine (localhost, 127.0.0.1, [::1])',
  },
  DATA_DIR: { default: './data', accepts: 'a directory' },
  DATABASE_URL: { default: 'sqlite:DATA_DIR/wherefrom.db', accepts: 'sqlite: and a path' },
  MEMBER_SEARCH: { default: 'off', accepts: SEARCH_MODES.join(', ') },
  JOURNAL: { default: 'off', accepts: SWITCH.join(', ') },
  LOG_LEVEL: { default: 'info', accepts: LOG_LEVELS.join(', ') },
  LOG_FORMAT: { default: 'pretty', accepts: LOG_FORMATS.join(', ') },
} as const satisfies Record<string, Setting>;

type Variable = keyof typeof SETTINGS;
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the service runs with. */
export interface Config {
  readonly token: string;
  /** Read again before each try while Discord refuses the token; null if it came by value. */
  readonly tokenFile: string | null;
  /** REST base without version and without a slash at the end. */
  readonly apiUrl: string;
  readonly dataDir: string;
  readonly databasePath: string;
  /** When Discord's own record of a join is asked for (undocumented: the operator's choice). */
  readonly memberSearch: SearchMode;
  /** Whether what is observed is recorded, for `npm run replay`. */
  readonly journal: boolean;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly logFormat: (typeof LOG_FORMATS)[number];
}

// An empty variable is one that is not set: compose files and units write them so.
const setting = <const T extends Variable>(name: T) =>
  v.optional(v.pipe(v.string(), v.trim()), SETTINGS[name].default ?? '');

const schema = v.object({
  DISCORD_TOKEN: setting('DISCORD_TOKEN'),
  DISCORD_TOKEN_FILE: setting('DISCORD_TOKEN_FILE'),
  DISCORD_API_URL: v.pipe(setting('DISCORD_API_URL'), v.rawTransform(parsed(parseApiUrl))),
  DATA_DIR: setting('DATA_DIR'),
  DATABASE_URL: v.optional(v.pipe(v.string(), v.trim(), v.rawTransform(parsed(parseDatabaseUrl)))),
  MEMBER_SEARCH: v.pipe(setting('MEMBER_SEARCH'), v.toLowerCase(), v.picklist(SEARCH_MODES)),
  JOURNAL: v.pipe(setting('JOURNAL'), v.toLowerCase(), v.picklist(SWITCH)),
  LOG_LEVEL: v.pipe(setting('LOG_LEVEL'), v.toLowerCase(), v.picklist(LOG_LEVELS)),
  LOG_FORMAT: v.pipe(setting('LOG_FORMAT'), v.toLowerCase(), v.picklist(LOG_FORMATS)),
});

/** The result of parsing one value: the value, or why it cannot be used. */
export type Parsed<T> = { readonly value: T } | { readonly problem: string };

function parsed<T>(parse: (text: string) => Parsed<T>) {
  return ({ dataset, addIssue, NEVER }: v.RawTransformContext<string>): T => {
    const result = parse(dataset.value);
    if ('value' in result) return result.value;
    addIssue({ message: result.problem });
    return NEVER;
  };
}

/**
 * Reads the environment. Names the variable, the given value (never of the token) and what is
 * accepted when something is wrong.
 * @throws ServiceError `config-invalid` or `token-missing`: the only errors that end the process
 */
export function readConfig(env: Environment): Config {
  const values = readValues(env);
  const token = readToken(values.DISCORD_TOKEN, values.DISCORD_TOKEN_FILE);
  return {
    token,
    tokenFile: values.DISCORD_TOKEN_FILE === '' ? null : values.DISCORD_TOKEN_FILE,
    apiUrl: values.DISCORD_API_URL,
    dataDir: values.DATA_DIR,
    databasePath: databasePathOf(values),
    memberSearch: values.MEMBER_SEARCH,
    journal: values.JOURNAL === 'on',
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT,
  };
}

/**
 * Where the database lies: for commands that only look into it and need no token.
 * @throws ServiceError `config-invalid`
 */
export function readDatabasePath(env: Environment): string {
  return databasePathOf(readValues(env));
}

function databasePathOf(values: v.InferOutput<typeof schema>): string {
  return values.DATABASE_URL ?? join(values.DATA_DIR, 'wherefrom.db');
}

function readValues(env: Environment): v.InferOutput<typeof schema> {
  const result = v.safeParse(schema, presentIn(env));
  if (!result.success) throw invalid(result.issues.map(issueText).join('\n'));
  return result.output;
}

function presentIn(env: Environment): Record<string, string> {
  const present: Record<string, string> = {};
  for (const name of Object.keys(SETTINGS)) {
    const value = env[name]?.trim();
    if (value !== undefined && value !== '') present[name] = value;
  }
  return present;
}

function issueText(issue: v.InferIssue<typeof schema>): string {
  const name = String(issue.path?.[0]?.key) as Variable;
  const why = issue.type === 'raw_transform' ? ` ${issue.message}` : '';
  const given = withoutPassword(String(issue.path?.[0]?.value));
  return `${name} is "${given}".${why} Accepted: ${SETTINGS[name].accepts}.`;
}

function withoutPassword(value: string): string {
  return value.replace(/\/\/[^@/]*@/, '//***@');
}

function readToken(token: string, file: string): string {
  if (token !== '' && file !== '') {
    throw invalid('DISCORD_TOKEN and DISCORD_TOKEN_FILE are both set. Accepted: one of them.');
  }
  if (file !== '') return readTokenFile(file);
  if (token === '') {
    throw new ServiceError('token-missing', 'DISCORD_TOKEN is not set.');
  }
  return checkedToken(token, 'DISCORD_TOKEN');
}

/**
 * Reads the token from its file; also used to look for a new one while Discord refuses the old.
 * @throws ServiceError `config-invalid` or `token-missing`
 */
export function readTokenFile(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable';
    throw invalid(`DISCORD_TOKEN_FILE is "${file}", which cannot be read (${reason}).`, cause);
  }
  if (text.trim() === '') {
    throw new ServiceError('token-missing', `DISCORD_TOKEN_FILE is "${file}", which is empty.`);
  }
  return checkedToken(text, `The content of DISCORD_TOKEN_FILE`);
}

// The value is never shown, not even a wrong one: it may be a real token with a slip in it.
function checkedToken(text: string, what: string): string {
  const token = text.trim().replace(/^Bot\s+/i, '');
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw invalid(`${what} has spaces or line breaks in it. Accepted: a bot token, and only that.`);
  }
  return token;
}

function invalid(message: string, cause?: unknown): ServiceError {
  return new ServiceError('config-invalid', message, { cause });
}
