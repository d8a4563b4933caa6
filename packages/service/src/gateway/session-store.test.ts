import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SessionStore } from './session-store.ts';

const session = { sessionId: 's', resumeURL: 'ws://x', sequence: 1, shardCount: 1, shardId: 0 };

function storeAt() {
  const time = { now: 0 };
  const store = new SessionStore(() => time.now);
  store.update(0, session);
  return { store, time };
}

test('a session that the gateway ends is forgotten', () => {
  const { store } = storeAt();
  store.update(0, null);
  assert.equal(store.retrieve(0), null);
});

test('a session survives two minutes without a network', () => {
  const { store, time } = storeAt();
  store.networkFailed(0);
  store.update(0, null);
  assert.equal(store.retrieve(0), session);
  time.now = 119_000;
  store.networkFailed(0);
  store.update(0, null);
  assert.equal(store.retrieve(0), session);
  time.now = 121_000;
  store.update(0, null);
  assert.equal(store.retrieve(0), null);
});

test('once the gateway answers, what it says counts', () => {
  const { store } = storeAt();
  store.networkFailed(0);
  store.reached(0);
  store.update(0, null);
  assert.equal(store.retrieve(0), null);
});
