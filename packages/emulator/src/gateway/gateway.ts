import type { WebSocket } from 'ws';
import type { Dispatch } from '../world/dispatch.ts';
import { Connection } from './connection.ts';
import { CLOSE, ENDS_SESSION, readIdentify, refusal } from './identify.ts';
import {
  asksForAll,
  type MembersRequest,
  memberChunks,
  readMembersRequest,
} from './member-chunks.ts';
import type { KeptEvent, Session } from './session.ts';
import { type GatewayParts, Sessions } from './sessions.ts';

/** How to cut connections. */
export type DisconnectOptions = {
  /** Only this shard; the default is all. */
  readonly shardId?: number;
  /** Discord's close code. Default 4000, after which clients resume; 1006 kills the socket. */
  readonly code?: number;
  /**
   * False forgets the session, so that a resume is answered with op 9. Default true, except for
   * the codes after which Discord itself wants a new session.
   */
  readonly resumable?: boolean;
};

/** A connection as tests see it. */
export type ConnectionView = {
  /** Null before the client has identified. */
  readonly sessionId: string | null;
  readonly shardId: number | null;
  readonly intents: number;
  readonly compressed: boolean;
};

/** What sessions have done so far. */
export type GatewayCounts = {
  identifies: number;
  resumes: number;
  invalidSessions: number;
  heartbeats: number;
};

const OP = {
  heartbeat: 1,
  identify: 2,
  presence: 3,
  voice: 4,
  resume: 6,
  reconnect: 7,
  members: 8,
  invalidSession: 9,
  hello: 10,
  ack: 11,
} as const;

const COMMAND_WINDOW_MS = 60_000;
// A client that closes with one of these gives its session up.
const GOODBYES: readonly number[] = [1000, 1001];

/** The gateway's side of every conversation. */
export class Gateway {
  readonly counts: GatewayCounts = { identifies: 0, resumes: 0, invalidSessions: 0, heartbeats: 0 };
  readonly #parts: GatewayParts;
  readonly #sessions: Sessions;
  readonly #connections = new Set<Connection>();
  readonly #identifiedAtMs = new Map<number, number>();
  readonly #allMembersAtMs = new Map<string, number>();

  constructor(parts: GatewayParts) {
    this.#parts = parts;
    this.#sessions = new Sessions(parts);
  }

  /** Takes a new socket: HELLO, and then whatever the client says. */
  accept(socket: WebSocket, query: URLSearchParams): void {
    const { activity, settings } = this.#parts;
    const connection = new Connection(socket, query.get('compress') === 'zlib-stream');
    this.#connections.add(connection);
    socket.on('message', (message) => this.#receive(connection, String(message)));
    socket.on('close', (code) => {
      this.#connections.delete(connection);
      // The peer echoes our own code, and only its own 1000 or 1001 is a goodbye.
      this.#sessions.detach(connection, !connection.isClosing && GOODBYES.includes(code));
      activity.touch();
    });
    connection.sendOp(OP.hello, { heartbeat_interval: settings.heartbeatIntervalMs, _trace: [] });
    activity.touch();
  }

  /** Gives an event to the sessions that may see it; true if one did. */
  deliver(dispatch: Dispatch, postedMs: number): boolean {
    return this.#sessions.deliver(dispatch, postedMs);
  }

  /** Announces a guild that a fault withheld. */
  release(guildId: string): void {
    this.#sessions.release(guildId);
  }

  /** Cuts connections; see the options for what survives. */
  disconnect(options: DisconnectOptions = {}): void {
    const { code = 4000, resumable = !ENDS_SESSION.includes(code) } = options;
    for (const connection of this.#chosen(options.shardId)) {
      const { session } = connection;
      if (session !== null && !resumable) this.#sessions.forget(session);
      if (code === 1006) connection.socket.terminate();
      else connection.close(code);
    }
  }

  /**
   * Tells connected clients that their session is over (op 9), without cutting the line. Sessions
   * that wait for a resume are forgotten, unless they shall stay `resumable`.
   */
  invalidate(options: { readonly resumable?: boolean; readonly shardId?: number } = {}): void {
    for (const connection of this.#chosen(options.shardId)) {
      const { session } = connection;
      if (session === null) continue;
      if (options.resumable === true) this.#sessions.detach(connection);
      else this.#sessions.forget(session);
      this.#invalid(connection, options.resumable === true);
    }
    if (options.resumable !== true) this.#sessions.forgetWaiting(options.shardId);
  }

  /** Asks clients to reconnect and resume (op 7). */
  requestReconnect(): void {
    for (const connection of this.#connections) connection.sendOp(OP.reconnect, null);
  }

  /** The connections that are open. */
  connections(): ConnectionView[] {
    return [...this.#connections].map(({ session, compressed }) => ({
      sessionId: session?.terms.id ?? null,
      shardId: session?.terms.shardId ?? null,
      intents: session?.terms.intents ?? 0,
      compressed,
    }));
  }

  /** What a resume of this session would replay; empty if there is no such session. */
  keptAfter(sessionId: string, sequence: number): KeptEvent[] {
    return this.#sessions.find(sessionId)?.keptAfter(sequence) ?? [];
  }

