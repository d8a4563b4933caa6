import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** What a request gets in place of Discord's answer. */
export interface Spoiled {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Stands between the service and the emulator, and may answer or speak in its place. */
export interface Spoiler extends AsyncDisposable {
  readonly apiUrl: string;
  /** Asked for every request; null lets it through. */
  spoil: (method: string, path: string) => Spoiled | null;
  /** Puts bytes into the gateway connections, as if they came from Discord. */
  inject(bytes: Uint8Array): void;
}

export async function startProxy(apiUrl: string): Promise<Spoiler> {
  const target = new URL(apiUrl);
  const lines = new Set<Duplex>();
  const server = createServer((incoming, response) => {
    const { pathname } = new URL(incoming.url ?? '/', target);
    const spoiled = proxy.spoil(incoming.method ?? 'GET', pathname);
    if (spoiled === null) return pass(incoming, response);
    incoming.resume();
    response.writeHead(spoiled.status ?? 200, { 'content-type': 'text/html', ...spoiled.headers });
    response.end(spoiled.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  function pass(incoming: IncomingMessage, response: ServerResponse): void {
    const { method, headers, url: path } = incoming;
    const options = { host: target.hostname, port: target.port, method, path, headers };
    const onward = request(options, async (answer) => {
      const text = await textOf(answer);
      // The gateway's address is ours, so that its connection comes through here too.
      const body = text.replaceAll(`ws://127.0.0.1:${target.port}`, `ws://127.0.0.1:${port}`);
      const { 'content-length': _length, 'transfer-encoding': _chunked, ...kept } = answer.headers;
      response.writeHead(answer.statusCode ?? 500, kept);
      response.end(body);
    });
    onward.on('error', () => response.destroy());
    incoming.pipe(onward);
  }

  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    const onward: Socket = connect(Number(target.port), target.hostname, () => {
      const raw = incoming.rawHeaders;
      const headers = raw.flatMap((name, n) => (n % 2 === 0 ? `${name}: ${raw[n + 1]}\r\n` : []));
      onward.write(`GET ${incoming.url} HTTP/1.1\r\n${headers.join('')}\r\n`);
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    lines.add(socket);
    const end = (): void => {
      lines.delete(socket);
      socket.destroy();
      onward.destroy();
    };
    for (const side of [socket, onward]) side.on('error', end).on('close', end);
  });

  const proxy: Spoiler = {
    apiUrl: `http://127.0.0.1:${port}${target.pathname}`,
    spoil: () => null,
    inject: (bytes) => {
      for (const line of lines) line.write(bytes);
    },
    [Symbol.asyncDispose]: async () => {
      for (const line of lines) line.destroy();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
  return proxy;
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) text += chunk;
  return text;
}
