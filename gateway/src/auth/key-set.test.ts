import { createServer, type Server } from 'node:http';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { listen } from '@volna/platform/http';
import { exportJWK, generateKeyPair, type JSONWebKeySet, jwtVerify, SignJWT } from 'jose';

import { createKeySet } from './key-set.ts';

const first = await generateKeyPair('RS256');
const second = await generateKeyPair('RS256');
const publish = async (...kids: ('first' | 'second')[]): Promise<JSONWebKeySet> => ({
  keys: await Promise.all(
    kids.map(async (kid) => ({ ...(await exportJWK({ first, second }[kid].publicKey)), kid, alg: 'RS256' })),
  ),
});
const sign = async (kid: string, { privateKey } = first) =>
  new SignJWT({}).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey);

let server: Server;
let url: string;
let published: JSONWebKeySet | null;
let asked: number;
beforeEach(async () => {
  asked = 0;
  published = await publish('first');
  server = createServer((_request, response) => {
    asked++;
    response.statusCode = published ? 200 : 503;
    response.end(JSON.stringify(published));
  });
  url = `http://127.0.0.1:${await listen(server, 0, '127.0.0.1')}/jwks`;
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

async function verify(keys: ReturnType<typeof createKeySet>, token: string): Promise<boolean> {
  return jwtVerify(token, keys).then(
    () => true,
    (err: { code?: string }) => {
      if (!err.code?.startsWith('ERR_J')) throw err;
      return false;
    },
  );
}

describe('published keys', () => {
  it('are asked for once, by all who wait for them', async () => {
    const keys = createKeySet(url);
    const token = await sign('first');
    expect(await Promise.all([verify(keys, token), verify(keys, token), verify(keys, token)])).toEqual([
      true,
      true,
      true,
    ]);
    expect(asked).toBe(1);
  });

  it('are asked for again for a key that is new, and the old one goes on counting', async () => {
    let now = 0;
    const keys = createKeySet(url, () => now);
    expect(await verify(keys, await sign('first'))).toBe(true);
    published = await publish('first', 'second');
    now += 11_000;
    expect(await verify(keys, await sign('second', second))).toBe(true);
    expect(await verify(keys, await sign('first'))).toBe(true);
    expect(asked).toBe(2);
  });

  it('are not asked for again and again for keys that there are not', async () => {
    let now = 0;
    const keys = createKeySet(url, () => now);
    await verify(keys, await sign('first'));
    for (let i = 0; i < 20; i++) expect(await verify(keys, await sign(`unknown-${i}`))).toBe(false);
    expect(asked).toBe(1);
    now += 11_000;
    for (let i = 0; i < 20; i++) await verify(keys, await sign(`unknown-${i}`));
    expect(asked).toBe(2);
  });

  it('count no more once they are not published', async () => {
    let now = 0;
    const keys = createKeySet(url, () => now);
    const token = await sign('first');
    expect(await verify(keys, token)).toBe(true);
    published = await publish('second');
    now += 31_000;
    // this one is not made to wait; what it began is over when the next one has been asked for
    await verify(keys, token);
    await verify(keys, await sign('second', second));
    expect(await verify(keys, token)).toBe(false);
  });

  it('go on counting while whoever publishes them is away', async () => {
    let now = 0;
    const keys = createKeySet(url, () => now);
    await verify(keys, await sign('first'));
    published = null;
    now += 31_000;
    expect(await verify(keys, await sign('first'))).toBe(true);
    await expect(verify(createKeySet(url), await sign('first'))).rejects.toThrow('answers 503');
  });
});
