import {
  type GuildId,
  MEMBERS_PER_PAGE,
  type MemberList,
  type MemberPage,
  membersFromPayload,
  type PageWanted,
  type Profile,
  type UserId,
} from 'wherefrom';
import type { DiscordRest } from './discord-rest.ts';
import { refusal, unavailable } from './refusal.ts';

export interface RestMemberListOptions {
  readonly rest: DiscordRest;
  /** Our own id: we are on the list too, and how we came is no question. */
  readonly myId: () => UserId | null;
  /** Told of each member who is handed on, for the names in the join log. */
  readonly seen?: (member: Profile) => void;
}

/** The member list over REST, by user id. Needs the Server Members Intent. Never rejects. */
export class RestMemberList implements MemberList {
  readonly #rest: DiscordRest;
  readonly #myId: () => UserId | null;
  readonly #seen: (member: Profile) => void;

  constructor({ rest, myId, seen = () => {} }: RestMemberListOptions) {
    this.#rest = rest;
    this.#myId = myId;
    this.#seen = seen;
  }

  async page(guildId: GuildId, wanted: PageWanted): Promise<MemberPage> {
    const { after, since, until } = wanted;
    const query = { limit: String(MEMBERS_PER_PAGE), after: after ?? '0' };
    const path = `/guilds/${guildId}/members` as const;
    const answer = await this.#rest.request({ method: 'GET', path, query });
    if (answer.kind !== 'answered') return refusal(answer);
    const page = membersFromPayload(answer.body);
    if (page.kind === 'malformed') return unavailable;
    const { requestedAt, answeredAt } = answer;
    const myId = this.#myId();
    const listed = page.value.members.filter(
      ({ joinedAt, profile }) => joinedAt >= since && joinedAt <= until && profile.userId !== myId,
    );
    for (const { profile } of listed) this.#seen(profile);
    const members = listed.map(({ joinedAt, profile: { userId, bot }, roleIds }) => {
      return { userId, joinedAt, bot, roleIds };
    });
    return { kind: 'answered', requestedAt, answeredAt, members, next: page.value.next };
  }
}
