import type { Clock } from 'wherefrom';

interface Appointment {
  readonly at: number;
  readonly wake: () => void;
}

/** A clock for tests: stands still until it is told to go on. */
export class ManualClock implements Clock {
  #now: number;
  readonly #appointments = new Set<Appointment>();

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  schedule(at: number, wake: () => void): () => void {
    const appointment = { at, wake };
    this.#appointments.add(appointment);
    return () => this.#appointments.delete(appointment);
  }

  /** Resolves once time has come that far, and everything that followed from it is done. */
  async advanceTo(time: number): Promise<void> {
    await settled();
    for (let next = this.#next(time); next !== null; next = this.#next(time)) {
      this.#appointments.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.wake();
      await settled();
    }
    this.#now = Math.max(this.#now, time);
  }

  #next(until: number): Appointment | null {
    let first: Appointment | null = null;
    for (const appointment of this.#appointments) {
      if (appointment.at <= until && (first === null || appointment.at < first.at))
        first = appointment;
    }
    return first;
  }
}

/** Promises that wait for nothing but each other are done after a turn of the event loop. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
