import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { startToyGateway, type ToyGateway } from '../testing/gateway.ts';

const page = 'https://player.example';
let gateway: ToyGateway;
beforeAll(async () => {
  gateway = await startToyGateway({
    corsOrigins: [page],
    hstsSeconds: 31_536_000,
    routes: [
      async ({ url }, response) => {
        if (url !== '/files/1') return false;
        response.end('bytes');
        return true;
      },
    ],
  });
});
afterAll(async () => gateway[Symbol.asyncDispose]());

const headersOf = async (path: string, init: RequestInit = {}) => {
  const response = await fetch(gateway.url + path, init);
  await response.arrayBuffer();
  return response.headers;
};

describe('what every answer tells browsers', () => {
  it.each([
    ['/graphql', 'same-origin'],
    ['/graphql?query={__typename}', 'same-origin'],
    ['/health/live', 'same-origin'],
    ['/files/1', 'cross-origin'],
    ['/nowhere', 'cross-origin'],
  ])('keeps them from guessing, framing and running it: %s', async (path, embedding) => {
    expect(Object.fromEntries(await headersOf(path))).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'cross-origin-resource-policy': embedding,
    });
  });

  it('says nothing of TLS where there is none', async () => {
    await using plain = await startToyGateway();
    const { headers } = await fetch(`${plain.url}/health/live`);
    expect(headers.has('strict-transport-security')).toBe(false);
  });

  it('names no server and no framework', async () => {
    const headers = await headersOf('/graphql');
    expect([headers.get('server'), headers.get('x-powered-by')]).toEqual([null, null]);
  });
});

describe('pages of other origins', () => {
  it('may ask when they are listed, and browsers remember for how long', async () => {
    const preflight = await headersOf('/graphql', {
      method: 'OPTIONS',
      headers: {
        origin: page,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,authorization',
      },
    });
    expect(Object.fromEntries(preflight)).toMatchObject({
      'access-control-allow-origin': page,
      'access-control-allow-methods': 'GET, POST, OPTIONS',
      'access-control-allow-headers': expect.stringMatching(/content-type.*authorization/),
      'access-control-max-age': '600',
      vary: expect.stringMatching(/origin/i),
    });
  });

  it('get answers that no cache mixes up, and never with cookies', async () => {
    for (const origin of [page, 'https://evil.example', undefined]) {
      const headers = await headersOf('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(origin && { origin }) },
        body: '{"query":"{ me { id } }"}',
      });
      expect(headers.get('vary')).toMatch(/origin/i);
      expect(headers.get('access-control-allow-origin')).toBe(origin === page ? page : null);
      expect(headers.get('access-control-allow-credentials')).toBeNull();
      expect(headers.get('set-cookie')).toBeNull();
    }
  });

  it('are told when to come again', async () => {
    const headers = await headersOf('/graphql', { headers: { origin: page } });
    expect(headers.get('access-control-expose-headers')).toMatch(/retry-after/);
  });
});
