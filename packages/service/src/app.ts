import { setTimeout as sleep } from 'node:timers/promises';
import { createTracker, type GuildStep, type Profile, type Tracker, type UserId } from 'wherefrom';
import { DiscordClock } from './clock/discord-clock.ts';
import { type Config, readTokenFile } from './config.ts';
import { Absences } from './gateway/absences.ts';
import { Dispatch } from './gateway/dispatch.ts';
import { INTENTS, openGateway } from './gateway/gateway.ts';
import { GuildDirectory } from './gateway/guild-directory.ts';
import { describeGuild, restore } from './gateway/restore.ts';
import { ResumePoint } from './gateway/resume-point.ts';
import { SessionStore } from './gateway/session-store.ts';
import { Outbox } from './join-log/outbox.ts';
import { RecentNames } from './join-log/recent-names.ts';
import { RecentRemovals } from './join-log/recent-removals.ts';
import { createDiscordRest, type DiscordRest } from './rest/discord-rest.ts';
import { RestInviteSource } from './rest/rest-invite-source.ts';
import { RestMemberList } from './rest/rest-member-list.ts';
import { RestMessages } from './rest/rest-messages.ts';
import { type ServiceError, terminalText } from './service-error.ts';
import { identifyBot, inviteText } from './startup.ts';
import { Care } from './startup-care.ts';
import { Connection } from './startup-connection.ts';
import { createLog, type Log } from './startup-log.ts';
import { openDatabase } from './storage/database.ts';
import { SqliteResumeRows } from './storage/sqlite-resume-rows.ts';
import { createSqliteStore, type SqliteStore } from './storage/sqlite-store.ts';

/** How long a stop waits for open requests, and again for unsent lines. */
const DRAIN_MS = 5_000;

export interface ServiceOptions {
  /** Standard output in the format of the configuration, if not given. */
  readonly log?: Log;
  /** Called after each stored step, with its journal: for tests and the demo. */
  readonly committed?: (step: GuildStep) => void;
}

/** The running bot. */
export interface Service extends AsyncDisposable {
  /** Resolves when all shards have a session; until then it keeps trying. */
  readonly ready: Promise<void>;
  readonly tracker: Tracker;
  readonly store: SqliteStore;
  readonly joinLog: Outbox;
  readonly directory: GuildDirectory;
  readonly clock: DiscordClock;
  readonly rest: DiscordRest;
  /** Disconnects, waits a moment for what is under way, and saves. A second call is the first. */
  stop(): Promise<void>;
}

/**
 * Builds and starts the service: the composition root.
 * @throws ServiceError where trying again is no use: the storage cannot be opened
 */
export async function startService(config: Config, options: ServiceOptions = {}): Promise<Service> {
  const token = new Token(config);
  const log = options.log ?? createLog(config, () => token.current);
  const house = await build(config, token, log, options.committed);
  const { store, joinLog, tracker, directory, clock, rest, care } = house;
  log.info({ file: config.databasePath }, 'the database is open');
  const connection = connect(config, token, log, house);
  connection.start();
  let stopped: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    await connection.stop();
    care.stop();
    await Promise.race([tracker.drain(), sleep(DRAIN_MS, undefined, { ref: false })]);
    await tracker.stop();
    await joinLog.drain(DRAIN_MS);
    care.markAlive(tracker.health().failingGuilds === 0);
    care.flushResumePoint();
    clock.close();
    store.close();
    log.info('stopped');
  };
  const stopOnce = (): Promise<void> => {
    stopped ??= stop();
    return stopped;
  };
  return {
    ready: connection.ready,
    tracker,
    store,
    joinLog,
    directory,
    clock,
    rest,
    stop: stopOnce,
    [Symbol.asyncDispose]: stopOnce,
  };
}

function once<Argument>(work: (argument: Argument) => void): (argument: Argument) => void {
  let done = false;
  return (argument) => {
    if (done) return;
    done = true;
    work(argument);
  };
}

/** The token, read again from its file before each try to connect. */
class Token {
  readonly #file: string | null;
  current: string;

  constructor({ token, tokenFile }: Config) {
    this.current = token;
    this.#file = tokenFile;
  }

