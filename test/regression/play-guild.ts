import {
  type Attribution,
  type Effect,
  emptyState,
  type GapCause,
  type GuildState,
  type InviteCode,
  type KnownMember,
  type ListedMember,
  type Observation,
  step,
  type UserId,
} from '../../packages/core/src/index.ts';
import type { GivenGuild } from './notation.ts';
import { accessOf, listInvites, readVanity, type SmallGuild, smallGuild } from './small-discord.ts';
import type { Timeline } from './timeline.ts';

export interface Told {
  readonly first: Attribution;
  readonly last: Attribution;
}

/** No request leaves in the millisecond of the event that asks for it. */
const SENT_AFTER_MS = 1;

export function nameOfJoin(userId: string, joinedAt: number): string {
  return `${userId}@${joinedAt}`;
}

/** One guild and one engine: what happens at Discord goes in, requests are answered, answers kept. */
export class GuildPlay {
  readonly discord: SmallGuild;
  readonly journal: Observation[] = [];
  readonly told = new Map<string, Told>();
  readonly calls = { lists: 0, vanity: 0 };
  /** While away nothing of the guild reaches the bot; while held it comes after a resume. */
  readonly link: { state: 'there' | 'away' | 'held'; since: number };
  openRequests = 0;
  /** How much later requests leave; 0 is at once. */
  delayMs = 0;
  readonly #timeline: Timeline;
  readonly #held: Observation[] = [];
  readonly #members = new Map<UserId, KnownMember>();
  /** Who is really there, whether the bot was told or not. */
  readonly #residents = new Map<UserId, ListedMember>();
  #missed = 0;
  #state: GuildState = emptyState();
  #withdrawWake = (): void => {};

  constructor(given: GivenGuild, timeline: Timeline, startsAt: number) {
    this.discord = smallGuild(given, startsAt);
    this.#timeline = timeline;
    this.link = { state: 'there', since: timeline.now() };
  }

  /** An event of the gateway; lost or held back where the bot cannot hear it. */
  hear(observation: Observation): void {
    this.#move(observation);
    if (this.link.state === 'there') this.observe(observation);
    else if (this.link.state === 'held') this.#held.push(observation);
  }

  #move(observation: Observation): void {
    if (observation.kind === 'leave') this.#residents.delete(observation.userId);
    if (observation.kind !== 'join' || observation.joinedAt === null) return;
    const { userId, joinedAt, bot, roleIds } = observation;
    if (this.#residents.get(userId)?.joinedAt === joinedAt) return;
    this.#residents.set(userId, { userId, joinedAt, bot, roleIds, member: null });
    if (this.link.state === 'away') this.#missed += 1;
  }

  /** Something that the shell finds out. */
  observe(observation: Observation): void {
    const known = withMember(observation, this.#members);
    this.journal.push(known);
    const taken = step(this.#state, known);
    this.#state = taken.state;
    for (const effect of taken.effects) this.#perform(effect);
  }

  /** GUILD_CREATE after a time of silence. */
  arrive(from: number, cause: GapCause): void {
    this.link.state = 'there';
    const at = this.#timeline.now();
    this.observe({ kind: 'access', at, ...accessOf(this.discord.perms) });
    const vanityCode = (this.discord.vanity?.code ?? null) as InviteCode | null;
    this.observe({ kind: 'guild', at, vanityCode, manualApproval: false });
    // Of a guild that removed the bot nobody knows how many members it had.
    const turnover = this.#missed > 0 && cause !== 'removed';
    this.observe({ kind: 'gap', at, from, to: at, cause, turnover });
    this.#missed = 0;
  }

  /** The session is resumed: what was held back comes now. */
  release(): void {
    this.link.state = 'there';
    const at = this.#timeline.now();
    for (const each of this.#held.splice(0)) {
      this.observe(each.kind === 'join' ? { ...each, at, replayed: true } : { ...each, at });
    }
    this.observe({ kind: 'session', at, state: 'resumed' });
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case 'fetch-invites':
        this.calls.lists += 1;
        return this.#ask((requestedAt) => this.#listAnswer(requestedAt));
      case 'fetch-vanity':
        this.calls.vanity += 1;
        return this.#ask((requestedAt) => this.#vanityAnswer(requestedAt));
      case 'fetch-members':
        return this.#ask((requestedAt) => this.#membersAnswer(effect, requestedAt));
      case 'search-members':
        throw new Error('no row has member search');
      case 'fetch-targets':
        throw new Error('no row has targeted invites');
      case 'wake':
        return this.#wakeAt(effect.at);
      case 'record':
        return this.#keep(effect.attribution);
      case 'member':
        this.#members.set(effect.userId, { joinedAt: effect.joinedAt, present: true });
        return;
      case 'left': {
        const member = this.#members.get(effect.userId);
        if (member) this.#members.set(effect.userId, { ...member, present: false });
        return;
      }
      case 'invites-changed':
      case 'note':
        return;
    }
  }

  /** REST reads the world when the request comes in, and answers after the latency. */
  #ask(send: (requestedAt: number) => (at: number) => Observation): void {
    const timeline = this.#timeline;
    this.openRequests += 1;
    timeline.schedule(timeline.now() + Math.max(this.delayMs, SENT_AFTER_MS), () => {
      const answer = send(timeline.now());
      timeline.schedule(timeline.now() + this.discord.latencyMs, () => {
        this.openRequests -= 1;
        this.observe(answer(timeline.now()));
      });
    });
  }

  #listAnswer(requestedAt: number): (at: number) => Observation {
    const invites = listInvites(this.discord, requestedAt);
    return (at) =>
      typeof invites === 'string'
        ? { kind: 'lookup-failed', at, what: 'invites', failure: invites }
        : { kind: 'invites', at, requestedAt, invites, complete: true };
  }

  #vanityAnswer(requestedAt: number): (at: number) => Observation {
    const vanity = readVanity(this.discord);
    return (at) => {
      if (typeof vanity === 'string') {
        return { kind: 'lookup-failed', at, what: 'vanity', failure: vanity };
      }
      const code = (vanity?.code ?? null) as InviteCode | null;
      return { kind: 'vanity', at, requestedAt, code, uses: vanity?.uses ?? null };
    };
  }

  #membersAnswer(
    { since, until, after }: Extract<Effect, { readonly kind: 'fetch-members' }>,
    requestedAt: number,
  ): (at: number) => Observation {
    const members = [...this.#residents.values()]
      .filter(({ joinedAt }) => joinedAt >= since && joinedAt <= until)
      .map((each) => ({ ...each, member: this.#members.get(each.userId) ?? null }));
    return (at) => ({
      kind: 'members',
      at,
      requestedAt,
      since,
      until,
      after,
      members,
      next: null,
    });
  }

  #wakeAt(at: number | null): void {
    this.#withdrawWake();
    this.#withdrawWake = () => {};
    if (at === null) return;
    this.#withdrawWake = this.#timeline.schedule(at, () =>
      this.observe({ kind: 'time', at: this.#timeline.now() }),
    );
  }

  #keep(attribution: Attribution): void {
    const name = nameOfJoin(attribution.userId, attribution.joinedAt);
    const first = this.told.get(name)?.first ?? attribution;
    this.told.set(name, { first, last: attribution });
  }
}

function withMember(
  observation: Observation,
  members: ReadonlyMap<UserId, KnownMember>,
): Observation {
  if (observation.kind !== 'join') return observation;
  return { ...observation, member: members.get(observation.userId) ?? null };
}
