import type { RangeMs } from './options.ts';
import type { Prng } from './prng.ts';
import type { Dispatch } from './world/dispatch.ts';

/** How often a fault strikes. Without either it strikes always, until cleared. */
type Often = {
  /** So many times, then it is spent. */
  readonly times?: number;
  /** With this probability, drawn from the seed. */
  readonly chance?: number;
};

/** Which events a fault strikes; a missing part means all. */
type Events = Often & { readonly events?: readonly string[]; readonly guildId?: string };

/** Which requests; `route` is `METHOD /template` or a part of it, such as `/invites`. */
type Requests = Often & { readonly route?: string; readonly guildId?: string };

/** Everything that can go wrong on purpose. */
export type Fault =
  | ({ readonly kind: 'dropEvents' } & Events)
  | ({ readonly kind: 'delayEvents'; readonly delayMs: RangeMs } & Events)
  /** Sends each event once more, `joined_at` moved by so many milliseconds. */
  | ({ readonly kind: 'repeatEvents'; readonly joinedAtShiftMs?: number } & Events)
  /** Keeps events back; clearing the fault sends them in their order. */
  | ({ readonly kind: 'holdEvents' } & Events)
  /** Sends `first` before `second` when both arise from one action. */
  | ({ readonly kind: 'reorderEvents'; readonly first: string; readonly second: string } & Often)
  /** A guild that is not announced to new sessions until the fault is cleared. */
  | { readonly kind: 'withholdGuild'; readonly guildId: string }
  /** Counts in lists and the vanity count late. */
  | ({ readonly kind: 'lag'; readonly byMs: number } & Requests)
  /** Whole lists from a replica that is late. */
  | ({ readonly kind: 'staleList'; readonly byMs: number } & Requests)
  | ({ readonly kind: 'restError'; readonly status: number; readonly code?: number } & Requests)
  /** No reply, ever. The request does not count as open for `settled`. */
  | ({ readonly kind: 'hang' } & Requests)
  | ({ readonly kind: 'slow'; readonly delayMs: RangeMs } & Requests)
  | ({
      readonly kind: 'rateLimit';
      readonly retryAfterMs: number;
      readonly scope?: 'user' | 'global' | 'shared';
    } & Requests)
  /** The connection is reset in place of a reply. */
  | ({ readonly kind: 'reset' } & Requests)
  /** New connections are cut before a byte is read, the gateway's too. */
  | { readonly kind: 'refuse' }
  /** Null entries in invite lists and search answers. */
  | ({ readonly kind: 'nullEntries' } & Requests)
  /** Entries that lack or mistype fields: among those of an invite list, in place of a search's. */
  | ({ readonly kind: 'malformedEntries' } & Requests)
  /** A search answer that names another guild. */
  | ({ readonly kind: 'wrongGuild' } & Requests)
  /** Somebody in a search answer who was not asked for. */
  | ({ readonly kind: 'strangers' } & Requests)
  /** A `join_source_type` that nobody knows yet in every entry of a search answer. Default 99. */
  | ({ readonly kind: 'futureSource'; readonly type?: number } & Requests)
  /** A reply that is cut off in the middle of its JSON. */
  | ({ readonly kind: 'brokenJson' } & Requests);

/** A fault that is switched on. */
export type ActiveFault = {
  readonly id: number;
  readonly fault: Fault;
  readonly clear: () => void;
};

type Entry = {
  readonly id: number;
  readonly fault: Fault;
  left: number;
  readonly held: Dispatch[];
};

/** The name of a fault. */
export type FaultKind = Fault['kind'];
type FaultOf<K extends FaultKind> = Extract<Fault, { readonly kind: K }>;

/** What a fault is asked about. */
type Target = {
  readonly event?: string;
  readonly route?: string;
  readonly guildId?: string | undefined;
  /** All events of one action. */
  readonly together?: readonly string[];
};

/** The faults that are switched on, and the decision whether one strikes. */
export class Faults {
  #next = 1;
  readonly #entries = new Map<number, Entry>();
  readonly #prng: Prng;
  readonly #onClear: (fault: Fault, held: readonly Dispatch[]) => void;

  constructor(prng: Prng, onClear: (fault: Fault, held: readonly Dispatch[]) => void) {
    this.#prng = prng;
    this.#onClear = onClear;
  }

  /** Switches a fault on; `clear` on the answer switches it off again. */
  set(fault: Fault): ActiveFault {
    const id = this.#next;
    this.#next += 1;
    const times =
      'times' in fault ? (fault.times ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
    this.#entries.set(id, { id, fault, left: times, held: [] });
    return { id, fault, clear: () => this.clear(id) };
  }

  /** Switches one fault off, or all of them. What was held back is sent now. */
  clear(id?: number): void {
    for (const entry of [...this.#entries.values()]) {
      if (id !== undefined && entry.id !== id) continue;
      this.#entries.delete(entry.id);
      this.#onClear(entry.fault, entry.held);
    }
  }

  /** The faults that are on, spent ones excluded. */
  active(): readonly Fault[] {
    return [...this.#entries.values()]
      .filter((entry) => entry.left > 0)
      .map((entry) => entry.fault);
  }

  /** The first fault of a kind that strikes this target; striking uses it up by one. */
  strike<K extends FaultKind>(kind: K, target: Target): FaultOf<K> | null {
    return (this.#strike(kind, target)?.fault as FaultOf<K> | undefined) ?? null;
  }

  /** Keeps an event back if a `holdEvents` fault wants it. */
  hold(dispatch: Dispatch): boolean {
    const entry = this.#strike('holdEvents', dispatch);
    entry?.held.push(dispatch);
    return entry !== null;
  }

  #strike(kind: FaultKind, target: Target): Entry | null {
    for (const entry of this.#entries.values()) {
      if (entry.fault.kind !== kind || entry.left <= 0 || !matches(entry.fault, target)) continue;
      const chance = 'chance' in entry.fault ? entry.fault.chance : undefined;
      if (chance !== undefined && !this.#prng.chance(chance)) continue;
      entry.left -= 1;
      return entry;
    }
    return null;
  }
}

function matches(fault: Fault, target: Target): boolean {
  if (fault.kind === 'reorderEvents') {
    return [fault.first, fault.second].every((event) => target.together?.includes(event) === true);
  }
  if ('guildId' in fault && fault.guildId !== undefined && fault.guildId !== target.guildId)
    return false;
  if ('events' in fault && fault.events !== undefined) {
    return target.event !== undefined && fault.events.includes(target.event);
  }
  if ('route' in fault && fault.route !== undefined) {
    return target.route?.includes(fault.route) === true;
  }
  return true;
}
