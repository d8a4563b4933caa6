import type { IncomingMessage } from 'node:http';
import type { Body } from './route.ts';

/** Reads a request's body; null when it is not what its content type says. */
export async function readBody(request: IncomingMessage): Promise<Body | null> {
  const type = request.headers['content-type'] ?? '';
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (chunks.length === 0) return {};
    const bytes = Buffer.concat(chunks);
    return type.startsWith('multipart/form-data')
      ? await readForm(bytes, type)
      : readJson(bytes.toString());
  } catch {
    return null;
  }
}

function readJson(text: string): Body | null {
  const body: unknown = JSON.parse(text);
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Body) : null;
}

async function readForm(bytes: Buffer, type: string): Promise<Body> {
  const form = await new Response(new Uint8Array(bytes), {
    headers: { 'content-type': type },
  }).formData();
  const body: Record<string, unknown> = {};
  for (const [name, part] of form) {
    const text = typeof part === 'string' ? part : await part.text();
    if (name === 'payload_json') Object.assign(body, JSON.parse(text));
    else body[name] = text;
  }
  return body;
}
