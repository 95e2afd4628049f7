import { describe, expect, it } from '@jest/globals';

import { serveOnLoopback } from '../testing/http-server.ts';
import { boundedFetch } from './bounded-fetch.ts';

const GET = { method: 'GET', headers: {}, body: null, redirect: 'manual' } as const;

describe('fetching from a provider', () => {
  it('gives the answer as it came', async () => {
    await using server = await serveOnLoopback(() => (_request, response) => {
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"invalid_client"}');
    });
    const response = await boundedFetch(server.url, GET);
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({ error: 'invalid_client' });
  });

  it('stops reading an answer that has no end', async () => {
    await using server = await serveOnLoopback(() => (_request, response) => {
      const write = () => {
        while (!response.destroyed && response.write('x'.repeat(16_384)));
      };
      response.on('drain', write);
      write();
    });
    await expect(boundedFetch(server.url, GET)).rejects.toThrow('more than 262144 bytes');
  });

  it('does not wait for an answer longer than it is told', async () => {
    const asked = new AbortController();
    await using server = await serveOnLoopback(() => () => asked.abort(new Error('too late')));
    await expect(boundedFetch(server.url, { ...GET, signal: asked.signal })).rejects.toThrow('too late');
  });

  it('goes nowhere that it is redirected to', async () => {
    await using server = await serveOnLoopback(() => (_request, response) => {
      response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    });
    expect((await boundedFetch(server.url, GET)).status).toBe(302);
  });
});
