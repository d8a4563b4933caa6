import { ServiceError, type ServiceErrorCode } from '../service-error.ts';

/** https://www.sqlite.org/rescode.html; the low byte of an extended code is the primary one. */
const SQLITE = { corrupt: 11, full: 13, notadb: 26 } as const;

const FULL_ERRNO: readonly string[] = ['ENOSPC', 'EDQUOT'];

/** Turns what SQLite or the file system threw into the one error of the shell. */
export function storageFailure(path: string, cause: unknown): ServiceError {
  if (cause instanceof ServiceError) return cause;
  const code = codeFor(cause);
  return new ServiceError(code, messageFor(code, path, reasonOf(cause)), { cause });
}

/** The file is sound, but its tables are those of a later wherefrom. */
export function newerFailure(path: string, migrations: readonly string[]): ServiceError {
  const message =
    `${path} was last used by a newer version: this one does not know ${migrations.join(', ')}. ` +
    'Nothing in it was changed.';
  return new ServiceError('storage-newer', message);
}

/** It is damaged, or not ours. */
export function corruptFailure(path: string, reason: string): ServiceError {
  return new ServiceError('storage-corrupt', messageFor('storage-corrupt', path, reason));
}

/** What failed here; why it matters and what to do is added for the code (`service-error.ts`). */
function messageFor(code: ServiceErrorCode, path: string, reason: string): string {
  switch (code) {
    case 'storage-full':
      return `No room left to write to ${path} (${reason}). What was stored before is intact.`;
    case 'storage-corrupt':
      return `${path} cannot be read (${reason}). Nothing in it was changed.`;
    default:
      return `${path} cannot be written (${reason}).`;
  }
}

function codeFor(cause: unknown): ServiceErrorCode {
  const result = resultCode(cause);
  if (result === SQLITE.full) return 'storage-full';
  if (result === SQLITE.corrupt || result === SQLITE.notadb) return 'storage-corrupt';
  if (cause instanceof SyntaxError) return 'storage-corrupt';
  if (FULL_ERRNO.includes(errnoOf(cause))) return 'storage-full';
  return 'storage-unwritable';
}

function resultCode(cause: unknown): number | null {
  if (!(cause instanceof Error) || !('errcode' in cause)) return null;
  return typeof cause.errcode === 'number' ? cause.errcode & 0xff : null;
}

function errnoOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string'
    ? cause.code
    : '';
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
