import type { GuildId } from '../engine/ids.ts';
import type { Observation } from '../engine/observation.ts';
import { createLane, type Lane, type LaneShell } from './lane.ts';
import { listSpacing, slotsOf } from './pace.ts';
import type { Receipt, TrackerPorts } from './ports.ts';

/** What may be chosen; every default suits Discord's limits. */
export interface TrackerOptions {
  /** First lists and refreshes a second that no join waits for. Default 35: Discord allows 50. */
  readonly refreshesPerSecond?: number;
  /** Pages of member lists a second, of all guilds: a tenth of what Discord allows. Default 4. */
  readonly memberPagesPerSecond?: number;
}

/**
 * One engine per guild. Everything of one guild happens strictly in order; guilds never wait for
 * each other.
 */
export interface Tracker {
  /**
   * Takes an observation; returns at once and never throws. The receipt of its event comes back
   * in `GuildStep.receipts` once the step is stored.
   */
  observe(guildId: GuildId, observation: Observation, receipt?: Receipt): void;
  /** Whether something is known of the guild: a state in use or a stored one. */
  known(guildId: GuildId): Promise<boolean>;
  /** Resolves when every observation taken so far is committed and no request is open. */
  drain(): Promise<void>;
  /** Takes nothing more, commits what was taken, withdraws every wake. */
  stop(): Promise<void>;
  /**
   * Takes one of the few slots that pages of member lists get (`memberPagesPerSecond`) for another
   * page that nobody waits for. Answers when it is, in ms since 1970; a stop does not withdraw it.
   */
  memberSlot(): number;
  health(): TrackerHealth;
}

/** How the tracker is doing, in numbers without any id. */
export interface TrackerHealth {
  readonly guilds: number;
  /** Requests under way or waiting for their slot. */
  readonly openRequests: number;
  /** Guilds whose first list was asked for, and those of them that have been answered. */
  readonly firstLists: { readonly wanted: number; readonly read: number };
  /** Guilds whose steps cannot be stored at the moment. */
  readonly failingGuilds: number;
  /** What Health counts, by kind: refuted, reopened, repeat, repair, guest, count-fell ... */
  readonly notes: Readonly<Record<string, number>>;
}

/**
 * Starts with no guild: each begins with its first observation, from its stored state.
 * Resolves and performs everything through the ports; throws nothing.
 */
export function createTracker(ports: TrackerPorts, options: TrackerOptions = {}): Tracker {
  const { refreshesPerSecond = 35, memberPagesPerSecond = 4 } = options;
  const now = (): number => ports.clock.now();
  const lanes = new Map<GuildId, Lane>();
  const notes: Record<string, number> = {};
  const idle: (() => void)[] = [];
  let openRequests = 0;
  let stopped = false;

  const shell: LaneShell = {
    ports,
    requestOpened: () => {
      openRequests += 1;
    },
    requestClosed: () => {
      openRequests -= 1;
    },
    listSpacing: () => listSpacing(openRequests),
    refreshSlot: slotsOf(now, refreshesPerSecond),
    memberSlot: slotsOf(now, memberPagesPerSecond),
    counted: (note) => {
      notes[note.kind] = (notes[note.kind] ?? 0) + 1;
    },
    rested: () => {
      if (idle.length === 0 || busy()) return;
      for (const resolve of idle.splice(0)) resolve();
    },
  };

  const busy = (): boolean => {
    if (openRequests > 0) return true;
    for (const lane of lanes.values()) if (lane.busy()) return true;
    return false;
  };
  const laneOf = (guildId: GuildId): Lane => {
    const known = lanes.get(guildId);
    if (known) return known;
    const lane = createLane(guildId, shell);
    lanes.set(guildId, lane);
    return lane;
  };
  const drain = (): Promise<void> =>
    busy() ? new Promise((resolve) => idle.push(resolve)) : Promise.resolve();

  return {
    observe: (guildId, observation, receipt) => {
      if (!stopped) laneOf(guildId).observe(observation, receipt);
    },
    known: async (guildId) => {
      const lane = lanes.get(guildId);
      if (lane?.started()) return true;
      return (await ports.store.load(guildId)) !== null;
    },
    drain,
    stop: async () => {
      stopped = true;
      await Promise.all([...lanes.values()].map((lane) => lane.stop()));
    },
    memberSlot: shell.memberSlot,
    health: () => healthOf(lanes, openRequests, notes),
  };
}

function healthOf(
  lanes: ReadonlyMap<GuildId, Lane>,
  openRequests: number,
  notes: Record<string, number>,
): TrackerHealth {
  let wanted = 0;
  let read = 0;
  let failingGuilds = 0;
  for (const lane of lanes.values()) {
    const first = lane.firstList();
    if (first !== 'not-wanted') wanted += 1;
    if (first === 'read') read += 1;
    if (lane.failing()) failingGuilds += 1;
  }
  return {
    guilds: lanes.size,
    openRequests,
    firstLists: { wanted, read },
    failingGuilds,
    notes: { ...notes },
  };
}
