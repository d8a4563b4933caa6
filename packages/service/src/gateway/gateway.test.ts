import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Emulator, startEmulator } from '@wherefrom/emulator';
import type { Observation } from 'wherefrom';
import { DiscordClock } from '../clock/discord-clock.ts';
import { createDiscordRest } from '../rest/discord-rest.ts';
import { ServiceError } from '../service-error.ts';
import { Dispatch } from './dispatch.ts';
import { type Gateway, openGateway } from './gateway.ts';
import { resumeScene } from './resume-scene.ts';
import { SessionStore } from './session-store.ts';

const TIMEOUT = { timeout: 30_000 };

/** A gateway on an emulator, what it observed, and a way to wait for it. */
interface Line extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly words: string[];
  until(word: string): Promise<void>;
}

async function connect(discord: Emulator): Promise<Line> {
  const words: string[] = [];
  let stirred = (): void => {};
  const say = (word: string): void => {
    words.push(word);
    stirred();
  };
  const log = { debug: (_: object, text: string) => say(text), info() {}, warn() {}, error() {} };
  const clock = new DiscordClock();
  const { token, apiUrl } = discord;
  const rest = createDiscordRest({ token, apiUrl, clock });
  const dispatch = new Dispatch({
    clock,
    tracker: { observe: (_, observation) => say(wordOf(observation)), known: async () => false },
    ...(await resumeScene()),
    seen: () => {},
    removed: () => {},
    lastAlive: () => null,
    log,
  });
  const gateway = openGateway({ rest, token, dispatch, sessions: new SessionStore(), log });
  const until = async (word: string): Promise<void> => {
    while (!words.includes(word)) {
      await new Promise<void>((resolve) => {
        stirred = resolve;
      });
    }
  };
  return { gateway, words, until, [Symbol.asyncDispose]: () => gateway.close() };
}

function wordOf(observation: Observation): string {
  if (observation.kind === 'gap') return `gap ${observation.cause}`;
  if (observation.kind === 'session') return `session ${observation.state}`;
  if (observation.kind === 'join') return observation.replayed ? 'join replayed' : 'join';
  return observation.kind;
}

async function connectedTo(discord: Emulator): Promise<Line> {
  discord.act({ kind: 'createGuild', guildId: '175928847299117063', invites: [{ code: 'abc' }] });
  const line = await connect(discord);
  await line.until('gap first-start');
  line.words.length = 0;
  return line;
}

function join(discord: Emulator): void {
  discord.act({
    kind: 'join',
    guildId: '175928847299117063',
    via: { kind: 'invite', code: 'abc' },
  });
}

const only = (line: Line, pattern: RegExp) => line.words.filter((word) => pattern.test(word));

test('a connection that breaks is resumed, and its joins come as a replay', TIMEOUT, async () => {
  await using discord = await startEmulator({ deterministic: true });
  await using line = await connectedTo(discord);
  discord.disconnect();
  join(discord);
  await line.until('session resumed');
  assert.deepEqual(only(line, /session|join|gap/), [
    'session lost',
    'join replayed',
    'session resumed',
  ]);
});

test('a session survives a network that fails for a while', TIMEOUT, async () => {
  await using discord = await startEmulator({ deterministic: true });
  await using line = await connectedTo(discord);
  const fault = discord.faults.set({ kind: 'refuse' });
  discord.disconnect({ code: 1006 });
  join(discord);
  await line.until('the connection failed');
  fault.clear();
  await line.until('session resumed');
  assert.deepEqual(only(line, /session|join|gap/), [
    'session lost',
    'join replayed',
    'session resumed',
  ]);
});

test('a session that cannot be resumed leaves a gap', TIMEOUT, async () => {
  await using discord = await startEmulator({ deterministic: true });
  await using line = await connectedTo(discord);
  discord.disconnect({ resumable: false });
  join(discord);
  await line.until('gap session-lost');
  assert.deepEqual(only(line, /session|join|gap/), ['session lost', 'gap session-lost']);
});

for (const [code, expected] of [
  [4004, 'token-refused'],
  [4014, 'intent-missing'],
] as const) {
  test(
    `close code ${code} is ${expected}, and nothing connects again by itself`,
    TIMEOUT,
    async () => {
      await using discord = await startEmulator({ deterministic: true });
      await using line = await connectedTo(discord);
      discord.disconnect({ code });
      await assert.rejects(
        line.gateway.failed,
        (error) => error instanceof ServiceError && error.code === expected,
      );
      await line.gateway.close();
      assert.deepEqual(only(line, /session/), ['session lost']);
      await discord.settled();
      assert.deepEqual([discord.connections.length, discord.gateway.identifies], [0, 1]);
    },
  );
}

test('an API that cannot be reached is named', TIMEOUT, async () => {
  const discord = await startEmulator();
  await discord.close();
  const line = await connect(discord);
  await assert.rejects(
    line.gateway.ready,
    (error) => error instanceof ServiceError && error.code === 'api-unreachable',
  );
  await line.gateway.close();
});
