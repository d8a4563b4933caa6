import { LIST_SPACING_MS } from '../engine/constants.ts';
import type { GuildId, InviteCode, UserId } from '../engine/ids.ts';
import type { Observation } from '../engine/observation.ts';
import type {
  Clock,
  InviteSource,
  MemberList,
  PageWanted,
  Refusal,
  SearchAnswer,
  TrackerPorts,
} from './ports.ts';

type SearchFailure = Extract<SearchAnswer, { readonly kind: 'failed' }>;

/** What the requests of all guilds share. */
export interface RequestShell {
  readonly ports: TrackerPorts;
  requestOpened(): void;
  requestClosed(): void;
  listSpacing(): number;
  refreshSlot(): number;
  /** When the next page of a member list may be read. */
  memberSlot(): number;
}

/** The requests of one guild. Each ends in exactly one observation, whatever the source does. */
export interface Requests {
  /** At once if a join waits for it, else in the next free slot of the start. */
  invites(joinWaits: boolean): void;
  /** Once a join waits, a list that waits for its slot is read now. */
  hurry(joinWaits: () => boolean): void;
  vanity(): void;
  targets(code: InviteCode): void;
  /** In the next free slot of the few that member lists get. */
  members(page: PageWanted): void;
  search(userIds: readonly UserId[]): void;
  /** True while any has no answer yet. */
  open(): boolean;
  /** Withdraws what was not sent; answers that come later are not observed. */
  stop(): void;
}

/** A source that has not answered after this long never will: the joins must not wait for ever. */
export const ANSWER_WITHIN_MS = 180_000;

const UNAVAILABLE: Refusal = { kind: 'failed', failure: 'unavailable' };

export function createRequests(
  guildId: GuildId,
  shell: RequestShell,
  observe: (observation: Observation) => void,
): Requests {
  return new GuildRequests(guildId, shell, observe);
}

class GuildRequests implements Requests {
  readonly #guildId: GuildId;
  readonly #shell: RequestShell;
  readonly #observe: (observation: Observation) => void;
  readonly #clock: Clock;
  readonly #source: InviteSource;
  #lastListAt = Number.NEGATIVE_INFINITY;
  #queued: { readonly at: number; readonly withdraw: () => void } | null = null;
  /** More than one where another gap was named while a page waited for its slot. */
  readonly #queuedPages = new Set<() => void>();
  #open = 0;
  #stopped = false;

  constructor(guildId: GuildId, shell: RequestShell, observe: (observation: Observation) => void) {
    this.#guildId = guildId;
    this.#shell = shell;
    this.#observe = observe;
    this.#clock = shell.ports.clock;
    this.#source = shell.ports.source;
  }

  invites(joinWaits: boolean): void {
    const at = joinWaits ? this.#spacedTime() : this.#shell.refreshSlot();
    this.#opened();
    this.#sendListAt(at);
  }

  hurry(joinWaits: () => boolean): void {
    const queued = this.#queued;
    if (queued === null || queued.at <= this.#spacedTime() || !joinWaits()) return;
    queued.withdraw();
    this.#sendListAt(this.#spacedTime());
  }

  vanity(): void {
    this.#opened();
    void this.#ask(
      () => this.#readVanity(),
      () => this.#lookupFailed('vanity', UNAVAILABLE),
    );
  }

