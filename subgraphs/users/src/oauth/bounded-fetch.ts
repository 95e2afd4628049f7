import type { CustomFetchOptions } from 'openid-client';

/** How long a provider may take for one answer. */
export const PROVIDER_TIMEOUT_S = 5;
const MAX_BYTES = 256 * 1024;

class AnswerTooLargeError extends Error {
  override name = 'AnswerTooLargeError';
}

/** Fetches from a provider: in bounded time, a bounded answer, and from nowhere that it redirects to. */
export async function boundedFetch(url: string, options: CustomFetchOptions): Promise<Response> {
  const { signal = AbortSignal.timeout(PROVIDER_TIMEOUT_S * 1_000), ...rest } = options;
  const response = await fetch(url, { ...rest, signal, redirect: 'manual' } as RequestInit);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > MAX_BYTES) throw new AnswerTooLargeError(`more than ${MAX_BYTES} bytes`);
    parts.push(part);
  }
  const { status, headers } = response;
  return new Response(size > 0 ? Buffer.concat(parts) : null, { status, headers });
}
