import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Config, type Environment, readConfig, readDatabasePath } from './config.ts';
import { ServiceError, type ServiceErrorCode } from './service-error.ts';

const folder = mkdtempSync(join(tmpdir(), 'wherefrom-config-'));
after(() => rmSync(folder, { recursive: true }));
const fileWith = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const token = { DISCORD_TOKEN: 'abc.def' };
const defaults: Config = {
  token: 'abc.def',
  tokenFile: null,
  apiUrl: 'https://discord.com/api',
  dataDir: './data',
  databasePath: 'data/wherefrom.db',
  memberSearch: 'off',
  journal: false,
  logLevel: 'info',
  logFormat: 'pretty',
};

const accepted: readonly (readonly [string, Environment, Partial<Config>])[] = [
  ['a token is enough', token, {}],
  ['empty variables are not set', { ...token, LOG_LEVEL: ' ', DISCORD_API_URL: '' }, {}],
  ['a pasted prefix is taken off', { DISCORD_TOKEN: ' Bot abc.def\n' }, {}],
  [
    'a slash at the end does not matter',
    { ...token, DISCORD_API_URL: 'https://x.org/api/' },
    { apiUrl: 'https://x.org/api' },
  ],
  [
    'a version does not matter',
    { ...token, DISCORD_API_URL: 'http://127.0.0.1:80/api/v10/' },
    { apiUrl: 'http://127.0.0.1/api' },
  ],
  [
    'this machine needs no https',
    { ...token, DISCORD_API_URL: 'http://localhost:8000' },
    { apiUrl: 'http://localhost:8000' },
  ],
  [
    'so does it by its other address',
    { ...token, DISCORD_API_URL: 'http://[::1]:8000/api' },
    { apiUrl: 'http://[::1]:8000/api' },
  ],
  [
    'the database lies in the data directory',
    { ...token, DATA_DIR: '/srv/x' },
    { dataDir: '/srv/x', databasePath: '/srv/x/wherefrom.db' },
  ],
  [
    'or where it is told',
    { ...token, DATABASE_URL: 'sqlite:/srv/y.db' },
    { databasePath: '/srv/y.db' },
  ],
  [
    'with slashes too',
    { ...token, DATABASE_URL: 'sqlite:///srv/y.db' },
    { databasePath: '/srv/y.db' },
  ],
  ['or nowhere', { ...token, DATABASE_URL: 'sqlite::memory:' }, { databasePath: ':memory:' }],
  ['a journal is written on request', { ...token, JOURNAL: 'On' }, { journal: true }],
  [
    'member search is on only if it is said',
    { ...token, MEMBER_SEARCH: 'ambiguous' },
    { memberSearch: 'ambiguous' },
  ],
  ['and for every join', { ...token, MEMBER_SEARCH: ' Always ' }, { memberSearch: 'always' }],
  [
    'case does not matter where it cannot',
    { ...token, LOG_LEVEL: 'DEBUG', LOG_FORMAT: 'JSON' },
    { logLevel: 'debug', logFormat: 'json' },
  ],
];
for (const [sentence, env, change] of accepted) {
  test(sentence, () => assert.deepEqual(readConfig(env), { ...defaults, ...change }));
}

test('the token may be in a file', () => {
  const tokenFile = fileWith('token', 'abc.def\n');
  assert.deepEqual(readConfig({ DISCORD_TOKEN_FILE: tokenFile }), { ...defaults, tokenFile });
});

const refused: readonly (readonly [string, Environment, ServiceErrorCode, RegExp])[] = [
  ['no token', {}, 'token-missing', /DISCORD_TOKEN is not set/],
  [
    'an empty token file',
    { DISCORD_TOKEN_FILE: fileWith('empty', '\n') },
    'token-missing',
    /is empty/,
  ],
  [
    'a missing token file',
    { DISCORD_TOKEN_FILE: join(folder, 'none') },
    'config-invalid',
    /DISCORD_TOKEN_FILE is ".*none".*ENOENT/,
  ],
  ['two tokens', { ...token, DISCORD_TOKEN_FILE: 'x' }, 'config-invalid', /both set/],
  [
    'http elsewhere',
    { ...token, DISCORD_API_URL: 'http://example.org/api' },
    'config-invalid',
    /DISCORD_API_URL is "http:\/\/example.org\/api".*token would be sent.*Accepted: an https/,
  ],
  [
    'a host that only looks local',
    { ...token, DISCORD_API_URL: 'http://127.0.0.1.example.org' },
    'config-invalid',
    /unprotected/,
  ],
  [
    'another protocol',
    { ...token, DISCORD_API_URL: 'ftp://localhost' },
    'config-invalid',
    /DISCORD_API_URL/,
  ],
  ['no address', { ...token, DISCORD_API_URL: 'discord' }, 'config-invalid', /no address/],
  [
    'an older version',
    { ...token, DISCORD_API_URL: 'https://discord.com/api/v9' },
    'config-invalid',
    /version 10/,
  ],
  [
    'an unknown log level',
    { ...token, LOG_LEVEL: 'loud' },
    'config-invalid',
    /LOG_LEVEL is "loud". Accepted: trace, debug, info/,
  ],
  [
    'an unknown way to search',
    { ...token, MEMBER_SEARCH: 'on' },
    'config-invalid',
    /MEMBER_SEARCH is "on". Accepted: off, ambiguous, always\./,
  ],
  [
    'a switch that is neither on nor off',
    { ...token, JOURNAL: 'yes' },
    'config-invalid',
    /JOURNAL is "yes". Accepted: off, on\./,
  ],
  [
    'an unknown database',
    { ...token, DATABASE_URL: 'mysql://x' },
    'config-invalid',
    /DATABASE_URL is "mysql:/,
  ],
];
for (const [what, env, code, message] of refused) {
  test(`${what} is refused with a plain message`, () => {
    assert.throws(
      () => readConfig(env),
      (error) =>
        error instanceof ServiceError && error.code === code && message.test(error.message),
    );
  });
}

test('PostgreSQL is not supported yet, and its password is not shown', () => {
  assert.throws(
    () => readConfig({ ...token, DATABASE_URL: 'postgres://me:hunter2@db/x' }),
    (error) =>
      error instanceof ServiceError &&
      /not supported yet, use sqlite:/.test(error.message) &&
      !/hunter2/.test(error.message),
  );
});

test('a broken token is never shown', () => {
  assert.throws(
    () => readConfig({ DISCORD_TOKEN: 'abc def' }),
    (error) => error instanceof ServiceError && !/abc/.test(error.message),
  );
});

test('where the database lies is told without a token, and wrong values are named there too', () => {
  assert.equal(readDatabasePath({ DATA_DIR: '/srv/x' }), '/srv/x/wherefrom.db');
  assert.throws(() => readDatabasePath({ DATABASE_URL: 'mysql://x' }), /DATABASE_URL is "mysql:/);
});

test('all wrong values are named at once', () => {
  assert.throws(
    () => readConfig({ ...token, LOG_LEVEL: 'loud', LOG_FORMAT: 'xml' }),
    /LOG_LEVEL is "loud".*\n.*LOG_FORMAT is "xml"/,
  );
});
