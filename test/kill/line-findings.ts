import { leaveWasHeard, mayBeUnwritten } from './fates.ts';
import type { Finding, Told } from './findings.ts';
import { type LogLine, linesOf, markedRepeated, strangeLines } from './log-lines.ts';
import { type DroppedLine, joinKey, type LedgerRow, type Records } from './records.ts';
import type { Town } from './town.ts';

/** A change of channels may reach the bot later than a join that happened after it. */
const MOVE_TAKES_MS = 1_500;

/** One line per join and one per leave, in the right channel, and saying what the ledger says. */
export function lineFindings(
  town: Town,
  own: readonly Told[],
  records: Pick<Records, 'dropped' | 'recordedAt'>,
): Finding[] {
  const { dropped, recordedAt } = records;
  const refused = refusedLines(town, dropped);
  const byUser = Map.groupBy(linesOf(town), ({ userId }) => userId);
  const joinsOf = Map.groupBy(own, ({ truth }) => truth.userId);
  const first = own[0];
  const ofTown = [
    ...strangeLines(town).map((text) => `a line that nobody can explain: ${text}`),
    ...[...byUser.keys()].filter((userId) => !joinsOf.has(userId)).map((id) => `a line of ${id}`),
    ...(markedRepeated(town) > 0
      ? [`${markedRepeated(town)} messages are marked as repeated`]
      : []),
  ];
  return [
    ...(first === undefined ? [] : ofTown.map((what) => ({ what, join: first }))),
    ...[...joinsOf].flatMap(([userId, joins]) =>
      ofUser(town, joins, byUser.get(userId) ?? [], {
        refused: refused.get(userId) ?? 0,
        recordedAt,
      }),
    ),
  ];
}

/** Where the log was closed, Discord refuses what waits: so many lines by user. */
function refusedLines(
  { guildId, muted, kind }: Town,
  dropped: readonly DroppedLine[],
): ReadonlyMap<string, number> {
  if (muted.length === 0 && kind !== 'guest') return new Map();
  const own = dropped.filter(
    (line) => line.guildId === guildId && line.reason.startsWith('HTTP 4'),
  );
  const byUser = Map.groupBy(own, ({ userId }) => userId);
  return new Map([...byUser].map(([userId, lines]) => [userId, lines.length]));
}

function ofUser(
  town: Town,
  joins: readonly Told[],
  lines: readonly LogLine[],
  { refused, recordedAt }: Pick<Records, 'recordedAt'> & { readonly refused: number },
): Finding[] {
  const last = joins.at(-1);
  if (last === undefined) return [];
  const tell = (what: string): Finding => ({
    what: [what, ...lines.map(({ text }) => `  line ${text}`)].join('\n'),
    join: last,
  });
  const own = lines.filter(({ kind }) => kind === 'join');
  const joined = lowered(joinBounds(town, joins, recordedAt), refused);
  const left = lowered(leaveBounds(town, joins), refused);
  const leaves = lines.length - own.length;
  const found: string[] = [];
  if (!within(own.length, joined)) found.push(`${own.length} lines of joins, not ${words(joined)}`);
  if (!within(leaves, left)) found.push(`${leaves} lines of leaves, not ${words(left)}`);
  const recorded = joins.filter(({ rows }) => rows.length === 1);
  if (own.length === recorded.length) {
    recorded.forEach((join, index) => {
      found.push(...wordFindings(town, join, own[index]!));
    });
  }
  return found.map(tell);
}

type Bounds = readonly [number, number];

/** A line for each row; where nothing could be written, or nobody could know, there need be none. */
function joinBounds(town: Town, joins: readonly Told[], recordedAt: Records['recordedAt']): Bounds {
  const recorded = joins.filter(({ rows }) => rows.length > 0);
  const free = recorded.filter(({ truth, rows }) => {
    // Where processes die one after the other, the first answer may come minutes after the join.
    const queuedAt = recordedAt.get(joinKey(rows[0]!)) ?? truth.joinedAtMs;
    return mayBeUnwritten(town, truth.joinedAtMs) || mayBeUnwritten(town, queuedAt);
  });
  return [recorded.length - free.length, recorded.length];
}

function leaveBounds(town: Town, joins: readonly Told[]): Bounds {
  const gone = joins.filter(({ truth }) => truth.leftAtMs !== null);
  const sure = gone.filter(
    ({ truth }) => leaveWasHeard(town.losses, truth) && !mayBeUnwritten(town, truth.leftAtMs ?? 0),
  );
  return [sure.length, gone.length];
}

function lowered([low, high]: Bounds, by: number): Bounds {
  return [Math.max(0, low - by), high];
}

function within(count: number, [low, high]: Bounds): boolean {
  return count >= low && count <= high;
}

function words([low, high]: Bounds): string {
  return low === high ? String(low) : `${low} to ${high}`;
}

function wordFindings(town: Town, { rows, truth }: Told, line: LogLine): string[] {
  const row = rows[0]!;
  const missing = wordsOf(row, line.text).filter((word) => !line.text.includes(word));
  const found = missing.map((word) => `the line does not say ${word}, as the ledger does`);
  const since = town.logs.findLastIndex(({ atMs }) => atMs + MOVE_TAKES_MS < truth.joinedAtMs);
  const wanted = town.logs.slice(Math.max(since, 0)).map(({ channelId }) => channelId);
  return wanted.includes(line.channelId) ? found : [...found, 'the line is in an old channel'];
}

/** What the line must hold, as far as its length lets it say anything. */
function wordsOf({ origin, certainty, whileAway }: LedgerRow, text: string): string[] {
  const isFull = / joined (?!:)/.test(text);
  if (!isFull && !text.includes(' joined: ')) return [];
  const said: string[] = [];
  if (origin !== null && 'code' in origin && origin.code !== null) said.push(`\`${origin.code}\``);
  if (certainty === 'likely') said.push('likely');
  if (certainty === 'ambiguous') said.push(isFull ? 'ambiguous' : ' or ');
  if (isFull && origin?.kind === 'bot' && origin.adderId !== null) said.push('as a bot added by');
  if (whileAway) said.push('while the bot was away');
  return said;
}
