import {
  CompressionMethod,
  type CreateWebSocketManagerOptions,
  WebSocketManager,
  WebSocketShardEvents,
} from '@discordjs/ws';
import { GatewayIntentBits } from 'discord-api-types/v10';
import type { DiscordRest } from '../rest/discord-rest.ts';
import { ServiceError } from '../service-error.ts';
import { CarefulStrategy } from './careful-strategy.ts';
import { errorOfClose } from './close-codes.ts';
import type { Dispatch, DispatchPayload } from './dispatch.ts';
import type { DispatchLog } from './dispatch-ports.ts';
import type { SessionStore } from './session-store.ts';

/** Only GUILD_MEMBERS is privileged. */
export const INTENTS =
  GatewayIntentBits.Guilds |
  GatewayIntentBits.GuildMembers |
  GatewayIntentBits.GuildModeration |
  GatewayIntentBits.GuildInvites;

/** Any close code but 1000 and 1001 leaves the session to be resumed. */
const RESUMABLE = 4200;

export interface GatewayOptions {
  readonly rest: DiscordRest;
  readonly token: string;
  readonly dispatch: Dispatch;
  readonly sessions: SessionStore;
  readonly log: DispatchLog;
}

/** All shards of this process, from the first connection until something final. */
export interface Gateway {
  /** Resolves when every shard has a session. */
  readonly ready: Promise<void>;
  /** Rejects with what the library cannot mend: the token, an intent, the shard count. */
  readonly failed: Promise<never>;
  close(): Promise<void>;
}

/** Connects. What breaks is resumed or begun anew by itself, but for what `failed` tells. */
export function openGateway(options: GatewayOptions): Gateway {
  const { dispatch, sessions, log } = options;
  const life = { closed: false };
  const shards = new WebSocketManager(socketOptions(options, life));
  let fail = (_error: ServiceError): void => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(noop);

  shards.on(WebSocketShardEvents.Dispatch, (payload, shardId) => {
    if (!life.closed) takeSafely(dispatch, payload, shardId, log);
  });
  shards.on(WebSocketShardEvents.HeartbeatComplete, (_, shardId) => dispatch.heard(shardId));
  shards.on(WebSocketShardEvents.Hello, (shardId) => sessions.reached(shardId));
  shards.on(WebSocketShardEvents.SocketError, (error, shardId) => {
    sessions.networkFailed(shardId);
    log.debug({ shardId, reason: error.message }, 'the connection failed');
  });
  shards.on(WebSocketShardEvents.Closed, (code, shardId) => {
    dispatch.lost(shardId);
    const error = errorOfClose(code);
    if (error !== null) fail(error);
    log.debug({ shardId, code }, 'a connection was closed');
  });
  // Without a listener an error event would be thrown; what matters comes with the close code.
  shards.on(WebSocketShardEvents.Error, (error, shardId) =>
    log.debug({ shardId, reason: error.message }, 'the gateway library reported an error'),
  );

  const ready = shards.connect().catch((cause: unknown) => {
    throw cause instanceof ServiceError ? cause : unreachable(cause);
  });
  ready.catch(noop);
  return {
    ready,
    failed,
    close: async () => {
      life.closed = true;
      await shards.destroy({ reason: 'going away', code: RESUMABLE });
    },
  };
}

function socketOptions(
  { rest, token, sessions, log }: GatewayOptions,
  life: { readonly closed: boolean },
): CreateWebSocketManagerOptions {
  return {
    token,
    intents: INTENTS,
    rest: rest.rest,
    compression: CompressionMethod.ZlibNative,
    buildStrategy: (sockets) =>
      new CarefulStrategy(sockets, (shardId, cause) =>
        log.warn({ shardId, cause }, 'the gateway sent what cannot be read: connecting anew'),
      ),
    // The library revives a shard that is closed while it connects; it asks here before it does.
    retrieveSessionInfo: (shardId) => (life.closed ? NEVER : sessions.retrieve(shardId)),
    updateSessionInfo: (shardId, session) => {
      // Closing is no end of the session: the next process may resume it.
      if (!life.closed) sessions.update(shardId, session);
    },
  };
}

const NEVER = new Promise<never>(() => {});

// An exception in a listener would end the process.
function takeSafely(
  dispatch: Dispatch,
  payload: DispatchPayload,
  shardId: number,
  log: DispatchLog,
): void {
  try {
    dispatch.take(payload, shardId);
  } catch (cause) {
    log.error({ event: payload.t, cause }, 'an event could not be taken in');
  }
}

function unreachable(cause: unknown): ServiceError {
  const reason = cause instanceof Error ? cause.message : 'unknown reason';
  return new ServiceError('api-unreachable', `The gateway could not be opened: ${reason}`, {
    cause,
  });
}

function noop(): void {}
