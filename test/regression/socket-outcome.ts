import type { Attribution, GuildId, UserId } from '../../packages/core/src/index.ts';
import { nameOfCode, type Pair, type SocketGuild, type SocketRow } from './socket-stage.ts';
import type { Outcome } from './verdict.ts';

/** A join that the bot could hear of. */
export interface HeardJoin {
  readonly member: string;
  readonly guild: SocketGuild;
  readonly userId: string;
  readonly joinedAt: number;
  /** The bot was away: it finds out later. */
  readonly unheard: boolean;
}

/** A row while it is played. */
export interface Stage {
  readonly pair: Pair;
  readonly scene: SocketRow;
  readonly joins: HeardJoin[];
  /** The joins of those who left. */
  readonly leaves: HeardJoin[];
  readonly away: Set<SocketGuild>;
  /** Ends the answers that REST was told to give, by guild and route. */
  readonly faults: Map<string, () => void>;
  /** How many requests there were when the row began. */
  readonly requestsBefore: number;
}

/** What the ledger says of a join. */
export async function entryOf(stage: Stage, join: HeardJoin): Promise<Attribution | null> {
  const { userId, joinedAt, guild } = join;
  const entry = await stage.pair.service().store.ledger.one({
    guildId: guild.guildId as GuildId,
    userId: userId as UserId,
    joinedAt,
  });
  return entry?.attribution ?? null;
}

export async function allSettled(stage: Stage): Promise<true | null> {
  const entries = await Promise.all(stage.joins.map((join) => entryOf(stage, join)));
  return entries.every((entry) => entry?.settled === true) ? true : null;
}

export async function outcomeOf(stage: Stage): Promise<Outcome> {
  const { pair, scene, joins } = stage;
  const last = new Map<string, Attribution>();
  const strays: string[] = [];
  for (const guild of scene.guilds) {
    const entries = await pair.service().store.ledger.byGuild(guild.guildId as GuildId);
    for (const { attribution } of entries) {
      const { userId, joinedAt } = attribution;
      const join = joins.find((each) => {
        return each.guild === guild && each.userId === userId && each.joinedAt === joinedAt;
      });
      if (join) last.set(join.member, attribution);
      else strays.push(`${userId} at ${joinedAt}`);
    }
  }
  const people = new Map([...scene.people].map(([name, id]) => [id, name]));
  const nobody = scene.row.given.flatMap((given) => given.invites.filter((each) => !each.inviter));
  return {
    // The ledger keeps the latest answer only.
    first: new Map(),
    last,
    strays,
    calls: callsOf(stage),
    names: {
      codeName: nameOfCode,
      userName: (userId) => people.get(userId) ?? userId,
      inviterName: (name) =>
        nobody.some((each) => each.name === name) ? null : `owner-of-${name}`,
    },
  };
}

function callsOf({ pair, scene, requestsBefore }: Stage): string {
  const ids = new Set(scene.guilds.map((guild) => guild.guildId));
  const own = pair.emulator.requests
    .slice(requestsBefore)
    .filter((request) => ids.has(request.guildId ?? ''));
  const lists = own.filter(({ route }) => route === 'GET /guilds/:guild/invites').length;
  const vanity = own.filter(({ route }) => route.endsWith('/vanity-url')).length;
  const text = lists === 1 ? '1 list' : `${lists} lists`;
  return vanity === 0 ? text : `${text} + ${vanity} vanity`;
}