  /** Ends everything at once. */
  close(): void {
    for (const connection of this.#connections) connection.socket.terminate();
    this.#sessions.clear();
  }

  #chosen(shardId: number | undefined): Connection[] {
    const all = [...this.#connections];
    return shardId === undefined
      ? all
      : all.filter(({ session }) => session?.terms.shardId === shardId);
  }

  #receive(connection: Connection, text: string): void {
    const message = parse(text);
    if (message === null) connection.close(CLOSE.decodeError, 'Error while decoding payload.');
    else if (this.#isTooFast(connection)) connection.close(CLOSE.rateLimited, 'Rate limited.');
    else this.#handle(connection, message.op, message.d);
    this.#parts.activity.touch();
  }

  #handle(connection: Connection, op: number, d: unknown): void {
    switch (op) {
      case OP.heartbeat:
        this.counts.heartbeats += 1;
        connection.sendOp(OP.ack, null);
        return;
      case OP.identify:
        this.#identify(connection, d);
        return;
      case OP.resume:
        this.#resume(connection, d);
        return;
      case OP.members:
        this.#members(connection, d);
        return;
      case OP.presence:
      case OP.voice:
        return;
      default:
        connection.close(CLOSE.unknownOp, 'Unknown opcode.');
    }
  }

  #isTooFast(connection: Connection): boolean {
    const nowMs = performance.now();
    if (nowMs - connection.received.sinceMs > COMMAND_WINDOW_MS) {
      connection.received = { sinceMs: nowMs, count: 0 };
    }
    connection.received.count += 1;
    return connection.received.count > this.#parts.settings.limits.gatewayCommands;
  }

  #identify(connection: Connection, d: unknown): void {
    const { world, settings } = this.#parts;
    const request = readIdentify(d);
    if (connection.session !== null) connection.close(CLOSE.alreadyAuthenticated);
    else if (request === null) connection.close(CLOSE.decodeError);
    else {
      const code = refusal(world, settings.token, request);
      if (code !== null) connection.close(code);
      else if (this.#identifiesTooFast(request.shardId)) this.#invalid(connection, false);
      else {
        this.counts.identifies += 1;
        this.#sessions.begin(connection, request);
      }
    }
  }

  #identifiesTooFast(shardId: number): boolean {
    const { settings } = this.#parts;
    const key = shardId % settings.maxConcurrency;
    const nowMs = performance.now();
    const lastMs = this.#identifiedAtMs.get(key) ?? Number.NEGATIVE_INFINITY;
    if (nowMs - lastMs < settings.limits.identifyIntervalMs) return true;
    this.#identifiedAtMs.set(key, nowMs);
    return false;
  }

  #resume(connection: Connection, d: unknown): void {
    const { token, session_id: id, seq } = (d ?? {}) as Record<string, unknown>;
    if (connection.session !== null) {
      connection.close(CLOSE.alreadyAuthenticated);
      return;
    }
    if (token !== this.#parts.settings.token) {
      connection.close(CLOSE.authenticationFailed);
      return;
    }
    const session = this.#sessions.find(id);
    if (session === undefined || typeof seq !== 'number' || !session.canReplay(seq)) {
      this.#invalid(connection, false);
      return;
    }
    this.counts.resumes += 1;
    this.#sessions.attach(connection, session);
    session.replay(seq);
    void session.dispatch('RESUMED', { _trace: [] });
    void this.#sessions.announceAll(session);
  }

  #members(connection: Connection, d: unknown): void {
    const { session } = connection;
    const request = readMembersRequest(d);
    if (session === null) connection.close(CLOSE.notAuthenticated);
    else if (request === null) connection.close(CLOSE.decodeError);
    else if (!asksForAll(request) || this.#mayAskForAll(session, request)) {
      for (const chunk of memberChunks(this.#parts.world, request)) {
        void session.dispatch('GUILD_MEMBERS_CHUNK', chunk);
      }
    }
  }

  #mayAskForAll(session: Session, request: MembersRequest): boolean {
    const { guildId, nonce } = request;
    const nowMs = performance.now();
    const lastMs = this.#allMembersAtMs.get(guildId) ?? Number.NEGATIVE_INFINITY;
    const leftMs = this.#parts.settings.limits.allMembersIntervalMs - (nowMs - lastMs);
    if (leftMs <= 0) {
      this.#allMembersAtMs.set(guildId, nowMs);
      return true;
    }
    const meta = { guild_id: guildId, ...(nonce === null ? {} : { nonce }) };
    const payload = { opcode: OP.members, retry_after: leftMs / 1000, meta };
    void session.dispatch('RATE_LIMITED', payload);
    return false;
  }

  #invalid(connection: Connection, resumable: boolean): void {
    this.counts.invalidSessions += 1;
    connection.session = null;
    connection.sendOp(OP.invalidSession, resumable);
  }
}

function parse(text: string): { readonly op: number; readonly d: unknown } | null {
  try {
    const message: unknown = JSON.parse(text);
    if (typeof message !== 'object' || message === null || !('op' in message)) return null;
    if (typeof message.op !== 'number') return null;
    return { op: message.op, d: 'd' in message ? message.d : null };
  } catch {
    return null;
  }
}
