import { LIST_SPACING_MS } from '../engine/constants.ts';
import type { Effect, Note } from '../engine/effect.ts';
import { step } from '../engine/engine.ts';
import type { GuildId, InviteCode, UserId } from '../engine/ids.ts';
import type { KnownMember, Observation } from '../engine/observation.ts';
import { emptyState, type GuildState } from '../engine/state.ts';
import type { GuildStep, MemberChange, TrackerPorts } from './ports.ts';

/** What the lanes of all guilds share. */
export interface LaneShell {
  readonly ports: TrackerPorts;
  requestOpened(): void;
  requestClosed(): void;
  listSpacing(): number;
  refreshSlot(): number;
  counted(note: Note): void;
  /** The lane has nothing left to do; perhaps the whole tracker has not. */
  rested(): void;
}

/** One guild: its observations in order, its engine, its effects. */
export interface Lane {
  observe(observation: Observation): void;
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

export function createLane(guildId: GuildId, shell: LaneShell): Lane {
  const { clock, source, store } = shell.ports;
  const queue: Observation[] = [];
  const waiters: (() => void)[] = [];
  let state: GuildState | null = null;
  let running = false;
  let stopping = false;
  let failures = 0;
  let firstList: 'not-wanted' | 'wanted' | 'read' = 'not-wanted';
  let lastListAt = Number.NEGATIVE_INFINITY;
  let withdrawWake = (): void => {};
  let withdrawRetry = (): void => {};

  const observe = (observation: Observation): void => {
    queue.push(observation);
    if (!running && failures === 0) void run();
  };

  const run = async (): Promise<void> => {
    running = true;
    try {
      while (queue.length > 0) {
        const stored = await runBatch();
        if (!stored) break;
      }
    } finally {
      running = false;
      for (const resolve of waiters.splice(0)) resolve();
      shell.rested();
    }
  };

  /** False if it could not be stored: then the observations stay queued and are tried again. */
  const runBatch = async (): Promise<boolean> => {
    const batch = queue.slice(0, BATCH);
    try {
      const before = state ?? (await load());
      const taken = await stepAll(before, batch);
      await store.commit(taken.step);
      state = taken.step.state;
      queue.splice(0, batch.length);
      failures = 0;
      shell.ports.committed?.(taken.step);
      for (const effect of taken.effects) perform(effect);
      return true;
    } catch (cause) {
      shell.ports.report?.({ guildId, kind: 'store-failed', cause });
      retryLater();
      return false;
    }
  };

  const load = async (): Promise<GuildState> => {
    const stored = await store.load(guildId);
    if (stored && stored.rest.joins.length > 0) {
      // Joins were open when the process ended: their deadlines have to be asked for again.
      queue.push({ kind: 'time', at: clock.now() });
    }
    return stored ?? emptyState();
  };

  const retryLater = (): void => {
    failures += 1;
    if (stopping) return;
    const delayMs = Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS);
    withdrawRetry = clock.schedule(clock.now() + delayMs, () => void run());
  };

  const stepAll = async (
    before: GuildState,
    batch: readonly Observation[],
  ): Promise<{ step: GuildStep; effects: Effect[] }> => {
    const members = new Map<UserId, KnownMember>();
    const effects: Effect[] = [];
    const observations: Observation[] = [];
    let current = before;
    for (const observation of batch) {
      const known = await withMember(observation, members);
      observations.push(known);
      const taken = step(current, known);
      current = taken.state;
      for (const effect of taken.effects) {
        effects.push(effect);
        await noteMember(effect, members);
      }
    }
    return { step: stepFrom(guildId, observations, current, effects), effects };
  };

  const withMember = async (
    observation: Observation,
    members: ReadonlyMap<UserId, KnownMember>,
  ): Promise<Observation> => {
    if (observation.kind !== 'join' && observation.kind !== 'member-seen') return observation;
    const { userId } = observation;
    const member = members.get(userId) ?? (await store.member(guildId, userId));
    return { ...observation, member };
  };

  /** Steps of one batch see each other's members before they are stored. */
  const noteMember = async (effect: Effect, members: Map<UserId, KnownMember>): Promise<void> => {
    if (effect.kind === 'member') {
      members.set(effect.userId, { joinedAt: effect.joinedAt, present: true });
    } else if (effect.kind === 'left') {
      const { userId } = effect;
      const known = members.get(userId) ?? (await store.member(guildId, userId));
      if (known) members.set(userId, { ...known, present: false });
    }
  };

