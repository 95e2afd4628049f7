import { setInterval } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@volna/events';
import { MemoryCache } from '@volna/platform/cache-memory';
import { REVOCATIONS_KEY, revokedKey } from '@volna/platform/revocations';
import type { Subgraph } from '@volna/platform/subgraph';

import { post, signToken, startToyGateway, type ToyGateway } from '../testing/gateway.ts';
import { known } from '../testing/live.ts';
import { RawSocket, until } from '../testing/sockets.ts';
import { openStream } from '../testing/streams.ts';

const MULTIPART = 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0",application/json';
const SSE = 'text/event-stream';
const TICKS = 'subscription { ticks { seq } }';
const KEY = `vk_${'k'.repeat(43)}`;
const EXPIRED = { code: 'UNAUTHENTICATED', reason: 'TOKEN_EXPIRED' };

const grant = {
  keyId: newId('ApiKey'),
  userId: known.user,
  roles: ['USER'],
  scopes: ['read'],
  expiresAt: null,
};
let grants: Record<string, typeof grant> = {};
/** Knows API keys, and nothing else. */
const users: Subgraph = {
  name: 'users',
  execute: async ({ variables }) => ({
    data: { apiKeyGrant: grants[String(variables?.['key'])] ?? null },
  }),
  subscribe: () => {
    throw new Error('not asked for');
  },
};

const cache = new MemoryCache();
let gateway: ToyGateway;
beforeAll(async () => {
  gateway = await startToyGateway({ cache }, (toys) => [...Object.values(toys), users]);
});
afterAll(async () => gateway[Symbol.asyncDispose]());

/** As users does. */
async function revoke(sessionId: string, at = Date.now()): Promise<void> {
  await cache.set(revokedKey(sessionId), String(at), 60_000);
  await cache.set(REVOCATIONS_KEY, newId('Session'), 60_000);
}
async function signIn(sid: string = newId('Session')) {
  return { sid, headers: { authorization: `Bearer ${await signToken({ claims: { sid } })}` } };
}
const me = async (headers: Record<string, string>) => post(gateway, { query: '{ me { id } }' }, headers);
const listening = async (count: number) => until(() => gateway.ticker.listeners === count);

async function openSocket(authorization: string): Promise<RawSocket> {
  const socket = await new RawSocket(gateway).open();
  socket.say({ type: 'connection_init', payload: { authorization } });
  expect(await socket.hear()).toEqual({ type: 'connection_ack' });
  socket.say({ id: '1', type: 'subscribe', payload: { query: TICKS } });
  return socket;
}

// each of these fails at jest's own limit of five seconds
describe('an access token that is revoked before its time', () => {
  it('is refused by POST and by GET, and the session’s next one is not', async () => {
    const { sid, headers } = await signIn();
    expect((await me(headers)).data).toEqual({ me: { id: known.user } });
    await revoke(sid);
    let answer = await me(headers);
    // so often that it is seen soon, and not so often that the user's budget is spent
    for await (const _ of setInterval(20)) {
      if (answer.status !== 200) break;
      answer = await me(headers);
    }
    expect(answer).toMatchObject({ status: 401, errors: [{ extensions: EXPIRED }] });
    const url = `${gateway.url}/graphql?query=${encodeURIComponent('{ me { id } }')}`;
    const got = await fetch(url, { headers: { ...headers, 'apollo-require-preflight': '1' } });
    expect(got.status).toBe(401);
    expect((await me((await signIn(sid)).headers)).data).toEqual({ me: { id: known.user } });
  });

  it.each([SSE, MULTIPART])('ends an open stream (%s), and opens no other', async (accept) => {
    const { sid, headers } = await signIn();
    await using stream = await openStream(gateway, accept, { query: TICKS }, headers);
    await listening(1);
    await revoke(sid);
    expect(await stream.rest()).toContain('TOKEN_EXPIRED');
    await listening(0);
    await using other = await openStream(gateway, accept, { query: TICKS }, headers);
    expect(other.response.status).toBe(401);
  });

  it('closes an open socket with a code after which clients refresh, and opens no other', async () => {
    const { sid, headers } = await signIn();
    await using socket = await openSocket(headers.authorization);
    await listening(1);
    await revoke(sid);
    expect(await socket.closed).toBe('4403 TOKEN_EXPIRED');
    await listening(0);
    await using other = await new RawSocket(gateway).open();
    other.say({ type: 'connection_init', payload: headers });
    expect(await other.closed).toBe('4403 TOKEN_EXPIRED');
  });

  it('leaves the sockets of other sessions open', async () => {
    const [gone, kept] = [await signIn(), await signIn()];
    await using ended = await openSocket(gone.headers.authorization);
    await using open = await openSocket(kept.headers.authorization);
    await listening(2);
    await revoke(gone.sid);
    await ended.closed;
    await listening(1);
    gateway.ticker.tick(7);
    expect(await open.hear()).toMatchObject({ payload: { data: { ticks: { seq: 7 } } } });
  });
});

describe('an API key', () => {
  const headers = { authorization: `Bearer ${KEY}` };

  it('signs requests and sockets in until it is revoked', async () => {
    grants = { [KEY]: grant };
    expect((await me(headers)).data).toEqual({ me: { id: known.user } });
    await using socket = await openSocket(headers.authorization);
    await listening(1);
    grants = {};
    expect(await socket.closed).toBe('4403 TOKEN_INVALID');
    expect(await me(headers)).toMatchObject({
      status: 401,
      errors: [{ extensions: { code: 'UNAUTHENTICATED', reason: 'TOKEN_INVALID' } }],
    });
  });

  it('closes its sockets when its rights change, so that they are opened with those of now', async () => {
    const key = `vk_${'c'.repeat(43)}`;
    grants = { [key]: grant };
    await using socket = await openSocket(`Bearer ${key}`);
    await listening(1);
    grants = { [key]: { ...grant, scopes: [] } };
    expect(await socket.closed).toBe('4403 TOKEN_EXPIRED');
  });

  it('that nobody knows is refused', async () => {
    const { status } = await me({ authorization: `Bearer vk_${'z'.repeat(43)}` });
    expect(status).toBe(401);
  });
});
