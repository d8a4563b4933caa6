import {
  type Action,
  type Applied,
  apply,
  createWorld,
  type Dispatch,
  type Guild,
  type World,
} from '@wherefrom/emulator';
import { guildCreatePayload, userPayload } from '../../packages/emulator/src/world/payloads.ts';
import type { ChanceOf } from './chance.ts';
import { Courier, deliver, type Listener, newSession, type Session } from './courier.ts';
import type { EventQueue } from './event-queue.ts';
import { FAIR, type Weather } from './weather.ts';

const HEARTBEAT_MS = 41_250;
/** Events of one resume come this close after each other. */
const REPLAY_MS = 5;

/** Discord on simulated time: the emulator's world, and one gateway session at a time. */
export class Discord {
  readonly queue: EventQueue;
  readonly world: World;
  readonly chanceOf: ChanceOf;
  weather: Weather;
  readonly #courier: Courier;
  #session: Session | null = null;
  #replaying = false;

  constructor(queue: EventQueue, chanceOf: ChanceOf, weather: Weather, seed: number) {
    this.queue = queue;
    this.chanceOf = chanceOf;
    this.weather = weather;
    this.world = createWorld({
      seed,
      atMs: queue.now,
      botName: 'wherefrom',
      applicationFlags: 1 << 15,
    });
    this.#courier = new Courier(queue, () => this.weather, chanceOf);
    queue.after(HEARTBEAT_MS, () => this.#beat());
  }

  /** Whatever was to go wrong from here on does not. */
  calm(): void {
    this.weather = { ...FAIR, clockErrorMs: this.weather.clockErrorMs };
  }

  get session(): Session | null {
    return this.#session;
  }

  /** Something happens in the world now. Throws ActionError for what cannot. */
  act<const A extends Action>(action: A): Applied<A>['result'] {
    const applied = apply(this.world, action, this.queue.now);
    this.post(applied.dispatches);
    return applied.result;
  }

  /** Events go to the session of this moment, if there is one and it knows the guild. */
  post(dispatches: readonly Dispatch[]): void {
    for (const dispatch of dispatches) {
      const session = this.#session;
      if (session === null || session.over) continue;
      if (dispatch.event === 'GUILD_CREATE') {
        session.guilds.add(dispatch.guildId);
        this.#courier.announce(session, dispatch, this.queue.now + this.#briefly(dispatch.guildId));
      } else if (session.guilds.has(dispatch.guildId)) this.#courier.post(session, dispatch);
    }
  }

  /** A new session: READY, then each guild when its turn comes. */
  identify(listener: Listener): void {
    if (this.#session !== null) this.#session.over = true;
    const session = newSession(listener);
    this.#session = session;
    this.#replaying = false;
    const guilds = [...this.world.guilds.values()].filter(({ botPresent }) => botPresent);
    const ready = {
      user: userPayload(this.world.bot),
      guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
    };
    listener.take({ t: 'READY', d: ready });
    for (const guild of guilds) {
      const prng = this.chanceOf(`announce ${guild.id} ${this.queue.now}`);
      this.queue.after(Math.round(prng.between([0, 2_500])), () => this.#announce(session, guild));
    }
  }

  #announce(session: Session, guild: Guild): void {
    if (session.over || session.guilds.has(guild.id) || !guild.botPresent) return;
    session.guilds.add(guild.id);
    const payload = guild.unavailable
      ? { id: guild.id, unavailable: true }
      : guildCreatePayload(this.world, guild);
    const event = guild.unavailable ? 'GUILD_DELETE' : 'GUILD_CREATE';
    const dispatch = { event, guildId: guild.id, intent: 0, payload, subject: {} };
    this.#courier.announce(session, dispatch, this.queue.now + this.#briefly(guild.id));
  }

  #briefly(guildId: string): number {
    return Math.round(this.chanceOf(`brief ${guildId} ${this.queue.now}`).between([5, 150]));
  }

  /** The connection hands nothing over any more; nobody knows yet. */
  cut(): void {
    if (this.#session !== null) this.#session.flowing = false;
  }

  /** The session is gone: what it held back will never be sent. */
  forget(): void {
    if (this.#session !== null) this.#session.over = true;
    this.#session = null;
  }

  /** The session goes on: what was held back is replayed, then RESUMED. */
  resume(listener: Listener): void {
    const session = this.#session;
    if (session === null || session.over) return this.identify(listener);
    session.listener = listener;
    this.#replaying = true;
    this.#replay(session);
  }

  #replay(session: Session): void {
    if (session.over || session !== this.#session || !this.#replaying) return;
    const next = session.backlog.shift();
    if (next === undefined) {
      this.#replaying = false;
      session.flowing = true;
      session.listener?.take({ t: 'RESUMED', d: {} });
      return;
    }
    session.listener?.take({ t: next.event, d: next.payload });
    this.queue.after(REPLAY_MS, () => this.#replay(session));
  }

  #beat(): void {
    const session = this.#session;
    if (session?.flowing && !session.over) session.listener?.heard();
    this.queue.after(HEARTBEAT_MS, () => this.#beat());
  }

  /** Sends an event that no action makes. */
  raw(dispatch: Dispatch): void {
    const session = this.#session;
    if (session === null || !session.guilds.has(dispatch.guildId)) return;
    deliver(session, dispatch);
  }
}
