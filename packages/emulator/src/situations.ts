import type { Dispatch, Note } from './world/dispatch.ts';
import type { EndReason, Origin } from './world/world.ts';

/** How often each situation arose that makes attribution hard. */
export type SituationCounts = {
  /** A use or a join happened between a list request's arrival and its reply. */
  readonly joinInFlight: number;
  /** A join's event was delivered after a list answer that already shows its use. */
  readonly eventAfterAnswer: number;
  /** A list answer hid a use because of the lag, or a use was counted after its join's event. */
  readonly lag: number;
  /** Invites that ended, by cause. */
  readonly ended: Readonly<Record<EndReason, number>>;
  /** Uses without a join, or whose join's event never reached a session. */
  readonly surplus: number;
  /** Human joins that no counter shows. */
  readonly deficit: number;
  /** Member-add events for somebody who was there already. */
  readonly repeat: number;
  /** Outages, removals of the bot, and sessions lost without a resume. */
  readonly gap: number;
  /** INVITE_CREATE delivered after a use of that invite. */
  readonly lateInviteCreate: number;
  /** List answers that were out of date. */
  readonly staleReplica: number;
  /** Joins in the same millisecond of the same guild. */
  readonly sameInstant: number;
  readonly search: Readonly<SearchCounts>;
};

/** How often member search, where it is asked, was behind. */
export type SearchCounts = {
  /** Answers 202 from an index that was not built yet. */
  cold: number;
  /** Present members who were asked for by id and not indexed yet. */
  unindexed: number;
  /** Members shown as they had been before they left and came again. */
  former: number;
};

/** What a list answer looked like, for the statistics. */
export type ListAnswer = { readonly lagged: boolean; readonly stale: boolean };

type Mutable = { -readonly [K in Exclude<keyof SituationCounts, 'ended' | 'search'>]: number };

/** An open list request. */
export type OpenList = {
  readonly guildId: string;
  readonly shows: Counters;
  readTick: number | null;
};

/** The two lists in which a use can show. */
export type Counters = 'invites' | 'vanity';

