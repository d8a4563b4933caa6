import {
  type Action,
  type Applied,
  apply,
  createWorld,
  type Dispatch,
  type Guild,
  guildCreatePayload,
  type RangeMs,
  type World,
} from '@wherefrom/emulator';
import { userPayload } from '../../packages/emulator/src/world/payloads.ts';
import type { ChanceOf } from './chance.ts';
import { Courier } from './courier.ts';
import type { EventQueue } from './event-queue.ts';
import { type Listener, Session } from './session.ts';
import { FAIR, type Weather } from './weather.ts';

const HEARTBEAT_MS = 41_250;
/** A session without a connection is kept for so long. */
const SESSION_KEPT_MS = 120_000;

/** Where a process wants to go on. */
export interface Wanted {
  readonly sessionId: string;
  readonly sequence: number;
}

export interface DiscordOptions {
  readonly seed: number;
  /** How late the member search knows of a join, and how long its first index takes. */
  readonly search: { readonly lagMs: RangeMs; readonly coldMs: number };
}

/** Discord on simulated time: the emulator's world, and one gateway session at a time. */
export class Discord {
  readonly queue: EventQueue;
  readonly world: World;
  readonly chanceOf: ChanceOf;
  weather: Weather;
  readonly #courier: Courier;
  #session: Session | null = null;
  #sessions = 0;

  constructor(
    queue: EventQueue,
    chanceOf: ChanceOf,
    weather: Weather,
    { seed, search }: DiscordOptions,
  ) {
    this.queue = queue;
    this.chanceOf = chanceOf;
    this.weather = weather;
    this.world = createWorld({
      seed,
      atMs: queue.now,
      botName: 'wherefrom',
      applicationFlags: 1 << 15,
      search: { lagMs: search.lagMs, coldMs: search.coldMs },
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
        this.#courier.announce(session, dispatch, this.#soon(dispatch.guildId));
      } else if (session.guilds.has(dispatch.guildId)) this.#courier.post(session, dispatch);
    }
  }

  /** A connection: the session goes on where it is still there, otherwise a new one begins. */
  connect(listener: Listener, wanted: Wanted | null): void {
    const session = this.#session;
    if (wanted === null || session === null || session.id !== wanted.sessionId) {
      return this.#identify(listener);
    }
    const brokenAt = session.brokenAt ?? this.queue.now;
    if (session.over || this.queue.now - brokenAt > SESSION_KEPT_MS)
      return this.#identify(listener);
    session.resume(listener, wanted.sequence);
  }

  /** A new session: READY, then each guild when its turn comes. */
  #identify(listener: Listener): void {
    this.#session?.end();
    this.#sessions += 1;
    const session = new Session(`session-${this.#sessions}`, this.queue, listener);
    this.#session = session;
    const guilds = [...this.world.guilds.values()].filter(({ botPresent }) => botPresent);
    session.send('READY', {
      user: userPayload(this.world.bot),
      guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: 'wss://gateway.example',
      shard: [0, 1],
    });
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
    this.#courier.announce(session, dispatch, this.#soon(guild.id));
  }

  #soon(guildId: string): number {
    const { now } = this.queue;
    return now + Math.round(this.chanceOf(`soon ${guildId} ${now}`).between([5, 150]));
  }

  #beat(): void {
    this.#session?.beat();
    this.queue.after(HEARTBEAT_MS, () => this.#beat());
  }

  /** Sends an event that no action makes. */
  raw(dispatch: Dispatch): void {
    const session = this.#session;
    if (session?.guilds.has(dispatch.guildId)) this.#courier.follow(session, dispatch);
  }
}
