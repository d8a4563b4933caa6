/**
 * Loaded into the process under test by `--import`: watches what it writes, sends and hears, and
 * ends it with SIGKILL at the boundary that the environment names. The product knows nothing of it.
 */
import { subscribe } from 'node:diagnostics_channel';
import { writeSync } from 'node:fs';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { type Boundary, isBoundary, KILL_AT, KILL_NTH, LAST_WORDS } from './boundaries.ts';

const wanted = process.env[KILL_AT] ?? '';
let left = Number(process.env[KILL_NTH] ?? 1);

function reached(boundary: string): void {
  if (boundary !== wanted) return;
  left -= 1;
  if (left > 0) return;
  writeSync(process.stderr.fd, `${LAST_WORDS}${boundary}\n`);
  process.kill(process.pid, 'SIGKILL');
}

if (isBoundary(wanted)) {
  watchTransactions();
  watchRequests();
  watchEvents();
}

/** What a transaction is for shows in its first write. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^insert into guild /, 'step'],
  [/^insert into session /, 'session'],
  [/^insert into outbox /, 'message opened'],
  [/^update outbox set state = 'sent'/, 'message sent'],
  [/^update outbox set hash = /, 'edit noted'],
  [/^(insert into directory|delete from directory|update session) /, 'flush'],
];

const WRITES: readonly (readonly [RegExp, Boundary])[] = [
  [/^insert into guild /, 'step: after the guild row'],
  [/^insert into member /, 'step: after a member row'],
  [/^(insert into|update) ledger /, 'step: after a ledger row'],
  [/^insert into outbox_line /, 'step: after a log line'],
  [/^(insert into|delete from) directory (?!.*:sequence)/, 'step: after a directory row'],
  [/^insert into directory (?=.*:sequence)/, "step: after the guild's sequence"],
  [/^update session /, 'step: after the resume point'],
];

function watchTransactions(): void {
  let kind: string | null = null;
  const { exec } = DatabaseSync.prototype;
  DatabaseSync.prototype.exec = function watchedExec(sql) {
    if (sql === 'begin immediate') reached('transaction: before it begins');
    if (sql === 'commit' && kind !== null) reached(`${kind}: before commit`);
    exec.call(this, sql);
    if (sql === 'begin immediate') reached('transaction: after it began');
    if (sql === 'commit' && kind !== null) reached(`${kind}: after commit`);
    kind = null;
  };
  const wrote = (sql: string): void => {
    kind ??= KINDS.find(([pattern]) => pattern.test(sql))?.[1] ?? null;
    if (kind !== 'step') return;
    for (const [pattern, boundary] of WRITES) if (pattern.test(sql)) reached(boundary);
  };
  for (const method of ['run', 'get', 'all'] as const) watchStatements(method, wrote);
}

type Method = (this: StatementSync, ...values: unknown[]) => unknown;

function watchStatements(method: 'run' | 'get' | 'all', wrote: (sql: string) => void): void {
  const prototype = StatementSync.prototype as unknown as Record<typeof method, Method>;
  const original = prototype[method];
  let tables = 0;
  prototype[method] = function watched(...values) {
    const sql = this.sourceSQL.trim().replaceAll(/\s+/g, ' ');
    if (sql === 'commit') reached('migration: before commit');
    const answer = original.apply(this, values);
    if (sql === 'commit') reached('migration: after commit');
    // Ours come after the two of the migrator.
    if (sql.startsWith('create table') && ++tables === 6) reached('migration: in the middle');
    wrote(sql);
    return answer;
  };
}

const CALLS: readonly (readonly [RegExp, string])[] = [
  [/^POST .*\/channels\/\d+\/messages$/, 'post'],
  [/^PATCH .*\/channels\/\d+\/messages\/\d+$/, 'edit'],
  [/^GET .*\/guilds\/\d+\/invites$/, 'invite list'],
  [/^GET .*\/guilds\/\d+\/members$/, 'member page'],
];

function callOf(method: string, path: string): string | null {
  const call = `${method} ${path.split('?')[0]}`;
  return CALLS.find(([pattern]) => pattern.test(call))?.[1] ?? null;
}

function watchRequests(): void {
  const send = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const call = callOf(init?.method ?? 'GET', new URL(String(input)).pathname);
    if (call !== null) reached(`${call}: before it is sent`);
    const response = await send(input, init);
    if (call === null) return response;
    reached(`${call}: answered, not read`);
    const read = response.text.bind(response);
    const text = async (): Promise<string> => {
      const whole = await read();
      reached(`${call}: read, not stored`);
      return whole;
    };
    return Object.defineProperty(response, 'text', { value: text });
  };
  subscribe('undici:request:bodySent', (message) => {
    const { request } = message as { readonly request: { method: string; path: string } };
    const call = callOf(request.method, request.path);
    if (call !== null) reached(`${call}: on its way`);
  });
}

/** The gateway library parses each message before it hands it over. */
function watchEvents(): void {
  const { parse } = JSON;
  JSON.parse = (text, reviver) => {
    const value: unknown = parse(text, reviver);
    if (typeof value === 'object' && value !== null && 'op' in value && 't' in value) {
      reached(`event: ${String(value.t)} arrived`);
    }
    return value;
  };
}
