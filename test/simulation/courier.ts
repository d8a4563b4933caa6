import type { Dispatch } from '@wherefrom/emulator';
import type { ChanceOf } from './chance.ts';
import type { EventQueue } from './event-queue.ts';
import type { Session } from './session.ts';
import type { Weather } from './weather.ts';

/**
 * Carries events from the world to the session. Each draws its own delay. Those of one family and
 * guild keep their order, as they come from one service at Discord; families overtake each other.
 */
export class Courier {
  readonly #queue: EventQueue;
  readonly #weather: () => Weather;
  readonly #chanceOf: ChanceOf;
  readonly #lastDueMs = new Map<string, number>();

  constructor(queue: EventQueue, weather: () => Weather, chanceOf: ChanceOf) {
    this.#queue = queue;
    this.#weather = weather;
    this.#chanceOf = chanceOf;
  }

  /** Puts an event on its way to a session; nobody else will get it. */
  post(session: Session, dispatch: Dispatch): void {
    const prng = this.#chanceOf(`event ${nameOf(dispatch)} ${this.#queue.now}`);
    const weather = this.#weather();
    if (prng.chance(weather.lostEvents)) return;
    const family = familyOf(dispatch.event);
    const isAudit = family === 'audit';
    const slow = !isAudit && prng.chance(weather.slowEvents);
    const usual = isAudit ? weather.auditDelayMs : weather.eventDelayMs;
    const delayMs = Math.round(prng.between(slow ? weather.slowEventMs : usual));
    const at = this.#deliverAt(session, dispatch, family, this.#queue.now + delayMs);
    if (dispatch.event === 'GUILD_MEMBER_ADD' && prng.chance(weather.repeats)) {
      const again = shifted(dispatch, Math.round(prng.between([-900, 900])));
      const againMs = at + Math.round(prng.between([0, 3_000]));
      this.#queue.at(againMs, () => session.send(again.event, again.payload));
    }
  }

  /** The same, but nothing posted later in that guild may overtake it. */
  announce(session: Session, dispatch: Dispatch, dueMs: number): void {
    for (const family of FAMILIES) this.#lastDueMs.set(`${dispatch.guildId} ${family}`, dueMs);
    this.#queue.at(dueMs, () => session.send(dispatch.event, dispatch.payload));
  }

  /** An event that no action made: at once, but not before what is under way to that guild. */
  follow(session: Session, dispatch: Dispatch): void {
    this.#deliverAt(session, dispatch, familyOf(dispatch.event), this.#queue.now);
  }

  #deliverAt(session: Session, dispatch: Dispatch, family: string, dueMs: number): number {
    const key = `${dispatch.guildId} ${family}`;
    const at = Math.max(dueMs, this.#lastDueMs.get(key) ?? 0);
    this.#lastDueMs.set(key, at);
    this.#queue.at(at, () => session.send(dispatch.event, dispatch.payload));
    return at;
  }
}

const FAMILIES = ['members', 'invites', 'audit', 'guild'];

function familyOf(event: string): string {
  if (event.startsWith('GUILD_MEMBER')) return 'members';
  if (event.startsWith('INVITE')) return 'invites';
  if (event.startsWith('GUILD_AUDIT')) return 'audit';
  return 'guild';
}

function nameOf({ event, guildId, subject }: Dispatch): string {
  return `${event} ${guildId} ${subject.userId ?? subject.code ?? ''}`;
}

/** The same event with another `joined_at` (Q4). */
function shifted(dispatch: Dispatch, byMs: number): Dispatch {
  const payload = dispatch.payload as { readonly joined_at: string };
  const moved = new Date(Date.parse(payload.joined_at) + byMs).toISOString();
  return { ...dispatch, payload: { ...payload, joined_at: moved.replace('Z', '000+00:00') } };
}