  const perform = (effect: Effect): void => {
    if (stopping) return;
    switch (effect.kind) {
      case 'fetch-invites':
        return fetchInvites();
      case 'fetch-vanity':
        return void request(fetchVanity);
      case 'fetch-targets':
        return void request(() => fetchTargets(effect.code));
      case 'wake':
        withdrawWake();
        withdrawWake = () => {};
        if (effect.at !== null) withdrawWake = clock.schedule(effect.at, wake);
        return;
      case 'note':
        return shell.counted(effect.note);
      case 'record':
      case 'member':
      case 'left':
      case 'invites-changed':
        // Part of what was committed.
        return;
    }
  };

  const wake = (): void => observe({ kind: 'time', at: clock.now() });

  /** At once if a join waits for it, else in the next free slot of the start. */
  const fetchInvites = (): void => {
    const now = clock.now();
    const waiting = state?.rest.joins.some((join) => join.settledAt === null) ?? false;
    if (firstList === 'not-wanted' && state?.rest.listedAt === null) firstList = 'wanted';
    const spacing = shell.listSpacing();
    const spaced = spacing > LIST_SPACING_MS ? lastListAt + spacing : now;
    const at = waiting ? Math.max(now, spaced) : shell.refreshSlot();
    shell.requestOpened();
    const send = (): void => {
      lastListAt = clock.now();
      void settle(readInvites);
    };
    if (at <= now) send();
    else clock.schedule(at, send);
  };

  const request = (send: () => Promise<Observation | null>): Promise<void> => {
    shell.requestOpened();
    return settle(send);
  };

  const settle = async (send: () => Promise<Observation | null>): Promise<void> => {
    try {
      const answer = await send();
      if (answer) observe(answer);
    } catch (cause) {
      shell.ports.report?.({ guildId, kind: 'source-threw', cause });
    } finally {
      shell.requestClosed();
      shell.rested();
    }
  };

  const readInvites = async (): Promise<Observation> => {
    const answer = await orFailed(source.invites(guildId));
    if (answer.kind === 'failed') {
      return { kind: 'lookup-failed', at: clock.now(), what: 'invites', failure: answer.failure };
    }
    if (firstList === 'wanted') firstList = 'read';
    const { requestedAt, answeredAt, invites, complete } = answer;
    return { kind: 'invites', at: answeredAt, requestedAt, invites, complete };
  };

  const fetchVanity = async (): Promise<Observation> => {
    const answer = await orFailed(source.vanity(guildId));
    if (answer.kind === 'failed') {
      return { kind: 'lookup-failed', at: clock.now(), what: 'vanity', failure: answer.failure };
    }
    const { requestedAt, answeredAt, code, uses } = answer;
    return { kind: 'vanity', at: answeredAt, requestedAt, code, uses };
  };

  const fetchTargets = async (code: InviteCode): Promise<Observation> => {
    const { requestedAt, answeredAt, userIds } = await source.targets(guildId, code);
    return { kind: 'targets', at: answeredAt, requestedAt, code, userIds };
  };

  /** A source that throws breaks its promise; the join must not wait for ever because of it. */
  const orFailed = async <Answer>(
    asked: Promise<Answer>,
  ): Promise<Answer | { readonly kind: 'failed'; readonly failure: 'unavailable' }> => {
    try {
      return await asked;
    } catch (cause) {
      shell.ports.report?.({ guildId, kind: 'source-threw', cause });
      return { kind: 'failed', failure: 'unavailable' };
    }
  };

  return {
    observe,
    busy: () => running || (queue.length > 0 && failures === 0),
    started: () => state !== null || queue.length > 0,
    failing: () => failures > 0,
    firstList: () => firstList,
    stop: async () => {
      if (running) await new Promise<void>((resolve) => waiters.push(resolve));
      stopping = true;
      withdrawWake();
      withdrawRetry();
      if (queue.length > 0) await run();
    },
  };
}

function stepFrom(
  guildId: GuildId,
  observations: readonly Observation[],
  state: GuildState,
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
    at: observations.at(-1)!.at,
    observations,
    state,
    changedCodes: [...changed],
    records: effects.flatMap((effect) => (effect.kind === 'record' ? [effect.attribution] : [])),
    members,
    notes: effects.flatMap((effect) => (effect.kind === 'note' ? [effect.note] : [])),
  };
}
