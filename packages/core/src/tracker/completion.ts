import type { Attribution } from '../engine/attribution.ts';
import type { Effect } from '../engine/effect.ts';
import type { GuildId, UserId } from '../engine/ids.ts';
import type { KnownMember, Observation } from '../engine/observation.ts';
import type { GuildStore } from './ports.ts';

/**
 * Observations hold all that the engine needs, what earlier steps stored of their people included:
 * so a journal replays without a store. Steps of one batch see each other before they are stored.
 */
export class Completion {
  readonly #guildId: GuildId;
  readonly #store: Pick<GuildStore, 'member' | 'answer'>;
  readonly #members = new Map<UserId, KnownMember>();
  readonly #answers = new Map<UserId, Attribution>();

  constructor(guildId: GuildId, store: Pick<GuildStore, 'member' | 'answer'>) {
    this.#guildId = guildId;
    this.#store = store;
  }

  async complete(observation: Observation): Promise<Observation> {
    switch (observation.kind) {
      case 'join':
      case 'member-seen':
        return { ...observation, member: await this.#member(observation.userId) };
      case 'members': {
        const members = [];
        for (const listed of observation.members) {
          members.push({ ...listed, member: await this.#member(listed.userId) });
        }
        return { ...observation, members };
      }
      case 'searched': {
        const users = new Set(observation.hits.map(({ userId }) => userId));
        const known = [];
        for (const userId of users) known.push(await this.#answer(userId));
        return { ...observation, known: known.filter((answer) => answer !== null) };
      }
      default:
        return observation;
    }
  }

  /** What a step of this batch concluded, for those that follow. */
  async note(effect: Effect): Promise<void> {
    if (effect.kind === 'member') {
      this.#members.set(effect.userId, { joinedAt: effect.joinedAt, present: true });
    } else if (effect.kind === 'left') {
      const known = await this.#member(effect.userId);
      if (known) this.#members.set(effect.userId, { ...known, present: false });
    } else if (effect.kind === 'record') {
      const { attribution } = effect;
      const known = this.#answers.get(attribution.userId) ?? null;
      this.#answers.set(attribution.userId, laterOf(attribution, known));
    }
  }

  async #member(userId: UserId): Promise<KnownMember | null> {
    return this.#members.get(userId) ?? (await this.#store.member(this.#guildId, userId));
  }

  async #answer(userId: UserId): Promise<Attribution | null> {
    const stored = await this.#store.answer(this.#guildId, userId);
    const fresh = this.#answers.get(userId);
    return fresh === undefined ? stored : laterOf(fresh, stored);
  }
}

/** The answer for the later join; of two for the same join the first. */
function laterOf(one: Attribution, other: Attribution | null): Attribution {
  return other !== null && other.joinedAt > one.joinedAt ? other : one;
}
