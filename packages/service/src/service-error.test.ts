import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServiceError, terminalText } from './service-error.ts';

test('a known error says what failed, why it matters, where to fix it and how to confirm', () => {
  const text = terminalText(new ServiceError('intent-missing', 'The gateway closed with 4014.'));
  assert.match(text, /^wherefrom: The bot may not see members join\.\n {2}The gateway closed/);
  assert.match(text, /Why it matters: .+\n {2}Where to fix it: .*Server Members Intent/);
  assert.match(text, /How to confirm: /);
});

test('no error shows a stack trace or its cause', () => {
  const cause = new Error('secret cause');
  for (const error of [
    new ServiceError('storage-full', 'x', { cause }),
    new Error('boom'),
    'boom',
  ]) {
    assert.doesNotMatch(terminalText(error), /secret|\n\s+at /);
  }
});
