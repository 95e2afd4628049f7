import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { UsersService } from './service.ts';
import type { JwkSet } from './tokens/signing-keys.ts';

/** A new key is published two minutes before it signs, so that copies may be this old. */
const CACHE_CONTROL = 'public, max-age=60';

/**
 * Answers `/.well-known/jwks.json`, the keys that access tokens are verified with, and
 * `/.well-known/historical-keys.json`, all that ever were: receipts are signed for good. False for any other path.
 */
export function answerJwks({ jwks, historicalJwks }: Pick<UsersService, 'jwks' | 'historicalJwks'>) {
  const sets: Readonly<Record<string, () => JwkSet>> = {
    '/.well-known/jwks.json': jwks,
    '/.well-known/historical-keys.json': historicalJwks,
  };
  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const path = request.url?.split('?')[0] ?? '';
    const keys = Object.hasOwn(sets, path) ? sets[path]?.() : undefined;
    if (!keys) return false;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return true;
    }
    const body = JSON.stringify(keys);
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    const headers = { 'cache-control': CACHE_CONTROL, 'access-control-allow-origin': '*', etag };
    if (request.headers['if-none-match'] === etag) response.writeHead(304, headers).end();
    else response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(body);
    return true;
  };
}
