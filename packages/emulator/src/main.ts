#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { startEmulator } from './emulator.ts';

const USAGE = `wherefrom emulator: a Discord small enough to read

  npm run emulator -- [options]

  --port N      port to listen on (default 8787; 0 takes a free one)
  --seed N      seed of every draw (default 1)
  --guilds N    guilds to start with (default 1)
  --members N   filler members in each (default 100)
  --help        this text

Point a bot's REST base at the address it prints. Control it over HTTP:

  curl -X POST <base>/control/act -H 'content-type: application/json' \\
    -d '{"kind":"join","guildId":"...","via":{"kind":"invite","code":"..."}}'

Doors: GET /control/state, /guilds, /truth, /requests, /messages?channel=ID
       POST /control/act, /faults, /faults/clear, /disconnect, /invalidate, /settled`;

function readOptions() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8787' },
      seed: { type: 'string', default: '1' },
      guilds: { type: 'string', default: '1' },
      members: { type: 'string', default: '100' },
      help: { type: 'boolean', default: false },
    },
  });
  const number = (name: 'port' | 'seed' | 'guilds' | 'members'): number => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < 0)
      throw new TypeError(`--${name} must be a whole number`);
    return value;
  };
  return {
    help: values.help,
    port: number('port'),
    seed: number('seed'),
    guilds: number('guilds'),
    members: number('members'),
  };
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) {
    console.log(USAGE);
    return;
  }
  const emulator = await startEmulator({ port: options.port, seed: options.seed, control: true });
  for (let index = 1; index <= options.guilds; index += 1) {
    const name = `Guild ${index}`;
    emulator.act({
      kind: 'createGuild',
      name,
      fillers: options.members,
      invites: [{}, { maxUses: 1 }],
    });
  }
  console.log(`REST     ${emulator.apiUrl}`);
  console.log(`gateway  ${emulator.gatewayUrl}`);
  console.log(`control  ${emulator.apiUrl.replace(/\/api$/, '/control')}`);
  console.log(`token    ${emulator.token}`);
  console.log('Ctrl-C ends it.');
  const stop = (): void => void emulator.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

try {
  await main();
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\nTry --help.`);
  process.exitCode = 1;
}