  refresh(): string {
    if (this.#file !== null) this.current = readTokenFile(this.#file);
    return this.current;
  }
}

type House = Omit<Service, 'ready' | 'stop' | typeof Symbol.asyncDispose> & {
  readonly dispatch: Dispatch;
  readonly care: Care;
  readonly sessions: SessionStore;
  /** Brings back what an earlier process of this bot stored, once. */
  readonly restored: (me: UserId) => void;
};

async function build(
  config: Config,
  token: Token,
  log: Log,
  committed: ServiceOptions['committed'],
): Promise<House> {
  const clock: DiscordClock = new DiscordClock({
    onDoubt: (jumpMs) => {
      log.warn(
        { jumpMs: Math.round(jumpMs) },
        'a clock has jumped: answers are likely at most now',
      );
      dispatch.clockDoubted();
    },
  });
  const rest = createDiscordRest({ token: token.current, apiUrl: config.apiUrl, clock });
  const directory = new GuildDirectory();
  const names = new RecentNames();
  const removals = new RecentRemovals();
  const seen = ({ userId, displayName }: Profile): void => names.note(userId, displayName);
  const absences = new Absences();
  const database = await openDatabase(config.databasePath);
  const rows = new SqliteResumeRows(database, `${config.apiUrl} ${INTENTS}`);
  const resume = new ResumePoint({
    rows,
    describe: (guildId) => describeGuild(guildId, directory, absences),
    membersOf: (guildId) => directory.membersOf(guildId),
    now: () => clock.now(),
  });
  const store = createSqliteStore(database, { channels: directory, names, removals }, resume);
  const joinLog = new Outbox({
    clock,
    store: store.outbox,
    messages: new RestMessages({ rest, myId: () => directory.myId }),
    names,
    removals,
    report: (report) => log.warn(report, 'the join log has a problem'),
  });
  const tracker = createTracker({
    clock,
    source: new RestInviteSource({ rest, now: () => clock.now(), seen }),
    members: new RestMemberList({ rest, myId: () => directory.myId, seen }),
    store: store.guildStore,
    committed: (step) => {
      joinLog.committed(step);
      committed?.(step);
    },
    report: (report) => log.error(report, 'a step of a guild failed'),
  });
  const dispatch: Dispatch = new Dispatch({
    clock,
    tracker,
    directory,
    absences,
    resume,
    seen,
    removed: (removal) => joinLog.noteRemoval(removal),
    lastAlive: (shardId) => store.alive.lastAlive(shardId),
    log,
  });
  const care = new Care({ clock, rest, tracker, store, dispatch, resume, log });
  const lastAlive = (shardId: number): number | null => store.alive.lastAlive(shardId);
  const restoring = { rows, resume, directory, absences, dispatch, lastAlive, log };
  const sessions = new SessionStore();
  const restored = once((me: UserId) =>
    sessions.restore(restore({ ...restoring, now: () => clock.now() }, me)),
  );
  return { clock, rest, directory, store, joinLog, tracker, dispatch, care, sessions, restored };
}

function connect(config: Config, token: Token, log: Log, house: House): Connection {
  const { rest, dispatch, joinLog, care, sessions } = house;
  let isFirst = true;
  return new Connection({
    identify: async () => {
      rest.setToken(token.refresh());
      const identity = await identifyBot(rest, config.apiUrl);
      if (identity.userId !== null) house.restored(identity.userId);
      return identity;
    },
    open: () => openGateway({ rest, token: token.current, dispatch, sessions, log }),
    connected: ({ name, application }) => {
      log.info(`connected as ${name}`);
      if (!isFirst) return;
      isFirst = false;
      log.info(inviteText(application.id));
      joinLog.start();
      care.start();
    },
    failed: (error, retryInMs, repeated) => tellFailure(log, error, retryInMs, repeated),
    pause: (delayMs, stopped) => pause(delayMs, stopped),
  });
}

// The whole advice once, then one line per try.
function tellFailure(log: Log, error: ServiceError, retryInMs: number, repeated: boolean): void {
  const { code } = error;
  const next = `next try in ${Math.round(retryInMs / 1000)} s`;
  if (repeated) log.warn({ code }, `${error.message} (${next})`);
  else log.error({ code }, `${terminalText(error)}\n  (${next})`);
}

async function pause(delayMs: number, stopped: Promise<void>): Promise<void> {
  const cancel = new AbortController();
  const waited = sleep(delayMs, undefined, { signal: cancel.signal }).catch(() => {});
  await Promise.race([waited, stopped]);
  cancel.abort();
}
