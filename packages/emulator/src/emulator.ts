import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { Activity, type SettledOptions, type WaitOptions } from './activity.ts';
import { serveControl } from './control.ts';
import { Courier, type Deliver } from './courier.ts';
import { type Fault, Faults } from './faults.ts';
import {
  type ConnectionView,
  type DisconnectOptions,
  Gateway,
  type GatewayCounts,
} from './gateway/gateway.ts';
import type { KeptEvent } from './gateway/session.ts';
import { type EmulatorOptions, type Settings, settle } from './options.ts';
import { createPrng } from './prng.ts';
import type { LoggedRequest, Violation } from './rest/request-log.ts';
import type { SessionStart } from './rest/route.ts';
import { RestServer } from './rest/server.ts';
import { type SituationCounts, Situations } from './situations.ts';
import type { Action, Results } from './world/action.ts';
import { apply } from './world/apply.ts';
import type { Dispatch, Outcome } from './world/dispatch.ts';
import type { Message } from './world/messages.ts';
import { createWorld, type TruthRecord, type World } from './world/world.ts';

/** A running emulator. Nothing in it depends on the code under test. */
export interface Emulator extends AsyncDisposable {
  /** The REST base without a version, as the `api` option of REST clients wants it. */
  readonly apiUrl: string;
  /** The address that GET /gateway/bot gives. */
  readonly gatewayUrl: string;
  readonly token: string;
  /** Everything there is. To look at; change it only through `act`. */
  readonly world: World;
  /** Makes something happen now. Throws `ActionError` for what the world does not allow. */
  act<const A extends Action>(action: A): Results[A['kind']];
  /** All real joins so far, in order. */
  truth(): readonly TruthRecord[];
  readonly faults: Faults;
  /** Cuts gateway connections. */
  disconnect(options?: DisconnectOptions): void;
  /** Ends sessions with op 9; `resumable` true only asks for a resume. */
  invalidate(options?: { readonly resumable?: boolean; readonly shardId?: number }): void;
  /** Asks clients to reconnect with op 7. */
  requestReconnect(): void;
  /** How often each hard situation arose. */
  situations(): SituationCounts;
  /** Resolves when no request is open, no event is on its way, and all has been quiet. */
  settled(options?: SettledOptions): Promise<void>;
  /** Resolves once the predicate holds; asked again after each request and message. */
  waitFor(predicate: () => boolean, options?: WaitOptions): Promise<void>;
  /** The messages of a channel as they are now, oldest first, with their history. */
  messages(channelId: string): readonly Message[];
  /** Strict violations. A test should end with this empty. */
  readonly errors: readonly Violation[];
  /** Every REST request, in order of arrival. */
  readonly requests: readonly LoggedRequest[];
  /** The gateway connections that are open. */
  readonly connections: readonly ConnectionView[];
  /** What sessions have done. */
  readonly gateway: Readonly<GatewayCounts>;
  /**
   * What a resume of this session after this number would replay, and would be lost with it: empty
   * if there is no such session.
   */
  keptAfter(sessionId: string, sequence: number): readonly KeptEvent[];
  /** Ends every socket and timer. */
  close(): Promise<void>;
}

