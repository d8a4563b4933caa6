import { constants, createDeflate, type Deflate } from 'node:zlib';
import type { WebSocket } from 'ws';

/** Sends texts over a socket in order. */
export type Transport = {
  /** Resolves when the text has left the process, or the socket is gone. */
  send(text: string): Promise<void>;
  close(): void;
};

/** Texts as they are. */
export function plainTransport(socket: WebSocket): Transport {
  return {
    send: (text) => write(socket, text),
    close: () => {},
  };
}

/** Discord's `zlib-stream`: one deflate context per connection, flushed after every message. */
export function deflateTransport(socket: WebSocket): Transport {
  const deflate = createDeflate({ flush: constants.Z_NO_FLUSH });
  const chunks: Buffer[] = [];
  deflate.on('data', (chunk: Buffer) => chunks.push(chunk));
  let last = Promise.resolve();
  let closed = false;
  const sendOne = async (text: string): Promise<void> => {
    if (closed) return;
    await compress(deflate, text);
    const message = Buffer.concat(chunks);
    chunks.length = 0;
    await write(socket, message);
  };
  return {
    send: (text) => {
      last = last.then(() => sendOne(text));
      return last;
    },
    close: () => {
      closed = true;
      // Closing in the middle of a flush would leave its callback waiting for ever.
      void last.finally(() => deflate.close());
    },
  };
}

function compress(deflate: Deflate, text: string): Promise<void> {
  return new Promise((resolve) => {
    deflate.write(text);
    deflate.flush(constants.Z_SYNC_FLUSH, resolve);
  });
}

function write(socket: WebSocket, message: string | Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState !== socket.OPEN) {
      resolve();
      return;
    }
    // A failed write is followed by the socket's own close, which is where it is handled.
    socket.send(message, () => resolve());
  });
}
