import { type Route, sendJson } from '@volna/platform/http';
import { logger } from '@volna/platform/log';

/** What `users` publishes, by the path that both answer it at. */
const PATHS = new Set(['/.well-known/jwks.json', '/.well-known/historical-keys.json']);
/** With this and the copy that clients may keep, a new key has come around before it signs. */
const FRESH_MS = 15_000;
const CACHE_CONTROL = 'public, max-age=60';
const TIMEOUT_MS = 3_000;

interface Copy {
  readonly body: string;
  readonly readAt: number;
}

/**
 * Answers with the public keys that the service behind a JWKS address has, so that anybody can verify what Volna has
 * signed. It is asked once in a while, however often this route is, and the last answer goes on while it is away.
 */
export function createKeysRoute(jwksUrl: string): Route {
  const copies = new Map<string, Copy>();
  const reading = new Map<string, Promise<Copy>>();

  async function read(path: string): Promise<Copy> {
    const readAt = performance.now();
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(new URL(path, jwksUrl), { redirect: 'error', signal });
    if (!response.ok) throw new Error(`${path} answers ${response.status}`);
    const copy = { body: JSON.stringify(await response.json()), readAt };
    copies.set(path, copy);
    return copy;
  }

  async function copyOf(path: string): Promise<Copy> {
    const known = copies.get(path);
    if (known && performance.now() - known.readAt < FRESH_MS) return known;
    const next = reading.get(path) ?? read(path).finally(() => reading.delete(path));
    reading.set(path, next);
    try {
      return await next;
    } catch (err) {
      if (!known) throw err;
      logger.warn({ err }, 'published keys cannot be read: the last ones go on');
      return known;
    }
  }

  return async (request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    if (!PATHS.has(path)) return false;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return true;
    }
    try {
      const { body } = await copyOf(path);
      const headers = { 'content-type': 'application/json', 'cache-control': CACHE_CONTROL };
      response.writeHead(200, { ...headers, 'access-control-allow-origin': '*' }).end(body);
    } catch (err) {
      logger.warn({ err }, 'published keys cannot be read');
      sendJson(response, 503, { error: 'try again later' });
    }
    return true;
  };
}
