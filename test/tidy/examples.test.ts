import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { describe, test } from 'node:test';
import { startEmulator } from '../../packages/emulator/src/index.ts';
import { fileAt, readTree, repository } from './tree.ts';

const TIMEOUT = { timeout: 60_000 };
/** Generous: a process starts slowly on two cores under load. */
const WAIT_MS = 60_000;
/** A test with two waits: what a wait says of its failure must come before the end of the test. */
const WAITING = { timeout: 3 * WAIT_MS };

/** An example as a reader would run it, what it printed, and how it ended. */
function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, args, { cwd: repository, env });
  let text = '';
  let wrote = (): void => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      wrote();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const until = async (pattern: RegExp): Promise<void> => {
    const deadline = AbortSignal.timeout(WAIT_MS);
    deadline.addEventListener('abort', () => wrote());
    while (!pattern.test(text)) {
      assert.ok(!deadline.aborted, `no ${pattern} within ${WAIT_MS} ms: ${text}`);
      await new Promise<void>((resolve) => {
        wrote = resolve;
      });
    }
  };
  return { child, ended, until, text: () => text };
}

describe('the examples', { concurrency: true }, () => {
  test('replay-a-journal: observations in, answers out', TIMEOUT, async () => {
    const { ended, text } = run(['examples/replay-a-journal.ts']);
    assert.equal(await ended, 0);
    assert.deepEqual(text().trim().split('\n'), [
      '101: invite gift, certain',
      '102: invite docs or no-invite, ambiguous',
      '103: invite docs or no-invite, ambiguous',
    ]);
  });

  test('the example in the README of core prints what it says', TIMEOUT, async () => {
    const readme = fileAt(readTree(), 'packages/core/README.md').text;
    const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
    const { ended, text } = run(['--input-type=module-typescript', '--eval', code]);
    assert.equal(await ended, 0, text());
    assert.equal(text().trim(), /\/\/ (.*)/.exec(code)?.[1]);
  });

  test('test-your-bot: the emulator in a test', TIMEOUT, async () => {
    const { ended, text } = run(['--test', '--test-reporter=tap', 'examples/test-your-bot.ts']);
    assert.equal(await ended, 0, text());
    assert.match(text(), /# pass 2\n/);
  });

  test('your-own-bot: a join is told with the invite it came by', WAITING, async (t) => {
    await using discord = await startEmulator({ deterministic: true });
    const { guildId } = discord.act({ kind: 'createGuild', invites: [{ code: 'docs', uses: 5 }] });
    const env = { DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.apiUrl };
    const { child, ended, until, text } = run(['examples/your-own-bot.ts'], env);
    t.after(() => child.kill());
    // The list that closes the gap of the start: joins after it have a baseline.
    await discord.waitFor(() => discord.requests.some(({ route }) => /invites$/.test(route)), {
      timeoutMs: WAIT_MS,
    });
    await discord.settled({ idleMs: 700 });
    const { userId } = discord.act({
      kind: 'join',
      guildId,
      via: { kind: 'invite', code: 'docs' },
    });
    await until(/"settled":true/);
    child.kill();
    await ended;
    const last = JSON.parse(text().trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
    assert.equal(last.userId, userId);
    assert.equal(last.certainty, 'certain');
    assert.match(JSON.stringify(last.origin), /"code":"docs"/);
    assert.deepEqual(discord.errors, []);
  });
});
