import type { Activity } from './activity.ts';
import type { Faults } from './faults.ts';
import type { Settings } from './options.ts';
import type { Prng } from './prng.ts';
import type { Situations } from './situations.ts';
import type { Dispatch } from './world/dispatch.ts';

type Parcel = {
  readonly postedMs: number;
  readonly dueMs: number;
  readonly order: number;
  readonly dispatch: Dispatch;
};

/**
 * Hands an event to the sessions that existed when it was posted (by `performance.now`); true
 * if one of them took it.
 */
export type Deliver = (dispatch: Dispatch, postedMs: number) => boolean;

/**
 * Carries events from the world to the sessions. Every event draws its own delay. Events of
 * one family and guild keep their order, as they come from one service at Discord; events of
 * different families overtake each other freely.
 */
export class Courier {
  readonly #settings: Settings;
  readonly #prng: Prng;
  readonly #faults: Faults;
  readonly #activity: Activity;
  readonly #situations: Situations;
  readonly #deliver: Deliver;
  readonly #lastDueMs = new Map<string, number>();
  #parcels: Parcel[] = [];
  #timer: NodeJS.Timeout | undefined;
  #order = 0;

  constructor(parts: {
    readonly settings: Settings;
    readonly prng: Prng;
    readonly faults: Faults;
    readonly activity: Activity;
    readonly situations: Situations;
    readonly deliver: Deliver;
  }) {
    this.#settings = parts.settings;
    this.#prng = parts.prng;
    this.#faults = parts.faults;
    this.#activity = parts.activity;
    this.#situations = parts.situations;
    this.#deliver = parts.deliver;
  }

  /** Takes the events of one action. */
  send(dispatches: readonly Dispatch[]): void {
    const { order, overtaken } = this.#reordered(dispatches);
    let floorMs = 0;
    for (const dispatch of order) {
      if (this.#faults.strike('dropEvents', dispatch) !== null) continue;
      if (this.#faults.hold(dispatch)) continue;
      const dueMs = this.post(dispatch, dispatch.event === overtaken ? floorMs : 0);
      floorMs = Math.max(floorMs, dueMs);
      const repeat = this.#faults.strike('repeatEvents', dispatch);
      if (repeat === null) continue;
      if (dispatch.event === 'GUILD_MEMBER_ADD') this.#situations.repeated();
      this.post(shifted(dispatch, repeat.joinedAtShiftMs ?? 0));
    }
  }

  /** Puts one event on its way, past the faults that drop or hold. Answers when it is due. */
  post(dispatch: Dispatch, notBeforeMs = 0): number {
    const delay = this.#faults.strike('delayEvents', dispatch);
    const delayMs =
      this.#prng.between(this.#settings.eventDelayMs) +
      (delay === null ? 0 : this.#prng.between(delay.delayMs));
    const key = `${dispatch.guildId} ${familyOf(dispatch.event)}`;
    const nowMs = performance.now();
    const dueMs = Math.max(nowMs + delayMs, this.#lastDueMs.get(key) ?? 0, notBeforeMs);
    const isFree = this.#settings.immediate || this.#parcels.length === 0;
    if (dueMs <= nowMs && isFree) {
      this.#hand(dispatch, nowMs);
      return dueMs;
    }
    this.#lastDueMs.set(key, dueMs);
    this.#activity.begin();
    this.#insert({ postedMs: nowMs, dueMs, order: this.#order++, dispatch });
    this.#arm();
    return dueMs;
  }

  /** Forgets what is on its way. */
  close(): void {
    clearTimeout(this.#timer);
    this.#parcels = [];
  }

  #insert(parcel: Parcel): void {
    // Delays are short, so the place is near the end.
    let index = this.#parcels.length;
    while (index > 0 && isLater(this.#parcels[index - 1]!, parcel)) index -= 1;
    this.#parcels.splice(index, 0, parcel);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const first = this.#parcels[0];
    if (first === undefined) return;
    this.#timer = setTimeout(() => this.#flush(), Math.max(0, first.dueMs - performance.now()));
  }

  #flush(): void {
    const nowMs = performance.now();
    while (this.#parcels.length > 0 && this.#parcels[0]!.dueMs <= nowMs) {
      const { dispatch, postedMs } = this.#parcels.shift()!;
      this.#hand(dispatch, postedMs);
      this.#activity.end();
    }
    this.#arm();
  }

  #hand(dispatch: Dispatch, postedMs: number): void {
    if (this.#deliver(dispatch, postedMs)) this.#situations.delivered(dispatch);
    this.#activity.touch();
  }

  #reordered(dispatches: readonly Dispatch[]): Reordered {
    const together = dispatches.map((dispatch) => dispatch.event);
    const fault = dispatches.length < 2 ? null : this.#faults.strike('reorderEvents', { together });
    if (fault === null) return { order: dispatches, overtaken: null };
    const first = dispatches.filter((dispatch) => dispatch.event === fault.first);
    const rest = dispatches.filter((dispatch) => dispatch.event !== fault.first);
    const at = rest.findIndex((dispatch) => dispatch.event === fault.second);
    return { order: rest.toSpliced(at, 0, ...first), overtaken: fault.second };
  }
}

type Reordered = {
  readonly order: readonly Dispatch[];
  /** The event that must not be due before those it was moved behind. */
  readonly overtaken: string | null;
};

function isLater(left: Parcel, right: Parcel): boolean {
  return left.dueMs === right.dueMs ? left.order > right.order : left.dueMs > right.dueMs;
}

function familyOf(event: string): string {
  if (event.startsWith('GUILD_MEMBER')) return 'members';
  if (event.startsWith('INVITE')) return 'invites';
  if (event.startsWith('GUILD_AUDIT')) return 'audit';
  return 'guild';
}

function shifted(dispatch: Dispatch, byMs: number): Dispatch {
  const payload = dispatch.payload;
  const subject = { ...dispatch.subject, repeat: true };
  if (byMs === 0 || typeof payload !== 'object' || payload === null)
    return { ...dispatch, subject };
  const joinedAt = 'joined_at' in payload ? payload.joined_at : null;
  if (typeof joinedAt !== 'string') return { ...dispatch, subject };
  const moved = new Date(Date.parse(joinedAt) + byMs).toISOString().replace('Z', '000+00:00');
  return { ...dispatch, subject, payload: { ...payload, joined_at: moved } };
}
