import { open, unlink } from 'node:fs/promises';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { ServiceError } from '../service-error.ts';
import type { ExportedRow } from './exported-rows.ts';

export type ExportFormat = 'csv' | 'jsonl';

/**
 * Writes rows one by one, as fast as the target takes them. CSV as RFC 4180 has it, in UTF-8; a cell
 * that a spreadsheet would run as a formula gets an apostrophe before it.
 */
export async function writeRows(
  rows: Iterable<ExportedRow>,
  format: ExportFormat,
  target: Writable,
  signal?: AbortSignal,
): Promise<void> {
  const options = signal === undefined ? {} : { signal };
  if (format === 'jsonl') await pipeline(Readable.from(jsonLines(rows)), target, options);
  else await pipeline(Readable.from(rows), csv(), target, options);
}

function csv() {
  return stringify({
    header: true,
    record_delimiter: 'windows',
    escape_formulas: true,
    cast: { boolean: String },
  });
}

function* jsonLines(rows: Iterable<ExportedRow>): Generator<string> {
  for (const row of rows) yield `${JSON.stringify(row)}\n`;
}

/**
 * The same into a new file, for the one who asked only: it tells of people. What was begun and
 * cannot be finished is removed again.
 * @throws ServiceError `export-unwritable`, `export-stopped`, or what the rows throw
 */
export async function writeNewFile(
  rows: Iterable<ExportedRow>,
  format: ExportFormat,
  file: string,
  signal?: AbortSignal,
): Promise<void> {
  const opened = await open(file, 'wx', 0o600).catch((cause) => {
    throw unwritable(file, cause);
  });
  try {
    await writeRows(rows, format, opened.createWriteStream(), signal);
  } catch (cause) {
    await unlink(file).catch(() => {});
    if (cause instanceof ServiceError) throw cause;
    throw signal?.aborted === true ? stopped(file, cause) : unwritable(file, cause);
  }
}

function stopped(file: string, cause: unknown): ServiceError {
  const message = `${file} was stopped before its end, and is removed again.`;
  return new ServiceError('export-stopped', message, { cause });
}

function unwritable(file: string, cause: unknown): ServiceError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unwritable';
  const why = code === 'EEXIST' ? 'is there already' : `cannot be written (${code})`;
  return new ServiceError('export-unwritable', `${file} ${why}.`, { cause });
}
