import type { Attribution, Origin } from '../../packages/core/src/index.ts';
import type { Emulator } from '../../packages/emulator/src/index.ts';
import type { HeardJoin } from './socket-outcome.ts';
import type { SocketGuild } from './socket-stage.ts';

/** What is wrong with the join log: one line per join, that says what the answer says. */
export function logComplaints(
  emulator: Emulator,
  joins: readonly HeardJoin[],
  answers: ReadonlyMap<string, Attribution>,
): string[] {
  return joins.flatMap((join) => {
    const answer = answers.get(join.member);
    if (answer === undefined) return [];
    const lines = linesOf(emulator, join, 'joined');
    // Somebody who came twice has two lines, in the order of coming.
    const same = joins.filter((each) => each.guild === join.guild && each.userId === join.userId);
    const line = lines[same.indexOf(join)];
    if (lines.length !== same.length || line === undefined) {
      return [`${join.member} has ${lines.length} lines: ${lines.join(' / ')}`];
    }
    const again = same.indexOf(join) > 0 && !line.includes('returning') ? ['is not returning'] : [];
    return [...lineComplaints(line, join, answer), ...again].map(
      (why) => `${join.member} ${why}: ${line}`,
    );
  });
}

/** What is wrong with the lines of those who left: one each, that tells how they had come. */
export function leaveComplaints(
  emulator: Emulator,
  leaves: readonly HeardJoin[],
  answers: ReadonlyMap<string, Attribution>,
): string[] {
  return leaves.flatMap((leave) => {
    const lines = linesOf(emulator, leave, 'left');
    const [line = ''] = lines;
    if (lines.length !== 1) return [`${leave.member} has ${lines.length} lines for one leave`];
    const origin = answers.get(leave.member)?.origin;
    const code = origin ? codeIn(origin) : null;
    return codesIn(line).join() === code ? [] : [`${leave.member} had come by ${code}: ${line}`];
  });
}

/** Lines of joins that nobody made. */
export function lineCountComplaints(
  emulator: Emulator,
  guilds: readonly SocketGuild[],
  joins: readonly HeardJoin[],
): string[] {
  return guilds.flatMap((guild) => {
    const told = allLines(emulator, guild).filter((line) => line.includes('** joined ')).length;
    const made = joins.filter((join) => join.guild === guild).length;
    return told === made ? [] : [`${told} lines for ${made} joins`];
  });
}

function allLines(emulator: Emulator, guild: SocketGuild): string[] {
  return emulator.messages(guild.channelId).flatMap(({ body }) => body.content.split('\n'));
}

function linesOf(
  emulator: Emulator,
  { guild, userId }: HeardJoin,
  verb: 'joined' | 'left',
): string[] {
  return allLines(emulator, guild).filter(
    (line) => line.startsWith(`<@${userId}> `) && line.includes(`** ${verb} `),
  );
}

function lineComplaints(line: string, join: HeardJoin, answer: Attribution): string[] {
  const name = join.member.replace(/^g2\./, '').replace(/#\d+$/, '');
  const wanted = [`**${name}**`, ...wordsOf(answer)];
  const missing = wanted.filter((words) => !line.includes(words)).map((words) => `lacks ${words}`);
  const told = codesIn(line);
  const allowed = new Set(answer.candidates.flatMap(({ origin }) => codeIn(origin) ?? []));
  const extra = told.filter((code) => !allowed.has(code)).map((code) => `names ${code}`);
  return [...missing, ...extra];
}

function wordsOf(answer: Attribution): string[] {
  const { origin, certainty, candidates } = answer;
  if (origin === null) {
    return [certainty, ...candidates.flatMap((each) => codeIn(each.origin) ?? [])];
  }
  const word = certainty === 'likely' ? ['likely'] : [];
  switch (origin.kind) {
    case 'invite': {
      const uses = candidates.find((each) => codeIn(each.origin) === origin.code)?.uses ?? -1;
      const inviter = origin.inviterId ?? 'no inviter';
      const count = uses === 1 ? '1 use so far' : `${uses} uses so far`;
      return [...word, `\`${origin.code}\``, inviter, count];
    }
    case 'vanity':
      return [...word, 'vanity', `\`${origin.code}\``];
    case 'bot':
      return ['bot', ...(origin.adderId === null ? [] : [origin.adderId])];
    case 'unknown':
      return ['unknown'];
    default:
      return [...word, 'without an invite'];
  }
}

function codeIn(origin: Origin): string | null {
  return origin.kind === 'invite' || origin.kind === 'vanity' ? origin.code : null;
}

function codesIn(line: string): string[] {
  return [...line.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
}
