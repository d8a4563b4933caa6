import type { LineFacts } from '../../packages/service/src/join-log/facts.ts';
import { REPEATED_MARK } from '../../packages/service/src/join-log/layout.ts';
import { composeLine } from '../../packages/service/src/join-log/line.ts';
import type { GuildEnd } from './guild-end.ts';
import type { Stage } from './stage.ts';

/** A line of the log as it stands, without names, which come and go. */
interface Line {
  readonly userId: string;
  readonly words: string;
  readonly repeated: boolean;
}

/**
 * The log has one line for each join, and it says what the ledger says. `whole` is false where the
 * log was shut for a while: then lines may be missing or old, but none may be there twice.
 */
export function checkLines(stage: Stage, end: GuildEnd, whole: boolean): string[] {
  const lines = linesOf(stage, end.guildId).filter(({ words }) => !isLeave(words));
  const byUser = Map.groupBy(lines, ({ userId }) => userId);
  const rows = Map.groupBy(end.rows, ({ attribution }) => attribution.userId as string);
  const findings: string[] = [];
  for (const [userId, own] of byUser) {
    if (!rows.has(userId))
      findings.push(`the log has a line of ${userId}, who is not in the ledger`);
    const expected = (rows.get(userId) ?? []).map(({ attribution, returning }) =>
      wordings({
        kind: 'join',
        userId: attribution.userId,
        name: null,
        returning,
        attribution,
        concealed: [],
      }),
    );
    for (const line of own.filter(({ repeated }) => !repeated)) {
      const at = expected.findIndex((forms) => forms.includes(line.words));
      if (!whole) expected.pop();
      else if (at === -1) {
        findings.push(
          `the log says "${line.words}" of ${userId}, expected ${JSON.stringify(expected)}`,
        );
      } else expected.splice(at, 1);
    }
    const repeated = own.some((line) => line.repeated);
    const said = own.filter((line) => !line.repeated).length;
    const joins = rows.get(userId)?.length ?? 0;
    if (said > joins) findings.push(`the log has ${said} lines of ${userId}, of ${joins} joins`);
    if (whole && expected.length > 0 && !repeated)
      findings.push(`the log lacks ${expected.length} lines of ${userId}`);
  }
  for (const [userId, own] of rows) {
    if (whole && !byUser.has(userId))
      findings.push(`the log lacks all ${own.length} lines of ${userId}`);
  }
  return findings;
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

function wordings(facts: LineFacts): string[] {
  const { full, short, bare } = composeLine(facts, () => null);
  return [full, short, bare].map((line) => plain(line).words);
}

function isLeave(words: string): boolean {
  return /^(left|was kicked|was banned|was pruned)( |$)/.test(words);
}
