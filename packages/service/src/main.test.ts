import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startEmulator } from '@wherefrom/emulator';

const TIMEOUT = { timeout: 30_000 };
const folder = mkdtempSync(join(tmpdir(), 'wherefrom-main-'));
after(() => rmSync(folder, { recursive: true }));

/** The process, what it wrote, and how it ended. */
function run(env: Record<string, string>) {
  const main = join(import.meta.dirname, 'main.ts');
  const child = spawn(process.execPath, [main], { env: { DATA_DIR: folder, ...env } });
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
    while (!pattern.test(text)) {
      await new Promise<void>((resolve) => {
        wrote = resolve;
      });
    }
  };
  return { child, ended, until, text: () => text };
}

test('without a token it says so, names the demo, and ends with 2', TIMEOUT, async () => {
  const { ended, text } = run({});
  assert.equal(await ended, 2);
  assert.match(text(), /DISCORD_TOKEN is not set/);
  assert.match(text(), /npm run demo/);
  assert.doesNotMatch(text(), /\n\s+at /);
});

test(
  'a data directory that cannot be used ends it with 1 and a plain message',
  TIMEOUT,
  async () => {
    const { ended, text } = run({ DISCORD_TOKEN: 'abc', DATA_DIR: '/dev/null/x' });
    assert.equal(await ended, 1);
    assert.match(text(), /database/);
    assert.doesNotMatch(text(), /\n\s+at /);
  },
);

test('it connects, and a signal ends it in order', TIMEOUT, async () => {
  await using discord = await startEmulator({ deterministic: true });
  const { child, ended, until, text } = run({
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
  });
  await until(/connected as/);
  child.kill('SIGTERM');
  assert.equal(await ended, 0);
  assert.match(text(), /stopped\n$/);
});
