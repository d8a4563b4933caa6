import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createPrng,
  type Emulator,
  type InviteSpec,
  type Prng,
  startEmulator,
  type TruthRecord,
  type Via,
} from '@wherefrom/emulator';
import type { Answer } from './answer.ts';
import { BotProcess } from './bot-process.ts';
import type { Entry } from './contestants.ts';
import type { Doorway } from './doorway.ts';

/** The same for everybody. Rate limits are the emulator's own: 50 requests a second in all. */
const DISCORD = { latencyMs: [30, 90], eventDelayMs: [0, 60] } as const;

/** How long a start may take before the story goes on without it. */
const START_MS = 30_000;
/** How long requests may go on before they are taken for something else. */
const DRAIN_MS = 15_000;
/** Whatever has to be read again after a restart has been read after so long. */
const RESTART_MS = 6_000;
/** No request is open, and none was for so long. */
const IDLE_MS = 300;
/** A client that keeps to 50 requests a second may be silent for a second with more to ask. */
const QUEUE_MS = 1_200;
/** So few requests are nobody's queue. */
const QUEUED_FROM = 40;
/** After so long without a request or an answer nothing more will come. */
const SILENCE_MS = 4_500;
/** Discord's own record is asked for 5, 15 and 45 s after a join. */
const RECORD_MS = 35_000;
/** The longest that anybody is waited for after the last join. */
const END_MS = 120_000;
const LOOK_MS = 50;

export interface StageOptions extends Entry {
  readonly seed: number;
  readonly ending: AbortSignal;
  readonly doorway: Doorway;
}

/** What a guild of a story starts with. */
export interface TownSpec {
  /** Unlimited invites with some uses already. */
  readonly codes: readonly string[];
  readonly vanity?: string;
  readonly invites?: readonly InviteSpec[];
}

/** A join of the story, and whether there was a process to hear of it. */
export interface StagedJoin {
  readonly truth: TruthRecord;
  readonly wasHeard: boolean;
}

/** One tracker in one story: an emulator, a process and a folder of its own. */
export class Stage implements AsyncDisposable {
  readonly emulator: Emulator;
  readonly chance: Prng;
  readonly joins: StagedJoin[] = [];
  readonly answers: Answer[] = [];
  /** Errors that ended the process, or would have. */
  readonly crashes: string[] = [];
  /** Requests of the starts, as indexes into the emulator's: from the first until behind the last. */
  readonly starts: (readonly [from: number, until: number])[] = [];
  readonly #options: StageOptions;
  readonly #folder: string;
  #bot: BotProcess | null = null;
  #lastHeardMs = 0;

  private constructor(options: StageOptions, emulator: Emulator, folder: string) {
    this.#options = options;
    this.#folder = folder;
    this.emulator = emulator;
    this.chance = createPrng(options.seed);
  }

