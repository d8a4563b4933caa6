import { type Logger, pino } from 'pino';
import type { Config } from './config.ts';

const SHORTEST_SECRET = 8;

/** Where log lines go: standard output, or a list in a test. */
export interface LogSink {
  write(line: string): void;
}

export type Log = Pick<Logger, 'trace' | 'debug' | 'info' | 'warn' | 'error'>;

/**
 * The log of the service: one JSON object or one short human line per event. Whatever is logged,
 * the token is taken out at the last moment.
 */
export function createLog(
  config: Pick<Config, 'logLevel' | 'logFormat'>,
  secret: () => string,
  sink: LogSink = process.stdout,
): Log {
  const options = {
    level: config.logLevel,
    base: null,
    serializers: { cause: causeText },
  };
  const format = config.logFormat === 'json' ? (line: string) => line : prettyLine;
  return pino(options, { write: (line) => sink.write(without(secret(), format(line))) });
}

/** One line for a person: time, level unless it is an ordinary one, message, the rest. */
export function prettyLine(json: string): string {
  const { level, time, msg, ...fields } = JSON.parse(json) as Record<string, unknown>;
  const at = new Date(Number(time)).toTimeString().slice(0, 8);
  const rest = Object.entries(fields).map(([key, value]) => `${key}=${fieldText(value)}`);
  return `${[at, ...levelName(Number(level)), msg, ...rest].join(' ')}\n`;
}

function levelName(level: number): readonly string[] {
  if (level >= 50) return ['ERROR'];
  if (level >= 40) return ['WARN'];
  return level >= 30 ? [] : ['debug'];
}

function fieldText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

// Message and code: a stack says nothing to the person who reads the log.
function causeText(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return 'code' in cause ? `${cause.message} (${String(cause.code)})` : cause.message;
}

function without(secret: string, line: string): string {
  // No token is that short; taking out single letters would only make the log unreadable.
  return secret.length < SHORTEST_SECRET ? line : line.replaceAll(secret, '***');
}
