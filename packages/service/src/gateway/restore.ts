import type { GuildId, UserId } from 'wherefrom';
import type { Absences } from './absences.ts';
import type { Dispatch } from './dispatch.ts';
import type { DispatchLog } from './dispatch-ports.ts';
import type { GuildDirectory } from './guild-directory.ts';
import type { ResumePoint } from './resume-point.ts';
import type { DirectoryRow, ResumeRows, StoredGuild, StoredSession } from './resume-rows.ts';

/** What is stored of a guild: what it told, and why it is away. Null if neither is known. */
export function describeGuild(
  guildId: GuildId,
  directory: GuildDirectory,
  absences: Absences,
): DirectoryRow | null {
  const away = absences.of(guildId);
  const shardId = directory.shardOf(guildId) ?? away?.shardId ?? null;
  // Of a guild that we were removed from nothing is kept: it counts as first seen when it returns.
  if (shardId === null || away?.cause === 'removed') return null;
  const absence = away === null ? null : { cause: away.cause, from: away.from };
  return { guildId, shardId, entry: directory.describe(guildId), absence };
}

/** Nobody keeps a session for longer; a try would only cost the time of a refusal. */
const WORTH_A_TRY_MS = 60 * 60_000;

export interface RestorePorts {
  readonly rows: ResumeRows;
  readonly resume: ResumePoint;
  readonly directory: GuildDirectory;
  readonly absences: Absences;
  readonly dispatch: Pick<Dispatch, 'restored'>;
  readonly lastAlive: (shardId: number) => number | null;
  readonly now: () => number;
  readonly log: DispatchLog;
}

/**
 * Brings back what an earlier process knew of its guilds. Answers the sessions that are worth
 * resuming: their shards count as lost until RESUMED or READY. What cannot be read is left out, and
 * then no session is resumed: a new one tells everything again.
 */
export function restore(ports: RestorePorts, me: UserId): readonly StoredSession[] {
  const { rows, resume, directory, log } = ports;
  const stored = rows.sessions().filter((session) => session.me === me);
  if (stored.length === 0) return [];
  directory.become(me);
  const shards = new Set(stored.map(({ shardId }) => shardId));
  const guilds = rows.guilds().filter(({ shardId }) => shards.has(shardId));
  if (!readGuilds(ports, guilds)) return [];
  const sessions = stored.filter((session) => isFresh(ports, session));
  resume.restore(sessions, guilds);
  const unfinished = new Set(rows.unfinished());
  for (const { shardId } of sessions) {
    const waiting = directory.ofShard(shardId).filter((guildId) => unfinished.has(guildId));
    ports.dispatch.restored(shardId, waiting);
  }
  if (sessions.length > 0) log.debug({ guilds: directory.size }, 'a session may be resumed');
  return sessions;
}

/** A guild in an outage holds `lastAlive` back, a quiet session does not move: the later counts. */
function isFresh({ lastAlive, now }: RestorePorts, { shardId, at }: StoredSession): boolean {
  return now() - Math.max(at, lastAlive(shardId) ?? 0) < WORTH_A_TRY_MS;
}

function readGuilds(
  { directory, absences, log }: RestorePorts,
  guilds: readonly StoredGuild[],
): boolean {
  try {
    for (const { guildId, shardId, entry, members, absence } of guilds) {
      if (entry !== null) directory.restore(guildId, shardId, entry, members);
      if (absence !== null) absences.restore(guildId, shardId, absence);
    }
    return true;
  } catch (cause) {
    log.warn({ cause }, 'the stored facts of a guild cannot be read: beginning a new session');
    for (const { guildId } of guilds) {
      directory.remove(guildId);
      absences.end(guildId);
    }
    return false;
  }
}
