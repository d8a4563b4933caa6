import {
  type Attribution,
  type Effect,
  emptyState,
  type GuildState,
  type InviteCode,
  type ListedMember,
  type Observation,
  type Origin,
  type SearchMode,
  step,
  type UserId,
} from '../../packages/core/src/index.ts';
import type { Chance } from '../engine/properties-chance.ts';

type Wanted<Kind extends Effect['kind']> = Extract<Effect, { readonly kind: Kind }>;

/** A member list that ends somewhere goes no further than this. */
const PAGES = 6;

/**
 * A journal with all that the engine asks for meanwhile: wakes, pages of the member list, Discord's
 * own record. What these say is made up, the order of the pages included.
 */
export function answered(
  journal: readonly Observation[],
  draw: Chance,
  search = draw.pick<SearchMode>(['off', 'ambiguous', 'always']),
): Observation[] {
  const told = new Told(draw);
  for (const observation of journal) {
    const until = observation.kind === 'gap' ? observation.from : observation.at;
    told.wakeUntil(until);
    told.feed(observation.kind === 'access' ? { ...observation, search } : observation);
  }
  return told.observations;
}

class Told {
  readonly observations: Observation[] = [];
  readonly #draw: Chance;
  readonly #answers = new Map<UserId, Attribution>();
  #state: GuildState = emptyState();
  #wakeAt: number | null = null;
  #pages = 0;

  constructor(draw: Chance) {
    this.#draw = draw;
  }

  wakeUntil(until: number): void {
    for (let wakes = 0; this.#wakeAt !== null && this.#wakeAt <= until && wakes < 50; wakes += 1) {
      const at = Math.max(this.#wakeAt, this.observations.at(-1)?.at ?? 0);
      this.#wakeAt = null;
      this.feed({ kind: 'time', at });
    }
  }

  feed(observation: Observation): void {
    this.observations.push(observation);
    const { state, effects } = step(this.#state, observation);
    this.#state = state;
    for (const effect of effects) {
      if (effect.kind === 'wake') this.#wakeAt = effect.at;
      if (effect.kind === 'record') {
        this.#answers.set(effect.attribution.userId, effect.attribution);
      }
    }
    for (const effect of effects) {
      if (effect.kind === 'fetch-members') this.feed(this.#page(effect, observation.at));
      if (effect.kind === 'search-members') this.feed(this.#record(effect, observation.at));
    }
  }

  #page({ since, until, after }: Wanted<'fetch-members'>, at: number): Observation {
    const draw = this.#draw;
    if (draw.maybe(10)) {
      const failure = draw.pick(['unavailable', 'refused'] as const);
      return { kind: 'lookup-failed', at, what: 'members', failure };
    }
    this.#pages += 1;
    const members = ['u1', 'u2', 'm1', 'm2'].flatMap((name): ListedMember[] => {
      if (!draw.maybe(40)) return [];
      const joinedAt = draw.between(since, until);
      const userId = `${name}` as UserId;
      return [{ userId, joinedAt, bot: draw.maybe(10), roleIds: [], member: null }];
    });
    const ends = this.#pages >= PAGES || draw.maybe(40);
    // Mostly forward, sometimes in circles; of names that are also members', and of other lengths.
    const next = ends ? null : (draw.pick(['9', 'u1', 'u2', 'zz9', 'a']) as UserId);
    return { kind: 'members', at, requestedAt: at, since, until, after, members, next };
  }

  #record({ userIds }: Wanted<'search-members'>, at: number): Observation {
    const draw = this.#draw;
    if (draw.maybe(15)) {
      const failure = draw.pick(['unavailable', 'not-indexed', 'withdrawn', 'refused'] as const);
      return { kind: 'search-failed', at, failure, retryAt: draw.maybe(50) ? at + 700 : null };
    }
    const hits = userIds.flatMap((userId) => {
      const known = this.#answers.get(userId);
      if (known === undefined || draw.maybe(40)) return [];
      return [
        { userId, joinedAt: known.joinedAt + draw.pick([0, 500, 90_000]), origin: this.#origin() },
      ];
    });
    const known = hits.flatMap(({ userId }) => this.#answers.get(userId) ?? []);
    return { kind: 'searched', at, requestedAt: at - 100, asked: userIds, hits, known };
  }

  #origin(): Origin | null {
    const code = this.#draw.pick(['A', 'B', 'C']) as InviteCode;
    return this.#draw.pick<Origin | null>([
      { kind: 'invite', code, inviterId: `${code}-owner` as UserId },
      { kind: 'hub' },
      { kind: 'other', type: 42 },
      null,
    ]);
  }
}
