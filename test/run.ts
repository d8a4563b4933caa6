/**
 * The one test command. Runs every test file of the repository, a few at a time: there are two
 * cores, and the tests over sockets spend their time waiting. What uses both cores runs by itself.
 */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';

const [major] = process.versions.node.split('.');
if (Number(major) < 24) {
  process.stderr.write(
    `The tests need Node 24 and run on ${process.version}: use \`npm test\` after \`npm ci\`.\n`,
  );
  process.exit(2);
}

const wanted = process.argv.slice(2);
const patterns = wanted.length > 0 ? wanted : ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts'];
const files = [...new Set(patterns.flatMap((pattern) => globSync(pattern)))].sort();
if (files.length === 0) {
  process.stderr.write(`No test file matches ${patterns.join(' ')}.\n`);
  process.exit(2);
}

const isHeavy = (file: string): boolean => /^test.(simulation|kill)\b/.test(file);
const heavy = await run(files.filter(isHeavy), 1);
const others = await run(
  files.filter((file) => !isHeavy(file)),
  3,
);
process.exit(Math.max(heavy, others));

/** The exit code of the test runner over these files; 0 for none. */
function run(some: readonly string[], atOnce: number): Promise<number> {
  if (some.length === 0) return Promise.resolve(0);
  const options = ['--test', `--test-concurrency=${atOnce}`, '--test-timeout=240000'];
  const child = spawn(process.execPath, [...options, ...some], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      child.kill(signal);
      process.exit(1);
    });
  }
  return new Promise((resolve) => {
    child.on('exit', (code, signal) => resolve(signal ? 1 : (code ?? 1)));
  });
}
