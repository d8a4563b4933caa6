import { CLOCK_ERROR_MS } from '../../packages/core/src/engine/constants.ts';
import { REPEATED_MARK } from '../../packages/service/src/join-log/layout.ts';
import { composeLine } from '../../packages/service/src/join-log/line.ts';
import type { LedgerEntry } from '../../packages/service/src/storage/ledger-row.ts';
import type { GuildEnd } from './guild-end.ts';
import { joinKey } from './recorder.ts';
import type { Stage } from './stage.ts';

/** A line of the log as it stands, without names, which come and go. */
interface Line {
  readonly userId: string;
  readonly words: string;
  readonly repeated: boolean;
}

/**
 * The log has one line for each join that says what the ledger says. Where a line is marked as
 * possibly repeated the first one may be there too, and is then no longer kept up to date. Where the
 * log was shut for a while lines may be missing or old, but none may be there twice.
 */
export function checkLines(stage: Stage, end: GuildEnd): string[] {
  const lines = Map.groupBy(
    linesOf(stage, end.guildId).filter(({ words }) => !isLeave(words)),
    ({ userId }) => userId,
  );
  const rows = Map.groupBy(end.rows, ({ attribution }) => attribution.userId as string);
  return [...new Set([...lines.keys(), ...rows.keys()])].flatMap((userId) => {
    const own = lines.get(userId) ?? [];
    const once = own.filter(({ repeated }) => !repeated);
    const expected = (rows.get(userId) ?? []).filter((row) => !wasBefore(end, row)).map(wordings);
    if (once.length > expected.length) {
      return [`the log has ${once.length} lines of ${userId}, of ${expected.length} joins`];
    }
    const said = own.map(({ words }) => words);
    if (!end.logIsWhole || haveLines(expected, said)) return [];
    return [
      `the log says ${JSON.stringify(said)} of ${userId}, expected ${JSON.stringify(expected)}`,
    ];
  });
}

/** Who joined before the bot first came is in the ledger by the backfill, and no news. */
function wasBefore({ gaps, record }: GuildEnd, { attribution }: LedgerEntry): boolean {
  const { userId, joinedAt } = attribution;
  const first = gaps.find(({ cause }) => cause === 'first-start');
  return (
    !record.told.has(joinKey(userId, joinedAt)) &&
    first !== undefined &&
    joinedAt <= first.to + CLOCK_ERROR_MS
  );
}

/** Whether each join has a line of its own; a short form may fit several joins of one person. */
function haveLines(joins: readonly (readonly string[])[], lines: readonly string[]): boolean {
  const [forms, ...others] = joins;
  if (forms === undefined) return true;
  return lines.some(
    (line, at) => forms.includes(line) && haveLines(others, lines.toSpliced(at, 1)),
  );
}

function linesOf(stage: Stage, guildId: string): Line[] {
  const { world } = stage.discord;
  const channels = [...world.messages].filter(([channelId]) =>
    channelsOf(stage, guildId).has(channelId),
  );
  return channels.flatMap(([, messages]) =>
    messages.flatMap(({ body }) => {
      const repeated = body.content.endsWith(REPEATED_MARK);
      const text = repeated ? body.content.slice(0, -REPEATED_MARK.length) : body.content;
      return text.split('\n').map((line) => ({ ...plain(line), repeated }));
    }),
  );
}

function channelsOf(stage: Stage, guildId: string): ReadonlySet<string> {
  const index = stage.guildIds.indexOf(guildId);
  const channels = stage.script.guilds[index]?.channels ?? [];
  return new Set(
    channels.flatMap((channel) => (typeof channel === 'string' ? [] : (channel.id ?? []))),
  );
}

const MEMBER = /^<@(\d+)> (?:\*\*.*?\*\* |\(\d+\) )?/;

function plain(line: string): Pick<Line, 'userId' | 'words'> {
  const userId = MEMBER.exec(line)?.[1] ?? '';
  return { userId, words: nameless(line.replace(MEMBER, '')) };
}

/** People are named where a name is known at the moment. */
function nameless(words: string): string {
  return words.replace(/\*\*[^*]*\*\* \((\d+)\)/g, 'user $1');
}

/** What a line of this join may say, in its three lengths. */
function wordings({ attribution, returning }: LedgerEntry): string[] {
  const { userId } = attribution;
  const facts = {
    kind: 'join',
    userId,
    name: null,
    returning,
    attribution,
    concealed: [],
  } as const;
  const { full, short, bare } = composeLine(facts, () => null);
  return [full, short, bare].map((line) => plain(line).words);
}

function isLeave(words: string): boolean {
  return /^(left|was kicked|was banned|was pruned)( |$)/.test(words);
}