/** Starts a Discord on a local port. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const settings = settle(options);
  const house = build(settings);
  await new Promise<void>((resolve, reject) => {
    house.server.once('error', reject);
    house.server.listen(settings.port, '127.0.0.1', resolve);
  });
  return front(house, settings);
}

type House = {
  readonly world: World;
  readonly activity: Activity;
  readonly situations: Situations;
  readonly faults: Faults;
  readonly courier: Courier;
  readonly gateway: Gateway;
  readonly rest: RestServer;
  readonly server: Server;
  readonly act: <const A extends Action>(action: A) => Results[A['kind']];
};

/** The one place where the parts meet. */
function build(settings: Settings): House {
  const { seed, botName, applicationFlags, clock } = settings;
  const search = {
    lagMs: settings.searchLagMs,
    coldMs: settings.searchColdMs,
    cursors: settings.searchCursors,
  };
  const world = createWorld({ seed, atMs: clock(), botName, applicationFlags, search });
  const activity = new Activity();
  const situations = new Situations();
  // Each part draws from its own source, so that one more request does not move every delay.
  const faults = new Faults(createPrng(seed + 1), (fault, held) => onClear(fault, held));
  const server = createServer();
  const url = (): string => `ws://127.0.0.1:${portOf(server)}/gateway`;
  const gateway = new Gateway({ world, settings, faults, activity, situations, url });
  const deliver: Deliver = (dispatch, postedMs) => gateway.deliver(dispatch, postedMs);
  const courier = new Courier({
    settings,
    prng: createPrng(seed + 2),
    faults,
    activity,
    situations,
    deliver,
  });
  const onClear = (fault: Fault, held: readonly Dispatch[]): void => {
    if (fault.kind === 'withholdGuild') gateway.release(fault.guildId);
    for (const dispatch of held) courier.post(dispatch);
  };
  const commit = ({ notes, dispatches }: Outcome): void => {
    for (const note of notes) situations.note(note);
    courier.send(dispatches);
    activity.touch();
  };
  const act = <const A extends Action>(action: A): Results[A['kind']] => {
    const applied = apply(world, action, clock());
    commit(applied);
    return applied.result;
  };
  const sessionStart = (): SessionStart => ({
    url: url(),
    shards: settings.shards,
    maxConcurrency: settings.maxConcurrency,
    identifiesLeft: 1000 - gateway.counts.identifies,
  });
  const prng = createPrng(seed + 3);
  const rest = new RestServer({
    world,
    settings,
    faults,
    activity,
    situations,
    prng,
    sessionStart,
    commit,
  });
  return { world, activity, situations, faults, courier, gateway, rest, server, act };
}

function front(house: House, settings: Settings): Emulator {
  const { world, activity, situations, faults, courier, gateway, rest, server, act } = house;
  const sockets = new WebSocketServer({ noServer: true });
  const base = `127.0.0.1:${portOf(server)}`;
  const close = async (): Promise<void> => {
    activity.close();
    rest.close();
    courier.close();
    gateway.close();
    sockets.close();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  const emulator: Emulator = {
    apiUrl: `http://${base}/api`,
    gatewayUrl: `ws://${base}/gateway`,
    token: settings.token,
    world,
    act,
    truth: () => world.truth,
    faults,
    disconnect: (options) => gateway.disconnect(options),
    invalidate: (options) => gateway.invalidate(options),
    requestReconnect: () => gateway.requestReconnect(),
    situations: () => situations.counts(),
    settled: (options) => activity.settled(options),
    waitFor: (predicate, options) => activity.waitFor(predicate, options),
    messages: (channelId) => world.messages.get(channelId) ?? [],
    errors: rest.errors,
    requests: rest.requests,
    get connections() {
      return gateway.connections();
    },
    gateway: gateway.counts,
    keptAfter: (sessionId, sequence) => gateway.keptAfter(sessionId, sequence),
    close,
    [Symbol.asyncDispose]: close,
  };
  server.on('request', (request, response) => {
    const isControl = settings.control && request.url?.startsWith('/control') === true;
    const served = isControl
      ? serveControl(emulator, request, response)
      : rest.handle(request, response);
    // A path that cannot be decoded, or a client that went away while it spoke.
    served.catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  server.on('connection', (socket) => {
    if (faults.strike('refuse', {}) !== null) socket.resetAndDestroy();
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const url = new URL(request.url ?? '/', `ws://${base}`);
    if (url.pathname.replace(/\/$/, '') !== '/gateway') {
      socket.destroy();
      return;
    }
    sockets.handleUpgrade(request, socket, head, (open) => gateway.accept(open, url.searchParams));
  });
  return emulator;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
