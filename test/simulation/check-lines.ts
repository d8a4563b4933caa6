import { REPEATED_MARK } from '../../packages/service/src/join-log/layout.ts';
import { composeLine } from '../../packages/service/src/join-log/line.ts';
import type { LedgerEntry } from '../../packages/service/src/storage/ledger-row.ts';
import type { GuildEnd } from './guild-end.ts';
import type { Stage } from './stage.ts';

/** A line of the log as it stands, without names, which come and go. */
interface Line {
  readonly userId: string;
  readonly words: string;
  readonly repeated: boolean;
}

/**
 * The log has one line for each join, and it says what the ledger says. Where the log was shut for
 * a while lines may be missing or old, but none may be there twice.
 */
export function checkLines(stage: Stage, end: GuildEnd): string[] {
  const lines = Map.groupBy(
    linesOf(stage, end.guildId).filter(({ words }) => !isLeave(words)),
    ({ userId }) => userId,
  );
  const rows = Map.groupBy(end.rows, ({ attribution }) => attribution.userId as string);
  return [...new Set([...lines.keys(), ...rows.keys()])].flatMap((userId) => {
    const own = lines.get(userId) ?? [];
    const said = own.filter(({ repeated }) => !repeated).map(({ words }) => words);
    const expected = (rows.get(userId) ?? []).map(wordings);
    if (said.length > expected.length) {
      return [`the log has ${said.length} lines of ${userId}, of ${expected.length} joins`];
    }
    if (!end.logIsWhole) return [];
    const complete = said.length < own.length || said.length === expected.length;
    if (complete && canMatch(said, expected)) return [];
    return [
      `the log says ${JSON.stringify(said)} of ${userId}, expected ${JSON.stringify(expected)}`,
    ];
  });
}

/** Whether each line can stand for another join; a short form may fit several of one person. */
function canMatch(lines: readonly string[], joins: readonly (readonly string[])[]): boolean {
  const [line, ...others] = lines;
  if (line === undefined) return true;
  return joins.some(
    (forms, at) => forms.includes(line) && canMatch(others, joins.toSpliced(at, 1)),
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
