import type { TruthRecord } from '@wherefrom/emulator';
import type { GuildId, Observation } from 'wherefrom';
import {
  CLOCK_ERROR_MS,
  COUNT_LAG_MS,
  EVENT_DELAY_MS,
  SAME_JOIN_MS,
} from '../../packages/core/src/engine/constants.ts';
import type { LedgerEntry } from '../../packages/service/src/storage/ledger-row.ts';
import { joinKey, type Record } from './recorder.ts';
import type { Stage } from './stage.ts';
import { START } from './start.ts';

export type Gap = Extract<Observation, { readonly kind: 'gap' }>;

/** A guild at the end of its world: what happened, what was observed, and what was concluded. */
export interface GuildEnd {
  readonly guildId: string;
  readonly approval: boolean;
  /** The log channel was there and could be written in all the time. */
  readonly logIsWhole: boolean;
  readonly record: Record;
  readonly rows: readonly LedgerEntry[];
  readonly truths: readonly TruthRecord[];
  readonly gaps: readonly Gap[];
  /** The row of a join, and the join of a row. */
  readonly rowOf: ReadonlyMap<TruthRecord, LedgerEntry>;
  readonly truthOf: ReadonlyMap<LedgerEntry, TruthRecord>;
  /** Joins without a row. */
  readonly unseen: readonly TruthRecord[];
  /** Whether the answer may lean on a use that somebody unseen made (see `Doubt`). */
  readonly doubtful: (joinedAt: number) => boolean;
}

export async function guildEnds(stage: Stage): Promise<GuildEnd[]> {
  const truths = Map.groupBy(stage.discord.world.truth, ({ guildId }) => guildId);
  return await Promise.all(
    stage.guildIds.map(async (guildId) => {
      const rows = await stage.store.ledger.byGuild(guildId as GuildId, { limit: 1_000_000 });
      return guildEnd(stage, guildId, rows, truths.get(guildId) ?? []);
    }),
  );
}

function guildEnd(
  stage: Stage,
  guildId: string,
  entries: readonly LedgerEntry[],
  truths: readonly TruthRecord[],
): GuildEnd {
  const record = stage.recorder.of(guildId);
  // Members from before the bot, and the bot itself, whom the backfill brings in.
  const rows = entries.filter(({ attribution }) => attribution.joinedAt > START);
  const gaps = record.journal.filter((observation) => observation.kind === 'gap');
  const { rowOf, truthOf } = pairs(rows, truths);
  const unseen = truths.filter((truth) => !rowOf.has(truth));
  const features = stage.discord.world.guilds.get(guildId)?.features;
  return {
    guildId,
    approval: features?.has('MEMBER_VERIFICATION_MANUAL_APPROVAL') ?? false,
    logIsWhole: isLogWhole(stage, guildId),
    record,
    rows,
    truths,
    gaps,
    rowOf,
    truthOf,
    unseen,
    doubtful: doubtBy(record.journal, truths, unseen),
  };
}

function isLogWhole({ guildIds, script }: Stage, guildId: string): boolean {
  const index = guildIds.indexOf(guildId);
  const named = script.guilds[index]?.channels ?? [];
  const log = named.find((channel) => typeof channel !== 'string' && channel.name === 'join-logs');
  if (log === undefined || typeof log === 'string') return false;
  return !script.entries.some(({ guild, ...entry }) => {
    if (guild !== index || !('deed' in entry)) return false;
    const { deed } = entry;
    if (deed.kind === 'permissions') return !deed.names.includes('SEND_MESSAGES');
    return deed.kind === 'outage' || (deed.kind === 'delete-channel' && deed.channelId === log.id);
  });
}

