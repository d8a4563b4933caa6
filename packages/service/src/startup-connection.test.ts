import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Gateway } from './gateway/gateway.ts';
import { ServiceError, type ServiceErrorCode } from './service-error.ts';
import { Connection, retryDelayMs } from './startup-connection.ts';

const identity = {
  userId: null,
  name: 'wherefrom',
  application: { id: '2', name: 'Where', membersIntent: true, botId: null },
};
const never = new Promise<never>(() => {});
const error = (code: ServiceErrorCode) => new ServiceError(code, 'x');
const fine = (): Gateway => ({ ready: Promise.resolve(), failed: never, close: async () => {} });
/** Connects, and is closed for good a moment later. */
const fatal = (code: ServiceErrorCode) => (): Gateway => ({
  ...fine(),
  failed: new Promise((_, reject) => setImmediate(() => reject(error(code)))),
});

/** Runs through the tries given, then stays connected. Answers what was told. */
async function told(
  tries: readonly (ServiceErrorCode | (() => Gateway))[],
): Promise<readonly string[]> {
  const words: string[] = [];
  const left = [...tries];
  const connection = new Connection({
    identify: async () => {
      const next = left[0];
      if (typeof next !== 'string') return identity;
      left.shift();
      throw error(next);
    },
    open: () => (left.shift() as () => Gateway)(),
    connected: () => void words.push('connected'),
    failed: ({ code }, ms, repeated) =>
      void words.push(`${code} ${ms / 1000}${repeated ? ' again' : ''}`),
    pause: async () => {},
  });
  connection.start();
  while (left.length > 0) await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  await connection.stop();
  return words;
}

test('what may pass is tried again soon, then ever more slowly', async () => {
  assert.deepEqual(await told(['api-unreachable', 'api-unreachable', 'api-unreachable', fine]), [
    'api-unreachable 1',
    'api-unreachable 2 again',
    'api-unreachable 4 again',
    'connected',
  ]);
});

test('what a person must mend is tried again slowly', async () => {
  assert.deepEqual(await told(['intent-missing', 'intent-missing', 'token-refused', fine]), [
    'intent-missing 30',
    'intent-missing 60 again',
    'token-refused 30',
    'connected',
  ]);
});

test('an end after a connection is told anew', async () => {
  assert.deepEqual(await told([fatal('token-refused'), fatal('token-refused'), fine]), [
    ...['connected', 'token-refused 30', 'connected', 'token-refused 30', 'connected'],
  ]);
});

test('no delay grows beyond its bound', () => {
  assert.equal(retryDelayMs('api-unreachable', 1_000), 60_000);
  assert.equal(retryDelayMs('token-refused', 1_000), 600_000);
});
