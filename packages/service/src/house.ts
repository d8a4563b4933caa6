import {
  createTracker,
  type GuildStep,
  type Profile,
  type SearchMode,
  type Tracker,
  type TrackerReport,
  type UserId,
} from 'wherefrom';
import type { Backfill } from './backfill/backfill.ts';
import type { DiscordClock } from './clock/discord-clock.ts';
import { Absences } from './gateway/absences.ts';
import { Dispatch } from './gateway/dispatch.ts';
import { GuildDirectory } from './gateway/guild-directory.ts';
import { describeGuild, restore } from './gateway/restore.ts';
import { ResumePoint } from './gateway/resume-point.ts';
import type { StepFollower, StoredSession } from './gateway/resume-rows.ts';
import { Outbox } from './join-log/outbox.ts';
import { RecentNames } from './join-log/recent-names.ts';
import { RecentRemovals } from './join-log/recent-removals.ts';
import { MemberRecords } from './member-records.ts';
import type { DiscordRest } from './rest/discord-rest.ts';
import { RestInviteSource } from './rest/rest-invite-source.ts';
import { RestMemberList } from './rest/rest-member-list.ts';
import { RestMessages } from './rest/rest-messages.ts';
import { Care } from './startup-care.ts';
import type { Log } from './startup-log.ts';
import type { Database } from './storage/database.ts';
import { JournalRows } from './storage/journal-rows.ts';
import { SqliteResumeRows } from './storage/sqlite-resume-rows.ts';
import { createSqliteStore, type SqliteStore } from './storage/sqlite-store.ts';

/** What the house stands on: the world outside, which a simulation replaces. */
export interface Ground {
  readonly clock: DiscordClock;
  readonly rest: DiscordRest;
  readonly database: Database;
  /** Whose gateway sessions are kept: see `SqliteResumeRows`. */
  readonly connection: string;
  readonly memberSearch: SearchMode;
  /** Whether the steps are recorded; they are not, if not given. */
  readonly journal?: boolean;
  readonly log: Log;
  /** Called after each stored step, with its journal. */
  readonly committed: (step: GuildStep) => void;
  readonly reported: (report: TrackerReport) => void;
  /** Stands before the resume point in the transaction of each step; itself, if not given. */
  readonly follow?: (follower: StepFollower) => StepFollower;
}

/** All rooms of the service, each with what it needs of the others. */
export interface House {
  readonly directory: GuildDirectory;
  readonly store: SqliteStore;
  readonly joinLog: Outbox;
  readonly tracker: Tracker;
  readonly dispatch: Dispatch;
  readonly care: Care;
  /** Null while member search is off. */
  readonly backfill: Backfill | null;
  /** Brings back what an earlier process of this bot stored; answers the sessions worth resuming. */
  readonly restore: (me: UserId) => readonly StoredSession[];
}

/** Puts the service together. Nothing runs before its connection is opened. */
export function buildHouse(ground: Ground): House {
  const { clock, rest, log } = ground;
  const memory = memoryOf(ground);
  const { directory, absences, resume, rows, store, seen } = memory;
  const joinLog = joinLogOf(ground, memory);
  const isOff = ground.memberSearch === 'off';
  const records = isOff ? null : new MemberRecords({ clock, rest, directory, log });
  const tracker = createTracker({
    clock,
    ...(records === null ? {} : { search: records.search }),
    source: new RestInviteSource({ rest, now: () => clock.now(), seen }),
    members: new RestMemberList({ rest, myId: () => directory.myId, seen }),
    store: store.guildStore,
    committed: (step) => {
      joinLog.committed(step);
      backfill?.committed(step);
      ground.committed(step);
    },
    report: ground.reported,
  });
  const backfill = records?.backfill(store, tracker) ?? null;
  const lastAlive = (shardId: number): number | null => store.alive.lastAlive(shardId);
  const removed: ConstructorParameters<typeof Dispatch>[0]['removed'] = (removal) =>
    joinLog.noteRemoval(removal);
  const told = { clock, directory, absences, resume, lastAlive, log };
  const searchOutdated = () => store.searchFigures.outdated(ground.memberSearch);
  const dispatch = new Dispatch({ ...told, tracker, seen, removed, searchOutdated });
  const care = new Care({ clock, rest, tracker, store, dispatch, resume, log });
  const now = (): number => clock.now();
  return {
    directory,
    store,
    joinLog,
    tracker,
    dispatch,
    care,
    backfill,
    restore: (me) => restore({ ...told, rows, dispatch, now }, me),
  };
}

/** What is kept: in the file, and beside it in memory. */
function memoryOf(ground: Ground) {
  const { clock, database, connection, memberSearch, journal, follow = (same) => same } = ground;
  const directory = new GuildDirectory(memberSearch);
  const absences = new Absences();
  const names = new RecentNames();
  const removals = new RecentRemovals();
  const rows = new SqliteResumeRows(database, connection);
  const resume = new ResumePoint({
    rows,
    describe: (guildId) => describeGuild(guildId, directory, absences),
    membersAt: (guildId, sequence) => directory.membersAt(guildId, sequence),
    now: () => clock.now(),
  });
  const lines = { channels: directory, names, removals };
  const recording = journal === true ? [new JournalRows(database.sqlite)] : [];
  const store = createSqliteStore(database, lines, follow(resume), ...recording);
  const seen = ({ userId, displayName }: Profile): void => names.note(userId, displayName);
  return { directory, absences, names, removals, rows, resume, store, seen };
}

function joinLogOf(
  { clock, rest, log }: Ground,
  { directory, names, removals, store }: ReturnType<typeof memoryOf>,
): Outbox {
  return new Outbox({
    clock,
    store: store.outbox,
    messages: new RestMessages({
      rest,
      myId: () => directory.myId,
      isHere: (guildId) => directory.has(guildId),
      mayReadHistory: (channelId) => directory.mayReadHistory(channelId),
    }),
    names,
    removals,
    report: (report) => log.warn(report, 'the join log has a problem'),
  });
}
