import type { Effect, Note } from '../engine/effect.ts';
import { step } from '../engine/engine.ts';
import type { GuildId, InviteCode } from '../engine/ids.ts';
import type { Observation } from '../engine/observation.ts';
import { emptyState, type GuildState } from '../engine/state.ts';
import { Completion } from './completion.ts';
import type {
  Clock,
  GuildStep,
  GuildStore,
  MemberChange,
  Receipt,
  TrackerReport,
} from './ports.ts';
import { createRequests, type RequestShell, type Requests } from './requests.ts';

/** What the lanes of all guilds share. */
export interface LaneShell extends RequestShell {
  counted(note: Note): void;
  /** The lane has nothing left to do; perhaps the whole tracker has not. */
  rested(): void;
}

/** One guild: its observations in order, its engine, its effects. */
export interface Lane {
  observe(observation: Observation, receipt?: Receipt): void;
  busy(): boolean;
  started(): boolean;
  failing(): boolean;
  firstList(): 'not-wanted' | 'wanted' | 'read';
  stop(): Promise<void>;
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
/** Observations of one commit: bounded, so that a flood of one guild lets others in between. */
const BATCH = 256;

type Queued = { readonly observation: Observation; readonly receipt: Receipt | null };
/** What the engine was given for one observation that was queued: nearly always just that. */
type Observed = { readonly observed: readonly Observation[]; readonly receipt: Receipt | null };
type Stepped = ReturnType<typeof step> & Pick<Observed, 'observed'>;
type Taken = { readonly step: GuildStep; readonly effects: readonly Effect[] };

export function createLane(guildId: GuildId, shell: LaneShell): Lane {
  return new GuildLane(guildId, shell);
}

class GuildLane implements Lane {
  readonly #guildId: GuildId;
  readonly #shell: LaneShell;
  readonly #clock: Clock;
  readonly #store: GuildStore;
  readonly #requests: Requests;
  readonly #queue: Queued[] = [];
  readonly #waiters: (() => void)[] = [];
  /** Observations that hold what the store knew of their member before any try to store them. */
  readonly #completed = new WeakSet<Observation>();
  #state: GuildState | null = null;
  #running = false;
  #stopping = false;
  #failures = 0;
  #firstList: ReturnType<Lane['firstList']> = 'not-wanted';
  #withdrawWake = (): void => {};
  #withdrawRetry = (): void => {};

  constructor(guildId: GuildId, shell: LaneShell) {
    this.#guildId = guildId;
    this.#shell = shell;
    this.#clock = shell.ports.clock;
    this.#store = shell.ports.store;
    this.#requests = createRequests(guildId, shell, (observation) => this.observe(observation));
  }

  observe(observation: Observation, receipt: Receipt | null = null): void {
    if (observation.kind === 'invites' && this.#firstList === 'wanted') this.#firstList = 'read';
    this.#queue.push({ observation, receipt });
    if (!this.#running && this.#failures === 0) void this.#run();
  }

  busy(): boolean {
    return this.#running || (this.#queue.length > 0 && this.#failures === 0);
  }

  started(): boolean {
    return this.#state !== null || this.#queue.length > 0;
  }

  failing(): boolean {
    return this.#failures > 0;
  }

  firstList(): ReturnType<Lane['firstList']> {
    return this.#firstList;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#requests.stop();
    this.#withdrawWake();
    this.#withdrawRetry();
    if (this.#running) await new Promise<void>((resolve) => this.#waiters.push(resolve));
    if (this.#queue.length > 0) await this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      while (this.#queue.length > 0) {
        const stored = await this.#runBatch();
        if (!stored) break;
      }
    } finally {
      this.#running = false;
      for (const resolve of this.#waiters.splice(0)) resolve();
      this.#shell.rested();
    }
  }

  /** False if it could not be stored: then the observations stay queued and are tried again. */
  async #runBatch(): Promise<boolean> {
    const taken = await this.#storeBatch().catch((cause: unknown) => {
      this.#report('store-failed', cause);
      this.#retryLater();
      return null;
    });
    if (taken === null) return false;
    this.#tellCommitted(taken.step);
    for (const effect of taken.effects) this.#perform(effect);
    this.#requests.hurry(() => this.#joinWaits());
    return true;
  }

  async #storeBatch(): Promise<Taken> {
    const before = this.#state ?? (await this.#load());
    const size = Math.min(this.#queue.length, BATCH);
    const taken = await this.#stepAll(before, size);
    await this.#store.commit(taken.step);
    this.#state = taken.step.state;
    this.#queue.splice(0, size);
    this.#failures = 0;
    return taken;
  }

  /** A listener that fails has been told all the same: the step is stored, its effects follow. */
  #tellCommitted(committed: GuildStep): void {
    try {
      this.#shell.ports.committed?.(committed);
    } catch (cause) {
      this.#report('listener-threw', cause);
    }
  }

  async #load(): Promise<GuildState> {
    return (await this.#store.load(this.#guildId)) ?? emptyState();
  }

