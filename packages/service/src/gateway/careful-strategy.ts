import { setTimeout as sleep } from 'node:timers/promises';
import {
  SimpleShardingStrategy,
  type WebSocketManager,
  type WebSocketShard,
  WebSocketShardDestroyRecovery,
  WebSocketShardEvents,
} from '@discordjs/ws';

/** Whatever answers with nonsense is not asked again at once. */
const PAUSE_MS = 1_000;
/** Each new session is one of a thousand identifies a day. */
const LONGEST_PAUSE_MS = 120_000;

/** The parts of the library that it keeps to itself; `gateway.test` fails if they are gone. */
type OpenShard = Omit<WebSocketShard, 'onMessage'> & {
  onMessage: (message: unknown, isBinary: boolean) => Promise<void>;
};

/**
 * The library reads messages in a promise that nobody watches: one that cannot be read (a proxy's
 * error page, a broken stream) would end the process, and the inflate stream is of no use after it.
 * Here the connection is made anew and resumed instead.
 */
export class CarefulStrategy extends SimpleShardingStrategy {
  readonly #unreadable: (shardId: number, cause: unknown) => void;

  constructor(sockets: WebSocketManager, unreadable: (shardId: number, cause: unknown) => void) {
    super(sockets);
    this.#unreadable = unreadable;
  }

  override async spawn(shardIds: number[]): Promise<void> {
    await super.spawn(shardIds);
    const { shards } = this as unknown as { readonly shards: ReadonlyMap<number, OpenShard> };
    for (const shard of shards.values()) this.#watch(shard);
  }

  #watch(shard: OpenShard): void {
    const read = shard.onMessage.bind(shard);
    let failures = 0;
    let mending = false;
    const healthy = (): void => {
      failures = 0;
    };
    shard.on(WebSocketShardEvents.Ready, healthy);
    shard.on(WebSocketShardEvents.Resumed, healthy);
    shard.onMessage = async (message, isBinary) => {
      if (mending) return;
      try {
        await read(message, isBinary);
      } catch (cause) {
        if (mending) return;
        mending = true;
        failures += 1;
        this.#unreadable(shard.id, cause);
        await sleep(pauseMs(failures));
        mending = false;
        await shard.destroy(recovery(failures)).catch(noop);
      }
    };
  }
}

function pauseMs(failures: number): number {
  return Math.min(PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
}

/** A resume would replay what cannot be read; if it did, only a new session helps. */
function recovery(failures: number) {
  const { Resume, Reconnect } = WebSocketShardDestroyRecovery;
  const recover = failures === 1 ? Resume : Reconnect;
  return { reason: 'a message could not be read', recover };
}

// The library tells of failures to connect by its events.
function noop(): void {}
