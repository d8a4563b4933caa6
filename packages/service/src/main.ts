#!/usr/bin/env node
import { startService } from './app.ts';
import { type Config, readConfig } from './config.ts';
import { terminalText } from './service-error.ts';

/** Wrong configuration; everything that may pass by itself is tried again instead. */
const EXIT_CONFIG = 2;
const EXIT_FAILED = 1;

function leave(error: unknown, code: number): never {
  process.stderr.write(`${terminalText(error)}\n`);
  process.exit(code);
}

function configured(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    return leave(error, EXIT_CONFIG);
  }
}

process.on('uncaughtException', (error) => leave(error, EXIT_FAILED));
const config = configured();
const service = await startService(config).catch((error) => leave(error, EXIT_FAILED));
let signals = 0;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    signals += 1;
    // The first asks for an orderly end, the second does not wait for it.
    if (signals > 1) process.exit(EXIT_FAILED);
    service.stop().then(
      () => process.exit(0),
      (error) => leave(error, EXIT_FAILED),
    );
  });
}
