import type { WebSocket } from 'ws';
import type { Session } from './session.ts';
import { deflateTransport, plainTransport, type Transport } from './transport.ts';

/** One socket of one client, before and after it identifies. */
export class Connection {
  session: Session | null = null;
  /** Messages received in the current minute, for Discord's limit on commands. */
  received = { sinceMs: 0, count: 0 };
  readonly socket: WebSocket;
  readonly compressed: boolean;
  /** The emulator has begun to close it. */
  isClosing = false;
  readonly #transport: Transport;

  constructor(socket: WebSocket, compressed: boolean) {
    this.socket = socket;
    this.compressed = compressed;
    this.#transport = compressed ? deflateTransport(socket) : plainTransport(socket);
    socket.on('close', () => this.#transport.close());
    // Errors of a socket are always followed by its close event.
    socket.on('error', () => {});
  }

  /** Sends a text; resolves when it has left. */
  send(text: string): Promise<void> {
    return this.#transport.send(text);
  }

  /** Sends an operation other than a dispatch. */
  sendOp(op: number, d: unknown): void {
    void this.send(JSON.stringify({ op, d, s: null, t: null }));
  }

  /** Closes the socket with Discord's code. */
  close(code: number, reason = ''): void {
    this.isClosing = true;
    this.socket.close(code, reason);
  }
}
