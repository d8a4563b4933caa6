import type { Clock } from 'wherefrom';
import {
  bestOffset,
  type ClockOffset,
  type DateSample,
  KNOWN_WITHIN_MS,
  narrowed,
  worstError,
} from './clock-offset.ts';

/** Timers are set again at least this often: none overflows 2^31 ms, none trusts a stale offset. */
const LONGEST_TIMER_MS = 10 * 60_000;
/** A change of the offset beyond this sets all timers again. */
const NOTICEABLE_MS = 20;

export interface DiscordClockOptions {
  /**
   * Our own time, in ms since 1970, from a source that never jumps. By default the process's
   * monotonic clock on top of the wall clock at its start: a wall clock that is set does not move it.
   */
  readonly localTime?: () => number;
  /** Called when a clock is found to have jumped by more than e: times given out were wrong. */
  readonly onDoubt?: (jumpMs: number) => void;
}

export interface ClockState {
  readonly offsetMs: number;
  /** The offset is at most this wrong. */
  readonly errorMs: number;
  readonly known: boolean;
}

interface Appointment {
  readonly at: number;
  readonly wake: () => void;
  timer: NodeJS.Timeout | null;
}

/** Discord's clock as we know it from the `Date` headers of its answers. */
export class DiscordClock implements Clock {
  readonly #localTime: () => number;
  readonly #onDoubt: (jumpMs: number) => void;
  readonly #appointments = new Set<Appointment>();
  #offset: ClockOffset | null = null;
  #best = 0;
  #last = Number.NEGATIVE_INFINITY;

  constructor(options: DiscordClockOptions = {}) {
    this.#localTime = options.localTime ?? monotonicTime;
    this.#onDoubt = options.onDoubt ?? (() => {});
  }

  /** Our own time, which `sample` and `atLocal` are in. */
  localTime(): number {
    return this.#localTime();
  }

  now(): number {
    const now = this.atLocal(this.#localTime());
    // A narrower estimate may set the clock back a little: then it stands still instead, because
    // later events must not carry earlier times. After a real jump it follows.
    this.#last = this.#last - now > 2 * KNOWN_WITHIN_MS ? now : Math.max(now, this.#last);
    return this.#last;
  }

  /** A moment of ours on Discord's clock. */
  atLocal(localTime: number): number {
    return Math.round(localTime + this.#best);
  }

  /** Takes in the `Date` of an answer. */
  sample(sample: DateSample): void {
    const { offset, jumpMs } = narrowed(this.#offset, sample);
    const before = this.#best;
    this.#offset = offset;
    this.#best = bestOffset(offset);
    if (Math.abs(this.#best - before) > NOTICEABLE_MS) this.#setAllAgain();
    if (jumpMs > KNOWN_WITHIN_MS) this.#onDoubt(jumpMs);
  }

  /** What is known of the offset, for Health: ms, with its error, and whether that is below e. */
  state(): ClockState {
    if (this.#offset === null)
      return { offsetMs: 0, errorMs: Number.POSITIVE_INFINITY, known: false };
    const errorMs = Math.round(worstError(this.#offset, this.#localTime()));
    return { offsetMs: Math.round(this.#best), errorMs, known: errorMs <= KNOWN_WITHIN_MS };
  }

  schedule(at: number, wake: () => void): () => void {
    const appointment: Appointment = { at, wake, timer: null };
    this.#appointments.add(appointment);
    this.#set(appointment);
    return () => this.#withdraw(appointment);
  }

  /** Withdraws everything that is scheduled. */
  close(): void {
    for (const appointment of this.#appointments) this.#withdraw(appointment);
  }

  #set(appointment: Appointment): void {
    if (appointment.timer !== null) clearTimeout(appointment.timer);
    const wait = Math.ceil(appointment.at - this.now());
    const delay = Math.min(Math.max(wait, 0), LONGEST_TIMER_MS);
    appointment.timer = setTimeout(() => this.#due(appointment), delay);
  }

  // Timers may fire a millisecond early, and long ones come in pieces.
  #due(appointment: Appointment): void {
    if (this.now() < appointment.at) {
      this.#set(appointment);
      return;
    }
    this.#withdraw(appointment);
    appointment.wake();
  }

  #withdraw(appointment: Appointment): void {
    if (appointment.timer !== null) clearTimeout(appointment.timer);
    this.#appointments.delete(appointment);
  }

  #setAllAgain(): void {
    for (const appointment of this.#appointments) this.#set(appointment);
  }
}

function monotonicTime(): number {
  return performance.timeOrigin + performance.now();
}