/** Counts situations from notes, answers and deliveries. Its clock is the order of things. */
export class Situations {
  #tick = 0;
  readonly #counts: Mutable = {
    joinInFlight: 0,
    eventAfterAnswer: 0,
    lag: 0,
    surplus: 0,
    deficit: 0,
    repeat: 0,
    gap: 0,
    lateInviteCreate: 0,
    staleReplica: 0,
    sameInstant: 0,
  };
  readonly #ended = { limit: 0, revoked: 0, expired: 0, channelDeleted: 0, vanished: 0 };
  readonly #search: SearchCounts = { cold: 0, unindexed: 0, former: 0 };
  readonly #openLists = new Set<OpenList>();
  /** Per code: the ticks of uses that no join has claimed yet. */
  readonly #unclaimed = new Map<string, number[]>();
  /** Per code: joins that have no use yet. */
  readonly #owed = new Map<string, number>();
  readonly #usedCodes = new Set<string>();
  /** Per member: the tick of their use, until the event is delivered. */
  readonly #undelivered = new Map<string, { tick: number; shows: Counters }>();
  readonly #answeredTick = new Map<string, number>();
  readonly #lastJoinAtMs = new Map<string, number>();

  /** Something happened in the world. */
  note(note: Note): void {
    this.#tick += 1;
    switch (note.kind) {
      case 'counted':
        this.#counted(note.guildId, note.code);
        return;
      case 'ended':
        this.#ended[note.by] += 1;
        return;
      case 'joined':
        this.#joined(note.guildId, note.record.userId, note.record.origin, note.record.joinedAtMs);
        return;
      case 'repeated':
        this.#counts.repeat += 1;
        return;
      case 'gap':
        this.#counts.gap += 1;
        return;
      case 'searched':
        this.#search.cold += note.cold ? 1 : 0;
        this.#search.unindexed += note.unindexed;
        this.#search.former += note.former;
        return;
    }
  }

  #counted(guildId: string, code: string): void {
    this.#flagInFlight(guildId);
    const key = `${guildId} ${code}`;
    this.#usedCodes.add(key);
    const owed = this.#owed.get(key) ?? 0;
    if (owed > 0) {
      // The event came first: what looked like a join without a use was a lag.
      this.#owed.set(key, owed - 1);
      this.#counts.deficit -= 1;
      this.#counts.lag += 1;
      return;
    }
    const ticks = this.#unclaimed.get(key) ?? [];
    ticks.push(this.#tick);
    this.#unclaimed.set(key, ticks);
    this.#counts.surplus += 1;
  }

  #joined(guildId: string, userId: string, origin: Origin, joinedAtMs: number): void {
    if (this.#lastJoinAtMs.get(guildId) === joinedAtMs) this.#counts.sameInstant += 1;
    this.#lastJoinAtMs.set(guildId, joinedAtMs);
    if (origin.kind === 'bot') return;
    if (origin.kind === 'none') {
      this.#counts.deficit += 1;
      this.#flagInFlight(guildId);
      return;
    }
    const key = `${guildId} ${origin.code}`;
    const tick = this.#unclaimed.get(key)?.shift();
    if (tick === undefined) {
      this.#owed.set(key, (this.#owed.get(key) ?? 0) + 1);
      this.#counts.deficit += 1;
      return;
    }
    // Until its event reaches a session, the use remains one that nobody can explain.
    const shows = origin.kind === 'vanity' ? 'vanity' : 'invites';
    this.#undelivered.set(`${guildId} ${userId}`, { tick, shows });
  }

  #flagInFlight(guildId: string): void {
    for (const open of this.#openLists) {
      if (open.guildId === guildId) this.#counts.joinInFlight += 1;
    }
  }

  /** A list request arrived. */
  listOpened(guildId: string, shows: Counters): OpenList {
    const open: OpenList = { guildId, shows, readTick: null };
    this.#openLists.add(open);
    return open;
  }

  /** The request read the world. */
  listRead(open: OpenList, answer: ListAnswer): void {
    if (answer.lagged) this.#counts.lag += 1;
    if (answer.stale) this.#counts.staleReplica += 1;
    if (!answer.lagged && !answer.stale) open.readTick = this.#tick;
  }

  /** The reply went out, or never will. */
  listClosed(open: OpenList, answered: boolean): void {
    this.#openLists.delete(open);
    if (!answered || open.readTick === null) return;
    const key = `${open.guildId} ${open.shows}`;
    const before = this.#answeredTick.get(key) ?? -1;
    this.#answeredTick.set(key, Math.max(before, open.readTick));
  }

  /** An event reached a session. */
  delivered(dispatch: Dispatch): void {
    const { userId, code } = dispatch.subject;
    if (dispatch.event === 'INVITE_CREATE' && this.#usedCodes.has(`${dispatch.guildId} ${code}`)) {
      this.#counts.lateInviteCreate += 1;
    }
    if (dispatch.event !== 'GUILD_MEMBER_ADD' || userId === undefined) return;
    const key = `${dispatch.guildId} ${userId}`;
    const use = this.#undelivered.get(key);
    if (use === undefined) return;
    this.#undelivered.delete(key);
    this.#counts.surplus -= 1;
    const answered = this.#answeredTick.get(`${dispatch.guildId} ${use.shows}`) ?? -1;
    if (answered >= use.tick) this.#counts.eventAfterAnswer += 1;
  }

  /** A session was lost for good. */
  gap(): void {
    this.#counts.gap += 1;
  }

  /** An event was sent twice by a fault. */
  repeated(): void {
    this.#counts.repeat += 1;
  }

  /** The counts so far. */
  counts(): SituationCounts {
    return { ...this.#counts, ended: { ...this.#ended }, search: { ...this.#search } };
  }
}
