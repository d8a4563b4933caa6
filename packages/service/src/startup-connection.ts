import type { Gateway } from './gateway/gateway.ts';
import { ServiceError, type ServiceErrorCode } from './service-error.ts';
import type { BotIdentity } from './startup.ts';

export interface ConnectionPorts {
  /** Asks who we are. Throws ServiceError. */
  readonly identify: () => Promise<BotIdentity>;
  readonly open: () => Gateway;
  readonly connected: (identity: BotIdentity) => void;
  /** `repeated`: the same thing was reported for the try before. */
  readonly failed: (error: ServiceError, retryInMs: number, repeated: boolean) => void;
  /** Resolves after that time, or when `stopped` does. */
  readonly pause: (delayMs: number, stopped: Promise<void>) => Promise<void>;
}

/** Keeps the bot connected: whatever goes wrong is told once and tried again, ever more slowly. */
export class Connection {
  readonly #ports: ConnectionPorts;
  readonly #stopped: Promise<void>;
  /** Resolves when all shards have a session for the first time. */
  readonly ready: Promise<void>;
  #stop: () => void = noop;
  #becomeReady: () => void = noop;
  #stopping = false;
  #gateway: Gateway | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(ports: ConnectionPorts) {
    this.#ports = ports;
    this.#stopped = new Promise((resolve) => {
      this.#stop = resolve;
    });
    this.ready = new Promise((resolve) => {
      this.#becomeReady = resolve;
    });
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Closes the connection; resolves when nothing more will come. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#stop();
    await this.#running;
  }

  async #run(): Promise<void> {
    let last: ServiceErrorCode | null = null;
    let failures = 0;
    while (!this.#stopping) {
      const error = await this.#connection();
      await this.#close();
      if (error === null || this.#stopping) return;
      const { code } = error.error;
      const repeated = code === last && !error.wasConnected;
      failures = repeated ? failures + 1 : 1;
      last = code;
      const delayMs = retryDelayMs(code, failures);
      this.#ports.failed(error.error, delayMs, repeated);
      await this.#ports.pause(delayMs, this.#stopped);
    }
  }

  /** One connection from beginning to end: what ended it, or null if we did. */
  async #connection(): Promise<Ended | null> {
    let wasConnected = false;
    try {
      const identity = await Promise.race([this.#ports.identify(), this.#stopped]);
      if (identity === undefined) return null;
      this.#gateway = this.#ports.open();
      const { failed, ready } = this.#gateway;
      await Promise.race([failed, ready, this.#stopped]);
      if (this.#stopping) return null;
      wasConnected = true;
      this.#ports.connected(identity);
      this.#becomeReady();
      await Promise.race([failed, this.#stopped]);
      return null;
    } catch (cause) {
      return { error: serviceError(cause), wasConnected };
    }
  }

  async #close(): Promise<void> {
    const gateway = this.#gateway;
    this.#gateway = null;
    await gateway?.close().catch(noop);
  }
}

interface Ended {
  readonly error: ServiceError;
  readonly wasConnected: boolean;
}

/**
 * How long to wait before the next try. What only a person can mend is asked for rarely: each try
 * costs one of a thousand identifies a day, or a 401.
 */
export function retryDelayMs(code: ServiceErrorCode, failures: number): number {
  const [first, longest] = code === 'api-unreachable' ? [1_000, 60_000] : [30_000, 600_000];
  return Math.min(first * 2 ** Math.min(failures - 1, 20), longest);
}

function serviceError(cause: unknown): ServiceError {
  if (cause instanceof ServiceError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ServiceError('api-unreachable', `Connecting failed: ${reason}`, { cause });
}

function noop(): void {}
