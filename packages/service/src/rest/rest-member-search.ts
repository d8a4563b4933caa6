import {
  type GuildId,
  type MemberPageWanted,
  type MemberSearch,
  memberPageBody,
  memberSearchBody,
  memberSearchFromPayload,
  type SearchAnswer,
  type SearchedMember,
  type UserId,
} from 'wherefrom';
import type { DiscordRest, RestAnswer } from './discord-rest.ts';
import { SearchBreaker } from './search-breaker.ts';

/** Why a search brought nothing to work with. */
export type SearchFailure = Extract<SearchAnswer, { readonly kind: 'failed' }>;

/** One page of everybody who joined in a time. */
export type RecordPage = SearchPage | SearchFailure;

export interface SearchPage {
  readonly kind: 'answered';
  readonly requestedAt: number;
  readonly answeredAt: number;
  readonly members: readonly SearchedMember[];
  readonly entries: number;
  readonly total: number | null;
}

/** What an operator may want to know; the first is of one guild, the second of all. */
export type SearchReport =
  | { readonly kind: 'refused'; readonly guildId: GuildId; readonly code: number | null }
  | { readonly kind: 'withdrawn'; readonly why: string };

export interface RestMemberSearchOptions {
  readonly rest: DiscordRest;
  /** Discord's clock, ms since 1970. */
  readonly now: () => number;
  /** The bot has Manage Server there, as far as its roles tell: then a 403 is about the endpoint. */
  readonly mayManage: (guildId: GuildId) => boolean;
  readonly report: (report: SearchReport) => void;
  /** How long a search waits for Discord's limits; no log line waits for it. 60 s if not said. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 60_000;
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 5 * 60_000;
/** As long as nothing is sent after a 401 of another request. */
const TOKEN_RETRY_MS = 60_000;
/** JSON error codes. */
const BOTS_MAY_NOT = 20_001;
const UNKNOWN_GUILD = 10_004;

/**
 * Discord's own record of how members came, over REST (Q29). Never rejects. A guild that refuses is
 * not asked again until something changes there, which is for those who ask to know; whether
 * anybody may ask is decided here. One request of a guild is under way at a time, as with every
 * route: the REST library queues them.
 */
export class RestMemberSearch implements MemberSearch {
  readonly #options: RestMemberSearchOptions;
  readonly #breaker = new SearchBreaker();
  #failures = 0;

  constructor(options: RestMemberSearchOptions) {
    this.#options = options;
  }

  async search(guildId: GuildId, userIds: readonly UserId[]): Promise<SearchAnswer> {
    const page = await this.#ask(guildId, memberSearchBody(userIds));
    if (page.kind === 'failed') return page;
    const { kind, requestedAt, answeredAt } = page;
    // Whoever else is in the answer was not asked for.
    const hits = page.members
      .filter(({ userId }) => userIds.includes(userId))
      .map(({ userId, joinedAt, origin }) => ({ userId, joinedAt, origin }));
    return { kind, requestedAt, answeredAt, hits };
  }

  /** Everybody who joined in a time, first joins first, as far as fits on one page. */
  page(guildId: GuildId, wanted: MemberPageWanted): Promise<RecordPage> {
    return this.#ask(guildId, memberPageBody(wanted));
  }

  async #ask(guildId: GuildId, body: unknown): Promise<RecordPage> {
    const { rest, now, patienceMs = PATIENCE_MS } = this.#options;
    const pauseMs = this.#breaker.pauseMs(now());
    if (pauseMs > 0) return failed('withdrawn', pauseMs);
    const answer = await rest.request({
      method: 'POST',
      path: `/guilds/${guildId}/members-search`,
      body,
      patienceMs,
      undocumented: true,
    });
    switch (answer.kind) {
      case 'answered':
        return this.#read(guildId, answer);
      case 'refused':
        return await this.#refused(guildId, answer);
      case 'rate-limited':
        return failed('unavailable', answer.retryAfterMs);
      case 'token-refused':
        return failed('unavailable', TOKEN_RETRY_MS);
      case 'unreachable':
        return this.#unavailable();
    }
  }

  #read(guildId: GuildId, answer: Answered): RecordPage {
    const reading = memberSearchFromPayload(answer.body, guildId);
    // 202 is "not yet" whatever stands in it.
    if (reading.kind === 'not-indexed') return failed('not-indexed', reading.retryAfterMs);
    if (answer.status === 202) return failed('not-indexed', FIRST_RETRY_MS);
    if (reading.kind === 'malformed') return this.#unavailable();
    this.#failures = 0;
    const { members, entries, total } = reading;
    const { requestedAt, answeredAt } = answer;
    return { kind: 'answered', requestedAt, answeredAt, members, entries, total };
  }

  /** Asked ever more rarely while nothing usable comes. */
  #unavailable(): SearchFailure {
    const retryAfterMs = Math.min(FIRST_RETRY_MS * 2 ** this.#failures, LONGEST_RETRY_MS);
    this.#failures += 1;
    return failed('unavailable', retryAfterMs);
  }

  async #refused(guildId: GuildId, { status, code }: Refused): Promise<SearchFailure> {
    // The guild is not there (any more): that says nothing of the endpoint.
    const isAboutGuild = status === 403 || (status === 404 && code === UNKNOWN_GUILD);
    if (isAboutGuild && code !== BOTS_MAY_NOT) return this.#refusedThere(guildId, code);
    if (status === 401 && !(await this.#tokenHolds())) return this.#unavailable();
    return this.#withdraw(code === null ? `HTTP ${status}` : `HTTP ${status}, code ${code}`);
  }

  #refusedThere(guildId: GuildId, code: number | null): SearchFailure {
    const { now, mayManage, report } = this.#options;
    const isOddlyRefused = mayManage(guildId) && this.#breaker.pauseMs(now()) === 0;
    if (isOddlyRefused && this.#breaker.noteRefusal(guildId, now())) {
      report({ kind: 'withdrawn', why: 'refused in several servers that the bot may manage' });
      return failed('withdrawn', this.#breaker.pauseMs(now()));
    }
    report({ kind: 'refused', guildId, code });
    return failed('refused', null);
  }

  #withdraw(why: string): SearchFailure {
    const { now, report } = this.#options;
    if (this.#breaker.pauseMs(now()) === 0) {
      this.#breaker.withdraw(now());
      report({ kind: 'withdrawn', why });
    }
    return failed('withdrawn', this.#breaker.pauseMs(now()));
  }

  /**
   * A 401 may mean the token or only this endpoint. If it is the token, the probe shows it, and
   * search is as innocent as the rest; if nobody answers, that is found out another time.
   */
  async #tokenHolds(): Promise<boolean> {
    const { rest } = this.#options;
    const answer = await rest.request({ method: 'GET', path: '/users/@me', probe: true });
    return answer.kind === 'answered';
  }
}

type Answered = Extract<RestAnswer, { readonly kind: 'answered' }>;
type Refused = Extract<RestAnswer, { readonly kind: 'refused' }>;

function failed(failure: SearchFailure['failure'], retryAfterMs: number | null): SearchFailure {
  return { kind: 'failed', failure, retryAfterMs };
}
