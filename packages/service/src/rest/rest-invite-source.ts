import {
  type GuildId,
  type InviteCode,
  type InviteSource,
  type InvitesAnswer,
  inviteReadingsFromPayload,
  invitersFromPayload,
  isTargetsJobCompleted,
  type Profile,
  type TargetsAnswer,
  targetsFromCsv,
  type VanityAnswer,
  vanityFromPayload,
} from 'wherefrom';
import type { DiscordRest, RestAnswer } from './discord-rest.ts';
import { refusal, unavailable } from './refusal.ts';

export interface RestInviteSourceOptions {
  readonly rest: DiscordRest;
  readonly now: () => number;
  /** Told of each inviter in a list, for the names in the join log. */
  readonly seen?: (inviter: Profile) => void;
}

/**
 * Invite lists, vanity counters and target lists over REST. Never rejects. Who asks when is the
 * tracker's business; Discord's limits are kept by `DiscordRest`.
 */
export class RestInviteSource implements InviteSource {
  readonly #rest: DiscordRest;
  readonly #now: () => number;
  readonly #seen: (inviter: Profile) => void;

  constructor(options: RestInviteSourceOptions) {
    this.#rest = options.rest;
    this.#now = options.now;
    this.#seen = options.seen ?? (() => {});
  }

  async invites(guildId: GuildId): Promise<InvitesAnswer> {
    const answer = await this.#get(`/guilds/${guildId}/invites`);
    if (answer.kind !== 'answered') return refusal(answer);
    // Null is an answer that the specification allows; it proves nothing, but it did come.
    if (answer.body !== null && !Array.isArray(answer.body)) return unavailable;
    const { requestedAt, answeredAt } = answer;
    const list = inviteReadingsFromPayload(answer.body, guildId);
    for (const inviter of invitersFromPayload(answer.body)) this.#seen(inviter);
    return { kind: 'answered', requestedAt, answeredAt, ...list };
  }

  async vanity(guildId: GuildId): Promise<VanityAnswer> {
    const answer = await this.#get(`/guilds/${guildId}/vanity-url`);
    if (answer.kind !== 'answered') return refusal(answer);
    const vanity = vanityFromPayload(answer.body);
    if (vanity.kind === 'malformed') return unavailable;
    const { requestedAt, answeredAt } = answer;
    return { kind: 'answered', requestedAt, answeredAt, ...vanity.value };
  }

  /** The list counts only once its job is completed: before that it may be half written. */
  async targets(_guildId: GuildId, code: InviteCode): Promise<TargetsAnswer> {
    const path = `/invites/${encodeURIComponent(code)}/target-users` as const;
    const asked = this.#now();
    const job = await this.#get(`${path}/job-status`);
    if (job.kind !== 'answered' || !isTargetsJobCompleted(job.body)) return this.#nothing(asked);
    const list = await this.#get(path);
    if (list.kind !== 'answered') return this.#nothing(asked);
    const { requestedAt, answeredAt } = list;
    return { requestedAt, answeredAt, userIds: targetsFromCsv(list.body) };
  }

  #nothing(requestedAt: number): TargetsAnswer {
    return { requestedAt, answeredAt: this.#now(), userIds: null };
  }

  #get(path: `/${string}`): Promise<RestAnswer> {
    return this.#rest.request({ method: 'GET', path });
  }
}