  targets(code: InviteCode): void {
    const requestedAt = this.#clock.now();
    const unread = { kind: 'targets', requestedAt, code, userIds: null } as const;
    this.#opened();
    void this.#ask(
      () => this.#readTargets(code),
      () => ({ ...unread, at: this.#clock.now() }),
    );
  }

  members(wanted: PageWanted): void {
    const { ports, memberSlot } = this.#shell;
    this.#opened();
    const failed = (failure: Refusal['failure']) => () =>
      this.#lookupFailed('members', { kind: 'failed', failure });
    const { members: list } = ports;
    if (list === undefined)
      return void this.#ask(async () => failed('refused')(), failed('refused'));
    const withdraw = this.#clock.schedule(memberSlot(), () => {
      this.#queuedPages.delete(withdraw);
      void this.#ask(() => this.#readPage(list, wanted), failed('unavailable'));
    });
    this.#queuedPages.add(withdraw);
  }

  search(userIds: readonly UserId[]): void {
    this.#opened();
    void this.#ask(
      () => this.#readRecords(userIds),
      () => this.#searchFailed({ failure: 'unavailable', retryAfterMs: null }),
    );
  }

  open(): boolean {
    return this.#open > 0;
  }

  stop(): void {
    this.#stopped = true;
    const list = this.#queued === null ? [] : [this.#queued.withdraw];
    for (const withdraw of [...list, ...this.#queuedPages]) {
      withdraw();
      this.#closed();
    }
    this.#queued = null;
    this.#queuedPages.clear();
  }

  #opened(): void {
    this.#open += 1;
    this.#shell.requestOpened();
  }

  #closed(): void {
    this.#open -= 1;
    this.#shell.requestClosed();
  }

  /** Observes the answer, or `failed` if there is none. */
  async #ask(answer: () => Promise<Observation>, failed: () => Observation): Promise<void> {
    const outcome = await this.#withinTime(answer).catch((cause: unknown) => {
      this.#shell.ports.report?.({ guildId: this.#guildId, kind: 'source-threw', cause });
      return failed();
    });
    if (!this.#stopped) this.#observe(outcome);
    this.#closed();
  }

  async #withinTime(answer: () => Promise<Observation>): Promise<Observation> {
    let withdraw = (): void => {};
    const late = new Promise<never>((_, reject) => {
      const silent = new Error(`no answer within ${ANSWER_WITHIN_MS / 1000} s`);
      withdraw = this.#clock.schedule(this.#clock.now() + ANSWER_WITHIN_MS, () => reject(silent));
    });
    try {
      return await Promise.race([answer(), late]);
    } finally {
      withdraw();
    }
  }

  #lookupFailed(what: 'invites' | 'vanity' | 'members', { failure }: Refusal): Observation {
    return { kind: 'lookup-failed', at: this.#clock.now(), what, failure };
  }

  async #readInvites(): Promise<Observation> {
    const answer = await this.#source.invites(this.#guildId);
    if (answer.kind === 'failed') return this.#lookupFailed('invites', answer);
    const { requestedAt, answeredAt, invites, complete } = answer;
    return { kind: 'invites', at: answeredAt, requestedAt, invites, complete };
  }

  async #readVanity(): Promise<Observation> {
    const answer = await this.#source.vanity(this.#guildId);
    if (answer.kind === 'failed') return this.#lookupFailed('vanity', answer);
    const { requestedAt, answeredAt, code, uses } = answer;
    return { kind: 'vanity', at: answeredAt, requestedAt, code, uses };
  }

  async #readTargets(code: InviteCode): Promise<Observation> {
    const { requestedAt, answeredAt, userIds } = await this.#source.targets(this.#guildId, code);
    return { kind: 'targets', at: answeredAt, requestedAt, code, userIds };
  }

  async #readPage(list: MemberList, wanted: PageWanted): Promise<Observation> {
    const { since, until, after } = wanted;
    const page = await list.page(this.#guildId, { after, since, until });
    if (page.kind === 'failed') return this.#lookupFailed('members', page);
    const { requestedAt, answeredAt, next } = page;
    const members = page.members
      .filter(({ joinedAt }) => joinedAt >= since && joinedAt <= until)
      .map((listed) => ({ ...listed, member: null }));
    return { kind: 'members', at: answeredAt, requestedAt, since, until, after, members, next };
  }

  async #readRecords(asked: readonly UserId[]): Promise<Observation> {
    const { search } = this.#shell.ports;
    if (search === undefined)
      return this.#searchFailed({ failure: 'withdrawn', retryAfterMs: null });
    const answer = await search.search(this.#guildId, asked);
    if (answer.kind === 'failed') return this.#searchFailed(answer);
    const { requestedAt, answeredAt } = answer;
    // A port that breaks its promise must fail here, where it is no failure of the store.
    const hits = [...answer.hits];
    return { kind: 'searched', at: answeredAt, requestedAt, asked, hits, known: [] };
  }

  #searchFailed(failed: Pick<SearchFailure, 'failure' | 'retryAfterMs'>): Observation {
    const at = this.#clock.now();
    const { failure, retryAfterMs } = failed;
    return {
      kind: 'search-failed',
      at,
      failure,
      retryAt: retryAfterMs === null ? null : at + retryAfterMs,
    };
  }

  #sendList(): void {
    this.#queued = null;
    this.#lastListAt = this.#clock.now();
    void this.#ask(
      () => this.#readInvites(),
      () => this.#lookupFailed('invites', UNAVAILABLE),
    );
  }

  #sendListAt(at: number): void {
    if (at <= this.#clock.now()) return this.#sendList();
    this.#queued = { at, withdraw: this.#clock.schedule(at, () => this.#sendList()) };
  }

  /** The engine keeps the shortest spacing itself; the bot's queue makes it longer. */
  #spacedTime(): number {
    const now = this.#clock.now();
    const spacing = this.#shell.listSpacing();
    return spacing > LIST_SPACING_MS ? Math.max(now, this.#lastListAt + spacing) : now;
  }
}
