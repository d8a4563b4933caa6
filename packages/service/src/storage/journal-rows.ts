import type { DatabaseSync } from 'node:sqlite';
import {
  ENGINE_CONSTANTS,
  type GuildId,
  type GuildState,
  type GuildStep,
  storedState,
} from 'wherefrom';
import type { StepFollower } from '../gateway/resume-rows.ts';
import { prepare, type Statement } from './statements.ts';

const DAY_MS = 86_400_000;
/** Of each guild; the oldest goes first. In bytes. */
const KEPT_BYTES = 32 * 2 ** 20;
/** A segment is dropped as a whole, so none grows beyond these. */
const SEGMENT_MS = DAY_MS;
const SEGMENT_BYTES = KEPT_BYTES / 8;

/** Where the latest step of a guild stands. */
interface Place {
  readonly segment: number;
  readonly step: number;
  readonly startedAt: number;
  /** Of the segment, roughly: a step that was tried twice counts twice. */
  readonly bytes: number;
  /** Weak: the tracker holds it as long as the step may be tried again. */
  readonly before: WeakRef<GuildState>;
  readonly after: GuildState;
}

export interface JournalLimits {
  readonly segmentBytes: number;
  readonly keptBytes: number;
}

/** The entries of the steps that are written, within the transactions of the steps. */
export class JournalRows implements StepFollower {
  readonly #limits: JournalLimits;
  readonly #places = new Map<GuildId, Place>();
  readonly #write: Statement<never>;
  readonly #last: Statement<{ readonly segment: number | null }>;
  readonly #sizes: Statement<{ readonly segment: number; readonly bytes: number }>;
  readonly #drop: Statement<never>;

  constructor(
    sqlite: DatabaseSync,
    limits: JournalLimits = { segmentBytes: SEGMENT_BYTES, keptBytes: KEPT_BYTES },
  ) {
    this.#limits = limits;
    this.#write = prepare(
      sqlite,
      `insert into journal (guild, segment, step, at, entry)
       values (:guild, :segment, :step, :at, :entry)
       on conflict do update set at = excluded.at, entry = excluded.entry`,
    );
    this.#last = prepare(
      sqlite,
      'select max(segment) as segment from journal where guild = :guild',
    );
    this.#sizes = prepare(
      sqlite,
      `select segment, sum(octet_length(entry)) as bytes from journal
       where guild = :guild and segment < :current group by segment order by segment desc`,
    );
    this.#drop = prepare(
      sqlite,
      'delete from journal where guild = :guild and segment <= :segment',
    );
  }

  /** A step that is written again, because it failed or only seemed to, has one entry. */
  write(step: GuildStep): void {
    const place = this.#placeOf(step);
    const { guildId, before, at, observations, records } = step;
    const startsAt = observations[0]?.at ?? at;
    if (place.step === 1) {
      const state = { constants: ENGINE_CONSTANTS, state: storedState(before) };
      this.#put(guildId, { ...place, step: 0 }, startsAt, state);
      this.#makeRoom(guildId, place.segment);
    }
    const bytes = this.#put(guildId, place, startsAt, { observations, answers: records });
    this.#places.set(guildId, { ...place, bytes: place.bytes + bytes });
  }

  /** Where its entry stands is known already. */
  finished(): void {}

  #put(guild: GuildId, { segment, step }: Place, at: number, content: object): number {
    const entry = JSON.stringify(content);
    this.#write.run({ guild, segment, step, at, entry });
    return entry.length;
  }

  /**
   * A segment goes on as long as each step begins with the very state that the one before it
   * ended with. What was not recorded in between (a restart, a time without the setting) begins another.
   */
  #placeOf({ guildId, at, before, state }: GuildStep): Place {
    const last = this.#places.get(guildId);
    if (last !== undefined && before === last.before.deref()) return { ...last, after: state };
    const next = { before: new WeakRef(before), after: state };
    const goesOn =
      last !== undefined &&
      before === last.after &&
      last.bytes < this.#limits.segmentBytes &&
      at - last.startedAt < SEGMENT_MS;
    if (goesOn) return { ...last, ...next, step: last.step + 1 };
    const stored = this.#last.one({ guild: guildId })?.segment ?? 0;
    const segment = Math.max(stored, last?.segment ?? 0) + 1;
    return { ...next, segment, step: 1, startedAt: at, bytes: 0 };
  }

  #makeRoom(guild: GuildId, current: number): void {
    const { segmentBytes, keptBytes } = this.#limits;
    let bytes = segmentBytes;
    for (const { segment, bytes: own } of this.#sizes.all({ guild, current })) {
      bytes += own;
      if (bytes <= keptBytes) continue;
      this.#drop.run({ guild, segment });
      return;
    }
  }
}
