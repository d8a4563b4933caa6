import { randomUUID } from 'node:crypto';
import type { Activity } from '../activity.ts';
import type { Faults } from '../faults.ts';
import type { Settings } from '../options.ts';
import type { Situations } from '../situations.ts';
import { type Dispatch, INTENTS } from '../world/dispatch.ts';
import { guildCreatePayload, type Payload, userPayload } from '../world/payloads.ts';
import { shardOf } from '../world/snowflake.ts';
import type { World } from '../world/world.ts';
import type { Connection } from './connection.ts';
import { guildIdsOf, type IdentifyRequest } from './identify.ts';
import { Session } from './session.ts';

/** What the gateway is made of. */
export type GatewayParts = {
  readonly world: World;
  readonly settings: Settings;
  readonly faults: Faults;
  readonly activity: Activity;
  readonly situations: Situations;
  /** The gateway's own address, known once the server listens. */
  readonly url: () => string;
};

/** All sessions, connected or waiting for a resume, and what each must be told. */
export class Sessions {
  readonly #parts: GatewayParts;
  readonly #sessions = new Map<string, Session>();

  constructor(parts: GatewayParts) {
    this.#parts = parts;
  }

  /** The session with this id, if it can still be resumed. */
  find(id: unknown): Session | undefined {
    return typeof id === 'string' ? this.#sessions.get(id) : undefined;
  }

  /** Starts a session: READY, then its guilds one by one. */
  begin(connection: Connection, request: IdentifyRequest): void {
    const { world, settings } = this.#parts;
    const { shardId, shardCount, intents } = request;
    const id = randomUUID().replaceAll('-', '');
    const { clock, replayLimit } = settings;
    this.#abandon(shardId, shardCount);
    const session = new Session({ id, shardId, shardCount, intents, replayLimit, clock });
    this.#sessions.set(id, session);
    this.attach(connection, session);
    const guildIds = guildIdsOf(world, shardId, shardCount);
    void session.dispatch('READY', this.#ready(session, guildIds));
    for (const guildId of guildIds) session.unannounced.add(guildId);
    void this.announceAll(session);
  }

  /** Puts a session on a connection, off any other one. */
  attach(connection: Connection, session: Session): void {
    clearTimeout(session.expiry);
    session.abandoned = false;
    const before = session.connection;
    connection.session = session;
    session.connection = connection;
    if (before !== null && before !== connection) before.close(4000);
    this.#parts.activity.touch();
  }

  /**
   * Takes a session off a closed connection. It can be resumed for a while, also by another
   * process, unless the client itself said goodbye.
   */
  detach(connection: Connection, hasLeft = false): void {
    const { session } = connection;
    if (session?.connection !== connection) return;
    session.connection = null;
    if (hasLeft) {
      this.forget(session);
      return;
    }
    session.expiry = setTimeout(() => this.forget(session), this.#parts.settings.sessionTtlMs);
    session.expiry.unref();
  }

  /** Ends a session for good. Whatever happens until the next identify is lost. */
  forget(session: Session): void {
    clearTimeout(session.expiry);
    if (!this.#sessions.delete(session.terms.id)) return;
    session.connection = null;
    if (!session.abandoned) this.#parts.situations.gap();
    this.#parts.activity.touch();
  }

  /** Ends the sessions that have no connection. */
  forgetWaiting(shardId?: number): void {
    for (const session of [...this.#sessions.values()]) {
      const isMeant = shardId === undefined || session.terms.shardId === shardId;
      if (isMeant && session.connection === null) this.forget(session);
    }
  }

  /** A shard that identifies anew gives up what its old sessions would have replayed. */
  #abandon(shardId: number, shardCount: number): void {
    for (const session of this.#sessions.values()) {
      const { terms } = session;
      if (terms.shardId !== shardId || terms.shardCount !== shardCount) continue;
      if (session.connection !== null || session.abandoned) continue;
      session.abandoned = true;
      this.#parts.situations.gap();
    }
  }

  /** Ends all sessions without a word. */
  clear(): void {
    for (const session of this.#sessions.values()) clearTimeout(session.expiry);
    this.#sessions.clear();
  }

  /** Gives an event to the sessions that may see it; true if one did. */
  deliver(dispatch: Dispatch, postedMs: number): boolean {
    if (this.#isWithheld(dispatch.guildId)) return false;
    let taken = false;
    for (const session of this.#sessions.values()) {
      // READY and GUILD_CREATE already show what happened before the session began.
      if (postedMs < session.startedMs || !hears(session, dispatch)) continue;
      // An event of a guild that READY promised brings the guild with it.
      if (dispatch.event !== 'GUILD_CREATE') void this.announce(session, dispatch.guildId);
      session.unannounced.delete(dispatch.guildId);
      void session.dispatch(dispatch.event, dispatch.payload);
      if (!session.abandoned) taken = true;
    }
    return taken;
  }

  /** Announces one guild everywhere, after a fault withheld it. */
  release(guildId: string): void {
    for (const session of this.#sessions.values()) void this.announce(session, guildId);
  }

  /** Announces what READY promised, each guild built when its turn comes. */
  async announceAll(session: Session): Promise<void> {
    this.#parts.activity.begin();
    try {
      for (const guildId of [...session.unannounced]) {
        if (session.connection === null) return;
        // Waiting for each keeps 2,500 guilds from existing as text at once.
        await this.announce(session, guildId);
      }
    } finally {
      this.#parts.activity.end();
    }
  }

  /** Sends the guild to a session that still waits for it. */
  announce(session: Session, guildId: string): Promise<void> {
    const { world } = this.#parts;
    if (this.#isWithheld(guildId) || !session.unannounced.delete(guildId)) return Promise.resolve();
    const guild = world.guilds.get(guildId);
    const hearsGuilds = (session.terms.intents & INTENTS.GUILDS) !== 0;
    if (guild === undefined || !guild.botPresent || !hearsGuilds) return Promise.resolve();
    if (guild.unavailable) {
      return session.dispatch('GUILD_DELETE', { id: guildId, unavailable: true });
    }
    return session.dispatch('GUILD_CREATE', guildCreatePayload(world, guild));
  }

  #isWithheld(guildId: string): boolean {
    return this.#parts.faults.strike('withholdGuild', { guildId }) !== null;
  }

  #ready(session: Session, guildIds: readonly string[]): Payload {
    const { world, url } = this.#parts;
    return {
      v: 10,
      user: { ...userPayload(world.bot), verified: true, mfa_enabled: true, email: null },
      guilds: guildIds.map((id) => ({ id, unavailable: true })),
      session_id: session.terms.id,
      session_type: 'normal',
      resume_gateway_url: url(),
      shard: [session.terms.shardId, session.terms.shardCount],
      application: { id: world.applicationId, flags: world.applicationFlags },
      user_settings: {},
      relationships: [],
      private_channels: [],
      presences: [],
      _trace: [],
    };
  }
}

function hears(session: Session, dispatch: Dispatch): boolean {
  const { shardId, shardCount, intents } = session.terms;
  if (dispatch.intent !== 0 && (intents & dispatch.intent) === 0) return false;
  return dispatch.guildId === '' || shardOf(dispatch.guildId, shardCount) === shardId;
}
