import type { IncomingMessage, ServerResponse } from 'node:http';

import type { UsersService } from './service.ts';

/** Answers `/.well-known/jwks.json`; false for any other path. */
export function answerJwks(jwks: UsersService['jwks']) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    if (request.url !== '/.well-known/jwks.json') return false;
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'public, max-age=60' });
    response.end(JSON.stringify(jwks()));
    return true;
  };
}
