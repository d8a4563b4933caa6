/** Something that is to happen at a moment. */
interface Appointment {
  readonly at: number;
  readonly order: number;
  act: (() => void) | null;
}

/**
 * Simulated time: what is to happen, earliest first, and in the order of its planning where two
 * moments are equal. A binary heap; what is withdrawn is skipped when its turn comes.
 */
export class EventQueue {
  readonly #heap: Appointment[] = [];
  #now: number;
  #order = 0;
  /** How many things have happened. */
  ran = 0;

  constructor(startMs: number) {
    this.#now = startMs;
  }

  /** The time of Discord, ms since 1970. */
  get now(): number {
    return this.#now;
  }

  /** Plans `act`, not before now; the returned function withdraws it. */
  at(timeMs: number, act: () => void): () => void {
    const appointment: Appointment = { at: Math.max(this.#now, timeMs), order: this.#order, act };
    this.#order += 1;
    this.#push(appointment);
    return () => {
      appointment.act = null;
    };
  }

  after(delayMs: number, act: () => void): () => void {
    return this.at(this.#now + delayMs, act);
  }

  /** When the next thing happens; null if nothing is planned. */
  next(): number | null {
    while (this.#heap.length > 0 && this.#heap[0]!.act === null) this.#pop();
    return this.#heap[0]?.at ?? null;
  }

  /** Lets the next thing happen. Promises that go on from it are the caller's to await. */
  step(): void {
    const next = this.next();
    if (next === null) return;
    const { act } = this.#pop();
    this.#now = next;
    this.ran += 1;
    act?.();
  }

  /** Lets time pass up to a moment at which nothing is due. */
  standAt(timeMs: number): void {
    this.#now = Math.max(this.#now, timeMs);
  }

  #push(appointment: Appointment): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(appointment);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(appointment, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = appointment;
  }

  #pop(): Appointment {
    const heap = this.#heap;
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isBefore(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}

function isBefore(a: Appointment, b: Appointment): boolean {
  return a.at === b.at ? a.order < b.order : a.at < b.at;
}

/** Lets every promise that can go on do so: nothing in a simulation waits for the real world. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
