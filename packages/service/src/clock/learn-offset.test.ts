import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DiscordClock } from './discord-clock.ts';
import { learnOffset } from './learn-offset.ts';

let local = 1_800_000_000_321;
const clock = new DiscordClock({ localTime: () => local });
const pause = async (delayMs: number) => {
  local += delayMs;
};

test('a few answers set the clock', async () => {
  let asked = 0;
  const probe = async () => {
    asked += 1;
    const date = Math.floor((local + 10 + 4_000) / 1000) * 1000;
    clock.sample({ sentAt: local, answeredAt: local + 20, date });
    local += 20;
  };
  assert.equal(await learnOffset(clock, probe, pause), true);
  assert.ok(asked <= 8 && Math.abs(clock.state().offsetMs - 4_000) <= 250);
});

test('without a network it ends', async () => {
  const silent = new DiscordClock({ localTime: () => local });
  assert.equal(await learnOffset(silent, async () => {}, pause), false);
});