  #retryLater(): void {
    this.#failures += 1;
    if (this.#stopping) return;
    const delayMs = Math.min(FIRST_RETRY_MS * 2 ** (this.#failures - 1), LONGEST_RETRY_MS);
    this.#withdrawRetry = this.#clock.schedule(this.#clock.now() + delayMs, () => void this.#run());
  }

  async #stepAll(before: GuildState, size: number): Promise<Taken> {
    const completion = new Completion(this.#guildId, this.#store);
    const effects: Effect[] = [];
    const batch: Observed[] = [];
    let current = before;
    for (let index = 0; index < size; index += 1) {
      const queued = await this.#completedOnce(completion, this.#queue[index]!);
      this.#queue[index] = queued;
      const taken = this.#stepSafely(current, queued.observation);
      batch.push({ observed: taken.observed, receipt: queued.receipt });
      current = taken.state;
      for (const effect of taken.effects) {
        effects.push(effect);
        await completion.note(effect);
      }
    }
    return { step: stepFrom(this.#guildId, batch, [before, current], effects), effects };
  }

  /** The engine never throws; if it did, one observation must not stop its guild for ever. */
  #stepSafely(before: GuildState, observation: Observation): Stepped {
    try {
      return { ...step(before, observation), observed: [observation] };
    } catch (cause) {
      this.#report('step-threw', cause);
      const failed = failureOf(observation, this.#clock.now());
      if (failed === null) return { state: { ...before }, effects: [], observed: [observation] };
      // The engine waits for an answer, and asks again after this one.
      return { ...step(before, failed), observed: [observation, failed] };
    }
  }

  /**
   * Asked once: a commit that reports a failure may have been done, and then the store would
   * answer with this very join.
   */
  async #completedOnce(completion: Completion, queued: Queued): Promise<Queued> {
    if (this.#completed.has(queued.observation)) return queued;
    const observation = await completion.complete(queued.observation);
    this.#completed.add(observation);
    return { ...queued, observation };
  }

  #perform(effect: Effect): void {
    if (this.#stopping) return;
    switch (effect.kind) {
      case 'fetch-invites':
        return this.#fetchInvites();
      case 'fetch-vanity':
        return this.#requests.vanity();
      case 'fetch-targets':
        return this.#requests.targets(effect.code);
      case 'fetch-members':
        return this.#requests.members(effect);
      case 'search-members':
        return this.#requests.search(effect.userIds);
      case 'wake':
        return this.#wakeAt(effect.at);
      case 'note':
        return this.#shell.counted(effect.note);
      case 'record':
      case 'member':
      case 'left':
      case 'invites-changed':
        // Part of what was committed.
        return;
    }
  }

  #wakeAt(at: number | null): void {
    this.#withdrawWake();
    this.#withdrawWake = () => {};
    if (at !== null) this.#withdrawWake = this.#clock.schedule(at, () => this.#wake());
  }

  #wake(): void {
    this.observe({ kind: 'time', at: this.#clock.now() });
  }

  #joinWaits(): boolean {
    return this.#state?.rest.joins.some((join) => join.settledAt === null) ?? false;
  }

  #fetchInvites(): void {
    if (this.#firstList === 'not-wanted' && this.#state?.rest.listedAt === null) {
      this.#firstList = 'wanted';
    }
    this.#requests.invites(this.#joinWaits());
  }

  #report(kind: TrackerReport['kind'], cause: unknown): void {
    this.#shell.ports.report?.({ guildId: this.#guildId, kind, cause });
  }
}

/** The answer that there is none, for an answer that the engine could not take; null for an event. */
function failureOf({ kind }: Observation, at: number): Observation | null {
  const failure = 'unavailable';
  if (kind === 'searched') return { kind: 'search-failed', at, failure, retryAt: null };
  const isAnswer = kind === 'invites' || kind === 'vanity' || kind === 'members';
  return isAnswer ? { kind: 'lookup-failed', at, what: kind, failure } : null;
}

function stepFrom(
  guildId: GuildId,
  batch: readonly Observed[],
  [before, state]: readonly [GuildState, GuildState],
  effects: readonly Effect[],
): GuildStep {
  const changed = new Set<InviteCode>();
  const members: MemberChange[] = [];
  for (const effect of effects) {
    if (effect.kind === 'invites-changed') for (const code of effect.codes) changed.add(code);
    else if (effect.kind === 'member') {
      const { userId, joinedAt, bot } = effect;
      members.push({ kind: 'joined', userId, joinedAt, bot });
    } else if (effect.kind === 'left') {
      members.push({ kind: 'left', userId: effect.userId, at: effect.at });
    }
  }
  return {
    guildId,
    at: batch.at(-1)!.observed.at(-1)!.at,
    observations: batch.flatMap(({ observed }) => observed),
    receipts: batch.flatMap(({ receipt }) => receipt ?? []),
    before,
    state,
    changedCodes: [...changed],
    records: effects.flatMap((effect) => (effect.kind === 'record' ? [effect.attribution] : [])),
    members,
    notes: effects.flatMap((effect) => (effect.kind === 'note' ? [effect.note] : [])),
  };
}
