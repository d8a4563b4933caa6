import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from './startup-log.ts';
import { progressText } from './startup-progress.ts';

function logOf(logFormat: 'pretty' | 'json') {
  const lines: string[] = [];
  const log = createLog({ logLevel: 'info', logFormat }, () => 'secret.token', {
    write: (line) => void lines.push(line),
  });
  return { log, lines };
}

test('a pretty line is short', () => {
  const { log, lines } = logOf('pretty');
  log.info('hello');
  log.warn({ guildId: '10', cause: new Error('disk') }, 'oh');
  log.debug('not shown');
  assert.match(
    lines.join(''),
    /^\d\d:\d\d:\d\d hello\n\d\d:\d\d:\d\d WARN oh guildId=10 cause=disk\n$/,
  );
});

test('a JSON line is one object', () => {
  const { log, lines } = logOf('json');
  log.error({ guildId: '10' }, 'oh');
  const line = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
  assert.deepEqual([line.msg, line.guildId, line.level], ['oh', '10', 50]);
});

test('the token is never written', () => {
  for (const format of ['pretty', 'json'] as const) {
    const { log, lines } = logOf(format);
    log.info({ header: 'Bot secret.token' }, 'with secret.token in it');
    assert.doesNotMatch(lines.join(''), /secret/);
  }
});

const none = { wanted: 0, read: 0 };
test('progress is told while it happens, and once when it is done', () => {
  assert.equal(progressText(none, none), null);
  assert.equal(
    progressText(none, { wanted: 2_500, read: 120 }),
    'reading invites: 120 of 2,500 guilds',
  );
  const all = { wanted: 2_500, read: 2_500 };
  assert.equal(
    progressText({ wanted: 2_500, read: 120 }, all),
    'the invites of 2,500 guilds are known',
  );
  assert.equal(progressText(all, all), null);
});
