import type { Fault, FillerSource, Via } from '@wherefrom/emulator';
import type { Attribution, GuildId } from 'wherefrom';
import type { Stage } from './stage.ts';

export interface TownSpec {
  readonly fillers?: number;
  readonly fillerSources?: readonly FillerSource[];
}

/** A fault of the search whose guild is filled in. */
export type SearchFault =
  Extract<
    Fault,
    {
      readonly kind:
        | 'restError'
        | 'wrongGuild'
        | 'strangers'
        | 'malformedEntries'
        | 'nullEntries'
        | 'futureSource'
        | 'brokenJson';
    }
  > extends infer Each
    ? Each extends Fault
      ? Omit<Each, 'guildId' | 'route'>
      : never
    : never;

/** A guild with two invites, and what its join log says. */
export interface Town {
  readonly guildId: GuildId;
  readonly codes: readonly [string, string];
  join(via: Via, userId?: string): string;
  /** Two members in one instant, one by each invite: nobody can tell them apart. */
  pair(): readonly [string, string];
  /** Switches a fault on that strikes this town's searches only. */
  spoil(fault: SearchFault): { clear(): void };
  answer(userId: string): Attribution | null;
  /** In short: how sure, and which code. */
  said(userId: string): string;
  /** Resolves once that is said. */
  says(userId: string, words: string): Promise<void>;
  /** The lines as they are now. */
  lines(): readonly string[];
  linesOf(userId: string): readonly string[];
  /** How many messages were posted, whatever became of them. */
  messages(): number;
  searches(): number;
}

export function openTown(stage: Stage, name: string, spec: TownSpec): Town {
  const { emulator } = stage;
  const codes = [`${name}-a`, `${name}-b`] as const;
  const invites = codes.map((code) => ({ code }));
  const created = emulator.act({ kind: 'createGuild', name, invites, ...spec });
  const guildId = created.guildId as GuildId;
  const channelId = created.channelIds['join-logs'] ?? '';
  const posted = () => emulator.messages(channelId);
  const join = (via: Via, details: object = {}): string =>
    emulator.act({ kind: 'join', guildId, via, ...details }).userId;
  const town: Town = {
    guildId,
    codes,
    join: (via, userId) => join(via, userId === undefined ? {} : { userId }),
    pair: () => {
      const joinedAtMs = Date.now();
      const [one, other] = codes.map((code) => join({ kind: 'invite', code }, { joinedAtMs }));
      return [one!, other!];
    },
    spoil: (fault) => emulator.faults.set({ ...fault, guildId, route: 'members-search' } as Fault),
    answer: (userId) => stage.answer(guildId, userId),
    said: (userId) => {
      const answer = stage.answer(guildId, userId);
      if (answer === null) return 'nothing';
      const { origin, certainty, settled } = answer;
      const code = origin !== null && 'code' in origin ? ` ${origin.code}` : '';
      const how = origin === null ? 'one of several' : `${origin.kind}${code}`;
      return `${certainty} ${how}${settled ? '' : ', provisional'}`;
    },
    says: (userId, words) =>
      stage.until(`${name} says of ${userId}: ${words}`, () => town.said(userId) === words),
    lines: () => posted().flatMap(({ body }) => body.content.split('\n')),
    linesOf: (userId) => town.lines().filter((line) => line.startsWith(`<@${userId}>`)),
    messages: () => posted().length,
    searches: () => stage.searches(guildId),
  };
  return town;
}
