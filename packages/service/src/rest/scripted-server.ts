import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the next request gets. `hang` never answers; `hang-body` stops in the middle. */
export interface ScriptedAnswer {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly fault?: 'hang' | 'hang-body' | 'reset';
}

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

/** A real HTTP server for tests that answers by a script; the last answer stays. */
export interface ScriptedServer {
  readonly apiUrl: string;
  readonly seen: readonly SeenRequest[];
  answer(...answers: readonly ScriptedAnswer[]): void;
  close(): Promise<void>;
}

/** Starts one on a free port of this machine. */
export async function startScriptedServer(): Promise<ScriptedServer> {
  const seen: SeenRequest[] = [];
  let script: readonly ScriptedAnswer[] = [];
  const server = createServer((request, response) => {
    read(request).then((body) => {
      const { method = '', url = '', headers } = request;
      seen.push({ method, url, authorization: headers.authorization, body });
      const answer = script[0] ?? {};
      if (script.length > 1) script = script.slice(1);
      reply(response, answer);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    apiUrl: `http://127.0.0.1:${port}/api`,
    seen,
    answer: (...answers) => {
      script = answers;
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function read(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text === '' ? null : JSON.parse(text);
}

function reply(response: ServerResponse, answer: ScriptedAnswer): void {
  if (answer.fault === 'hang') return;
  if (answer.fault === 'reset') {
    response.destroy();
    return;
  }
  const isText = typeof answer.body === 'string';
  response.writeHead(answer.status ?? 200, {
    'Content-Type': isText ? 'text/plain' : 'application/json',
    ...answer.headers,
  });
  if (answer.fault === 'hang-body') {
    response.write('[');
    return;
  }
  response.end(isText ? answer.body : JSON.stringify(answer.body ?? null));
}