function pairs(rows: readonly LedgerEntry[], truths: readonly TruthRecord[]) {
  const rowOf = new Map<TruthRecord, LedgerEntry>();
  const truthOf = new Map<LedgerEntry, TruthRecord>();
  const byKey = new Map(truths.map((truth) => [joinKey(truth.userId, truth.joinedAtMs), truth]));
  const pair = (row: LedgerEntry, truth: TruthRecord): void => {
    rowOf.set(truth, row);
    truthOf.set(row, truth);
  };
  for (const row of rows) {
    const { userId, joinedAt } = row.attribution;
    const truth = byKey.get(joinKey(userId, joinedAt));
    if (truth !== undefined) pair(row, truth);
  }
  // Where the first event was lost, a repeated one with a shifted time stands for it (rule 6).
  const left = truths.filter((truth) => !rowOf.has(truth));
  for (const row of left.length === 0 ? [] : rows) {
    const { userId, joinedAt } = row.attribution;
    if (truthOf.has(row)) continue;
    const near = left.find(
      (truth) =>
        truth.userId === userId &&
        !rowOf.has(truth) &&
        Math.abs(truth.joinedAtMs - joinedAt) < SAME_JOIN_MS,
    );
    if (near !== undefined) pair(row, near);
  }
  return { rowOf, truthOf };
}

/** The gap in which the event of this join may have been lost, if one was named. */
export function gapFor({ gaps }: GuildEnd, { joinedAtMs }: TruthRecord): Gap | undefined {
  return gaps.find(
    ({ from, to }) =>
      from - EVENT_DELAY_MS - 2 * CLOCK_ERROR_MS <= joinedAtMs && joinedAtMs <= to + CLOCK_ERROR_MS,
  );
}

const REACH_MS = COUNT_LAG_MS + 2 * CLOCK_ERROR_MS;

/**
 * The admitted worlds are those that take the most counted uses (2.3). Where somebody unseen made
 * one, they give it to somebody seen, and so on to all whose uses hang together with it: then the
 * truth need not be among the candidates. It is again from the next list on that lies so far from
 * every join that no world moves one across it, with the vanity counter read as well.
 */
function doubtBy(
  journal: readonly Observation[],
  truths: readonly TruthRecord[],
  unseen: readonly TruthRecord[],
): (joinedAt: number) => boolean {
  const missed = unseen.filter(
    ({ origin }) => origin.kind === 'invite' || origin.kind === 'vanity',
  );
  if (missed.length === 0) return () => false;
  const times = truths.map(({ joinedAtMs }) => joinedAtMs).sort((a, b) => a - b);
  const quiet = (from: number, to: number): boolean => !times.some((at) => from <= at && at <= to);
  const cuts = journal
    .filter((each) => each.kind === 'invites')
    .filter(({ complete, invites }) => complete && invites.every(({ uses }) => uses !== null))
    .filter(({ requestedAt, at }) => quiet(requestedAt - REACH_MS, at + CLOCK_ERROR_MS))
    .map(({ at }) => at);
  const readings = journal
    .filter((each) => each.kind === 'vanity')
    .filter(({ uses }) => uses !== null);
  const byVanity = truths.filter(({ origin }) => origin.kind === 'vanity');
  /** The next cut after which no use of these is still to be counted. */
  const cutAfter = (joined: readonly TruthRecord[]): number => {
    const counted = joined.map(({ joinedAtMs, origin }) =>
      origin.kind === 'invite'
        ? joinedAtMs
        : (readings.find(({ at }) => at > joinedAtMs + REACH_MS)?.at ?? Number.POSITIVE_INFINITY),
    );
    const last = Math.max(...counted);
    return cuts.find((at) => at > last + REACH_MS) ?? Number.POSITIVE_INFINITY;
  };
  const cutBefore = (moment: number): number => cuts.findLast((at) => at < moment) ?? 0;
  /** The last cut before which no use of this step of the vanity counter can lie. */
  const stepBefore = ({ joinedAtMs }: TruthRecord): number =>
    cutBefore(readings.findLast(({ at }) => at < joinedAtMs)?.requestedAt ?? 0);
  const spans = missed.map((unheard) => {
    let from = cutBefore(unheard.joinedAtMs);
    let to = cutAfter([unheard]);
    for (let known = 0; known < to - from; ) {
      known = to - from;
      // Whoever is given the use of somebody unheard leaves their own to others of its step.
      const within = byVanity.filter(({ joinedAtMs }) => from <= joinedAtMs && joinedAtMs <= to);
      from = Math.min(from, ...within.map(stepBefore));
      to = Math.max(to, cutAfter([unheard, ...within]));
    }
    return { from, to };
  });
  return (joinedAt) => spans.some(({ from, to }) => from <= joinedAt && joinedAt <= to);
}
