import type { IncomingMessage } from 'node:http';

import { HttpError, readText } from '@volna/platform/http';

/** Most that one request may say, in bytes. */
export const MAX_BODY_BYTES = 256 * 1024;

/** The JSON body of a POST; undefined for anything else, which Apollo Server refuses in its own words. */
export async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  if (request.method !== 'POST') return undefined;
  if (request.headers['content-encoding']) throw new HttpError(415, 'compressed bodies are not taken');
  if (Number(request.headers['content-length']) > MAX_BODY_BYTES) throw new HttpError(413, tooLarge());
  const text = await readText(request, MAX_BODY_BYTES).catch((err: unknown) => {
    throw err instanceof HttpError ? new HttpError(413, tooLarge()) : err;
  });
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(request.headers['content-type'] ?? '')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError(400, 'the body is not JSON');
  }
}

function tooLarge(): string {
  return `the body has more than ${MAX_BODY_BYTES} bytes`;
}