  static async open(options: StageOptions): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), 'wherefrom-peers-'));
    const emulator = await startEmulator({ ...DISCORD, seed: options.seed });
    return new Stage(options, emulator, folder);
  }

  /** A guild whose inviters are its members. */
  town({ codes, vanity, invites = [] }: TownSpec): string {
    const { guildId } = this.emulator.act({
      kind: 'createGuild',
      ...(vanity === undefined ? {} : { vanity: { code: vanity, uses: 40 } }),
    });
    const used = codes.map((code) => ({ code, uses: Math.floor(this.chance.next() * 30) }));
    for (const invite of [...used, ...invites]) {
      const via = { kind: 'none' } as const;
      const inviterId = this.emulator.act({ kind: 'join', guildId, via }).userId;
      this.emulator.act({ kind: 'createInvite', guildId, inviterId, ...invite });
    }
    return guildId;
  }

  /** Starts the process and does not wait until it is ready. */
  async launch(): Promise<void> {
    const { contestant, setUp, doorway } = this.#options;
    this.#bot = await BotProcess.open({
      contestant,
      setUp,
      apiUrl: this.emulator.apiUrl,
      token: this.emulator.token,
      folder: this.#folder,
      doorway,
      heard: (report) => {
        this.#lastHeardMs = Date.now();
        if (report.kind === 'answer') this.answers.push(report);
        if (report.kind === 'caught') this.crashes.push(report.text);
      },
      crashed: (text) => this.crashes.push(text),
    });
  }

  /** Starts the process and waits until it has read what it reads at a start. */
  async start(): Promise<void> {
    const from = this.emulator.requests.length;
    const isFirst = this.starts.length === 0;
    await this.launch();
    await this.until(() => this.#bot?.state !== 'starting', START_MS);
    if (isFirst) await this.until(() => this.#isLost || this.listsMissing() === 0, START_MS);
    else await this.pause(RESTART_MS);
    await this.#drained();
    this.starts.push([from, this.emulator.requests.length]);
  }

  get #isLost(): boolean {
    return this.#bot?.state === 'lost';
  }

  /** When the last start was announced to be over; null if none was. */
  get readyAtMs(): number | null {
    return this.#bot?.readyAtMs ?? null;
  }

  /** How many guilds have not had their invites read yet. */
  listsMissing(): number {
    const read = this.emulator.requests
      .filter(({ route, status }) => route === 'GET /guilds/:guild/invites' && status === 200)
      .map(({ guildId }) => guildId);
    return this.emulator.world.guilds.size - new Set(read).size;
  }

  /** Ends the process as a deployment would. */
  async stop(): Promise<void> {
    await this.#bot?.stop();
    this.#bot = null;
  }

  join(guildId: string, via: Via, userId?: string): string {
    const wasHeard = this.#bot !== null && !this.#isLost;
    const details = userId === undefined ? {} : { userId };
    const joined = this.emulator.act({ kind: 'join', guildId, via, ...details });
    this.joins.push({ truth: this.emulator.truth().at(-1)!, wasHeard });
    return joined.userId;
  }

  /** Somebody joins by an invite. */
  by(guildId: string, code: string): string {
    return this.join(guildId, { kind: 'invite', code });
  }

  /** Time passes, unless nobody is there any more to notice. */
  async pause(ms: number): Promise<void> {
    const { ending } = this.#options;
    if (this.#isLost) ending.throwIfAborted();
    else await sleep(ms, undefined, { signal: ending });
  }

  /** Resolves once the predicate holds, or after so long anyway. */
  async until(holds: () => boolean, atMostMs: number): Promise<void> {
    const deadline = performance.now() + atMostMs;
    while (!holds() && performance.now() < deadline) {
      await sleep(LOOK_MS, undefined, { signal: this.#options.ending });
    }
  }

  /** Waits until every answer has come that will come. */
  async settle(): Promise<void> {
    await this.until(() => this.#isLost || this.#isQuiet(), END_MS);
    await this.#drained();
  }

  // What has not ended by then is no part of an answer: wherefrom's backfill may take minutes.
  async #drained(): Promise<void> {
    const asked = this.emulator.requests.length;
    const idleMs = asked < QUEUED_FROM ? IDLE_MS : QUEUE_MS;
    await this.emulator.settled({ idleMs, timeoutMs: DRAIN_MS }).catch(() => {});
  }

  // A last word on every join, or a long silence in which none is announced.
  #isQuiet(): boolean {
    const last = new Map<string, Answer>();
    for (const answer of this.answers) last.set(keyOf(answer), answer);
    if ([...last.values()].some(({ settled }) => !settled)) return false;
    const asksLater = this.#options.setUp === 'member search';
    const isOpen = this.joins.some(({ truth }) => {
      const kind = last.get(keyOf(truth))?.said.kind;
      return kind === undefined || (asksLater && kind !== 'named');
    });
    const request = this.emulator.requests.at(-1);
    const replied = request?.repliedAtMs ?? Date.now();
    const silentMs = Date.now() - Math.max(this.#lastHeardMs, replied);
    return !isOpen || silentMs > (asksLater ? RECORD_MS : SILENCE_MS);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#bot?.kill();
    await this.emulator.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** The same for an answer and the truth of the same join. */
export function keyOf({
  guildId,
  userId,
  joinedAtMs,
}: {
  readonly guildId: string;
  readonly userId: string;
  readonly joinedAtMs: number;
}): string {
  return `${guildId}/${userId}/${joinedAtMs}`;
}
