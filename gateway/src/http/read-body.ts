import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream/promises';

import { HttpError } from '@volna/platform/http';

/** Most that one request may say, in bytes. */
export const MAX_BODY_BYTES = 256 * 1024;
/** Most that is read of a body that is too large; then the connection is cut. */
const MAX_DISCARDED_BYTES = 64 * 1024 * 1024;
/** How long a body may take to arrive. */
const BODY_MS = 20_000;

/** The JSON body of a POST; undefined for anything else, which Apollo Server refuses in its own words. */
export async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  if (request.method !== 'POST') return undefined;
  if (request.headers['content-encoding']) throw new HttpError(415, 'compressed bodies are not taken');
  const text = await readText(request);
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(request.headers['content-type'] ?? '')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError(400, 'the body is not JSON');
  }
}

/** Reads a body to its end, so that a client which is still sending gets its answer; keeps only so much. */
async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
    else chunks.length = 0;
    if (size > MAX_DISCARDED_BYTES) request.destroy();
  });
  const late = setTimeout(() => request.destroy(), BODY_MS);
  await finished(request).finally(() => clearTimeout(late));
  if (size > MAX_BODY_BYTES) throw new HttpError(413, `the body has more than ${MAX_BODY_BYTES} bytes`);
  return Buffer.concat(chunks).toString();
}
