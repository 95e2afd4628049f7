import { createServer } from 'node:http';

import { describe, expect, it } from '@jest/globals';
import { listen } from '@volna/platform/http';

import { startToyGateway } from '../testing/gateway.ts';
import { createKeysRoute } from './keys-route.ts';

/** Publishes keys as users does, and counts how often. */
async function openUsers() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end(JSON.stringify({ keys: [{ kty: 'RSA', kid: request.url }] }));
  });
  const port = await listen(server, 0, '127.0.0.1');
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}/.well-known/jwks.json`, asked, [Symbol.asyncDispose]: close };
}

describe('the public keys', () => {
  it('are those of users, which is not asked for each request', async () => {
    await using users = await openUsers();
    await using gateway = await startToyGateway({ routes: [createKeysRoute(users.url)] });
    const get = async (name: string) => fetch(`${gateway.url}/.well-known/${name}`);
    const many = await Promise.all(Array.from({ length: 20 }, () => get('jwks.json')));
    for (const response of many) {
      expect(response.headers.get('cache-control')).toBe('public, max-age=60');
      expect(await response.json()).toEqual({ keys: [{ kty: 'RSA', kid: '/.well-known/jwks.json' }] });
    }
    expect(users.asked).toEqual(['/.well-known/jwks.json']);
    expect((await get('historical-keys.json')).status).toBe(200);
    expect((await get('openid-configuration')).status).toBe(404);
    const posted = await fetch(`${gateway.url}/.well-known/jwks.json`, { method: 'POST' });
    expect(posted.status).toBe(405);
  });

  it('cannot be had while nobody knows them', async () => {
    const users = await openUsers();
    await users[Symbol.asyncDispose]();
    await using gateway = await startToyGateway({ routes: [createKeysRoute(users.url)] });
    expect((await fetch(`${gateway.url}/.well-known/jwks.json`)).status).toBe(503);
  });
});
