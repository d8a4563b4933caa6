// A gateway client of a few lines, for tests that must see every message as it comes, and a world
// without sockets, for tests that need none.
import { WebSocket } from 'ws';
import type { Emulator } from './emulator.ts';
import { answerRest, type RestAnswer, type RestQuestion } from './rest/answer.ts';
import type { Action, GuildSpec, Results } from './world/action.ts';
import { apply } from './world/apply.ts';
import type { Dispatch } from './world/dispatch.ts';
import { createWorld, type WorldOptions } from './world/world.ts';

type Message = {
  readonly op: number;
  readonly t: string | null;
  readonly s: number | null;
  readonly d: unknown;
};

/** Everything an invite tracker subscribes to. */
export const TRACKER_INTENTS = 1 | 2 | 4 | 64;

const PATIENCE_MS = 10_000;

export class RawClient implements Disposable {
  readonly messages: Message[] = [];
  readonly #socket: WebSocket;
  #closeCode: number | null = null;
  #wake: () => void = () => {};

  constructor(emulator: Emulator) {
    this.#socket = new WebSocket(`${emulator.gatewayUrl}?v=10&encoding=json`);
    this.#socket.on('message', (text) => {
      this.messages.push(JSON.parse(String(text)) as Message);
      this.#wake();
    });
    this.#socket.on('close', (code) => {
      this.#closeCode = code;
      this.#wake();
    });
    this.#socket.on('error', () => {});
  }

  /** Connects and identifies; resolves after READY. */
  static async identify(
    emulator: Emulator,
    intents = TRACKER_INTENTS,
    shard = [0, 1],
  ): Promise<RawClient> {
    const client = new RawClient(emulator);
    await client.identify({ token: emulator.token, intents, shard });
    await client.until(() => client.events().includes('READY'));
    return client;
  }

  /** Connects anew and resumes, as a restarted process would; resolves at the first answer. */
  static async resume(
    emulator: Emulator,
    stored: { readonly sessionId: unknown; readonly sequence: number },
  ): Promise<RawClient> {
    const client = new RawClient(emulator);
    await client.until(() => client.messages.length > 0);
    const { sessionId: session_id, sequence: seq } = stored;
    client.send(6, { token: emulator.token, session_id, seq });
    await client.until(() => client.messages.length > 1);
    return client;
  }

  async identify(d: object): Promise<void> {
    await this.until(() => this.messages.some((message) => message.op === 10));
    this.send(2, { properties: {}, ...d });
  }

  send(op: number, d: unknown): void {
    this.#socket.send(JSON.stringify({ op, d }));
  }

  /** Resolves when the predicate holds; asked again after each message and at the close. */
  until(predicate: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = (): void => reject(new Error(`not in time: ${predicate.toString()}`));
      const deadline = setTimeout(late, PATIENCE_MS);
      this.#wake = () => {
        if (!predicate()) return;
        clearTimeout(deadline);
        resolve();
      };
      this.#wake();
    });
  }

  async closed(): Promise<number> {
    await this.until(() => this.#closeCode !== null);
    return this.#closeCode!;
  }

  /** The names of the events so far. */
  events(): (string | null)[] {
    return this.messages.filter((message) => message.op === 0).map((message) => message.t);
  }

  /** The payloads of one event, or of op 9 by its number. */
  payloads(event: string): Record<string, unknown>[] {
    const fitting = this.messages.filter((message) => message.t === event);
    return fitting.map((message) => message.d as Record<string, unknown>);
  }

  /** What a process must store to resume. */
  get sessionId(): unknown {
    return this.payloads('READY')[0]?.session_id;
  }

  get lastSequence(): number {
    return this.messages.findLast((message) => message.s !== null)?.s ?? 0;
  }

  /** Closes with a code, or with a frame that has none. */
  close(code?: number): void {
    this.#socket.close(code);
  }

  [Symbol.dispose](): void {
    this.#socket.terminate();
  }
}

/** Where the clock of a bare world begins. */
export const START_MS = Date.UTC(2026, 0, 1);

/** A world with one guild, and a clock moved by hand. */
export function bareWorld(spec: GuildSpec = {}, options: Partial<WorldOptions> = {}) {
  let nowMs = START_MS;
  const defaults = { seed: 7, atMs: nowMs, botName: 'wherefrom', applicationFlags: 1 << 15 };
  const world = createWorld({ ...defaults, ...options });
  /** Every event so far, but those of the guild's creation. */
  const sent: Dispatch[] = [];
  const act = <const A extends Action>(action: A): Results[A['kind']] => {
    const { result, dispatches } = apply(world, action, nowMs);
    sent.push(...dispatches);
    return result;
  };
  const ask = (method: string, path: string, more: Partial<RestQuestion> = {}): RestAnswer => {
    const answer = answerRest(world, { method, path, atMs: nowMs, ...more });
    sent.push(...answer.dispatches);
    return answer;
  };
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  const guild = act({ kind: 'createGuild', ...spec });
  sent.length = 0;
  return { world, act, ask, pass, sent, ...guild };
}
