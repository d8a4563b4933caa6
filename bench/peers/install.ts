import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = import.meta.dirname;

/** Installs what the lock file of this folder names, unless it is there. */
export async function installPeers(): Promise<void> {
  if (Object.entries(wanted()).every(([name, version]) => versionOf(name) === version)) return;
  process.stderr.write('installing the peers (npm ci --prefix bench/peers) ...\n');
  const cli = process.env.npm_execpath;
  const [command, ...args] = cli === undefined ? ['npm'] : [process.execPath, cli];
  const child = spawn(command!, [...args, 'ci', '--prefix', FOLDER], {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: cli === undefined && process.platform === 'win32',
  });
  const code = await new Promise((resolve, reject) => {
    child.once('exit', resolve);
    child.once('error', reject);
  });
  if (code !== 0) throw new Error('the peers could not be installed: npm said why');
}

function wanted(): Readonly<Record<string, string>> {
  const own = JSON.parse(readFileSync(join(FOLDER, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  return own.dependencies;
}

function versionOf(name: string): string | null {
  try {
    const file = join(FOLDER, 'node_modules', name, 'package.json');
    return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
  } catch {
    return null;
  }
}
