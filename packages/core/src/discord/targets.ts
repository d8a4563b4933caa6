import type { UserId } from '../engine/ids.ts';
import { objectOf } from './payload.ts';
import { idOf } from './snowflake.ts';

/** `status` of a target users job that is done; before that the list may be half written. */
const COMPLETED = 2;

/**
 * Reads the CSV of `GET /invites/{code}/target-users`: header `user_id`, one id per line.
 * Null if anything in it is unreadable, because a list with a hole excludes nobody.
 * @see https://docs.discord.com/developers/resources/invite#get-target-users
 */
export function targetsFromCsv(value: unknown): readonly UserId[] | null {
  if (typeof value !== 'string') return null;
  const [header, ...rows] = value
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map(cell);
  if (header !== 'user_id') return null;
  const ids: UserId[] = [];
  for (const row of rows) {
    if (row === '') continue;
    const id = idOf<UserId>(row);
    if (id === null) return null;
    ids.push(id);
  }
  return ids;
}

function cell(line: string): string {
  return line.trim().replace(/^"(.*)"$/, '$1');
}

/** True if the answer of `GET /invites/{code}/target-users/job-status` says that the list is whole. */
export function isTargetsJobCompleted(value: unknown): boolean {
  return objectOf(value).status === COMPLETED;
}
