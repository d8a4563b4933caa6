/**
 * The one test command. Runs every test file of the repository, a few at a time: there are two
 * cores, and the tests over sockets spend their time waiting.
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
const files = patterns.flatMap((pattern) => globSync(pattern)).sort();
if (files.length === 0) {
  process.stderr.write(`No test file matches ${patterns.join(' ')}.\n`);
  process.exit(2);
}
const options = ['--test', '--test-concurrency=3', '--test-timeout=240000'];
const child = spawn(process.execPath, [...options, ...files], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
