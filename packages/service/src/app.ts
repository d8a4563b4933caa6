import { setTimeout as sleep } from 'node:timers/promises';
import type { GuildStep, Tracker } from 'wherefrom';
import type { Backfill } from './backfill/backfill.ts';
import { DiscordClock } from './clock/discord-clock.ts';
import { type Config, readTokenFile } from './config.ts';
import { INTENTS, openGateway } from './gateway/gateway.ts';
import type { GuildDirectory } from './gateway/guild-directory.ts';
import { SessionStore } from './gateway/session-store.ts';
import { buildHouse, type Ground, type House } from './house.ts';
import type { Outbox } from './join-log/outbox.ts';
import { createDiscordRest, type DiscordRest } from './rest/discord-rest.ts';
import { type ServiceError, terminalText } from './service-error.ts';
import { identifyBot, inviteText, memberSearchText } from './startup.ts';
import { Connection } from './startup-connection.ts';
import { createLog, type Log } from './startup-log.ts';
import { openDatabase } from './storage/database.ts';
import type { SqliteStore } from './storage/sqlite-store.ts';

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
  /** Null while member search is off. */
  readonly backfill: Backfill | null;
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
  const { store, joinLog, tracker, directory, clock, rest, care, backfill } = house;
  log.info({ file: config.databasePath }, 'the database is open');
  if (config.journal) log.info('what is observed is recorded in the journal (docs/journal.md)');
  const connection = connect(config, token, log, house);
  connection.start();
  let stopped: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    await connection.stop();
    care.stop();
    backfill?.stop();
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
    backfill,
    stop: stopOnce,
    [Symbol.asyncDispose]: stopOnce,
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

/** The house on its real ground: sockets, the wall clock and a file. */
async function build(
  config: Config,
  token: Token,
  log: Log,
  committed: ServiceOptions['committed'],
): Promise<Ground & House> {
  const clock: DiscordClock = new DiscordClock({
    onDoubt: (jumpMs) => {
      log.warn(
        { jumpMs: Math.round(jumpMs) },
        'a clock has jumped: answers are likely at most now',
      );
      house.dispatch.clockDoubted();
    },
  });
  const ground: Ground = {
    clock,
    rest: createDiscordRest({ token: token.current, apiUrl: config.apiUrl, clock }),
    database: await openDatabase(config.databasePath),
    connection: `${config.apiUrl} ${INTENTS}`,
    memberSearch: config.memberSearch,
    journal: config.journal,
    log,
    committed: committed ?? (() => {}),
    reported: (report) => log.error(report, 'a step of a guild failed'),
  };
  const house: House = buildHouse(ground);
  return { ...ground, ...house };
}

function connect(config: Config, token: Token, log: Log, house: Ground & House): Connection {
  const { rest, dispatch, joinLog, care, store, backfill } = house;
  const sessions = new SessionStore();
  const isNew = store.alive.lastAlive() === null;
  let isRestored = false;
  let isFirst = true;
  return new Connection({
    identify: async () => {
      rest.setToken(token.refresh());
      const identity = await identifyBot(rest, config.apiUrl);
      // Once: later tries of this process know more than what an earlier one stored.
      if (!isRestored && identity.userId !== null) sessions.restore(house.restore(identity.userId));
      isRestored = true;
      return identity;
    },
    open: () => openGateway({ rest, token: token.current, dispatch, sessions, log }),
    connected: ({ name, application }) => {
      log.info(`connected as ${name}`);
      if (!isFirst) return;
      isFirst = false;
      log.info(inviteText(application.id));
      if (isNew) log.info(memberSearchText(config.memberSearch));
      joinLog.start();
      care.start();
      backfill?.start();
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
