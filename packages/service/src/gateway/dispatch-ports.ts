import type { Clock, GuildId, Profile, Tracker } from 'wherefrom';
import type { Removal } from '../ports.ts';
import type { Absences } from './absences.ts';
import type { GuildDirectory } from './guild-directory.ts';
import type { ResumePoint } from './resume-point.ts';

/** What an operator may want to read; the message comes with its guild. */
export interface DispatchLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What the events of the gateway go into. */
export interface DispatchPorts {
  readonly clock: Clock;
  readonly tracker: Pick<Tracker, 'observe' | 'known'>;
  readonly directory: GuildDirectory;
  readonly absences: Absences;
  readonly resume: ResumePoint;
  /** Names of people, for the join log. */
  readonly seen: (profile: Profile) => void;
  /** The audit log told why a member is gone. */
  readonly removed: (removal: {
    readonly guildId: GuildId;
    readonly userId: Profile['userId'];
    readonly removal: Removal;
    readonly at: number;
  }) => void;
  /** When an earlier process last heard this shard, or null. */
  readonly lastAlive: (shardId: number) => number | null;
  /**
   * Guilds whose engine heard another setting of member search, from an earlier process. None if it
   * is left out.
   */
  readonly searchOutdated?: () => readonly GuildId[];
  readonly log: DispatchLog;
}
