import { createHmac } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

import { createSubgraph } from './create-subgraph.ts';
import { type Caller, IDENTITY_HEADER, MAX_AGE_MS, signCaller } from './identity.ts';
import { Nonces } from './nonces.ts';
import { serveSubgraph } from './serve-subgraph.ts';
import { aCaller, aViewer } from './testing/subgraph-client.ts';

const KEY = 'a key that gateway and subgraphs share';
const BODY = JSON.stringify({ query: 'mutation { add }' });

interface Sample extends AsyncDisposable {
  readonly url: string;
  /** How often the mutation has run. */
  readonly runs: number;
}

async function serveSample(): Promise<Sample> {
  const state = { runs: 0 };
  const subgraph = createSubgraph({
    name: 'sample',
    typeDefs:
      'type Query { who: String } type Mutation { add: Int } type Subscription { who: String, silence: Int }',
    resolvers: {
      Mutation: { add: () => ++state.runs },
      Subscription: {
        who: {
          resolve: (_: unknown, __: unknown, { caller }: { caller: Caller }) => caller.viewer?.userId,
          async *subscribe() {
            yield {};
          },
        },
      },
    },
    createContext: (caller) => ({ caller }),
  });
  return Object.assign(state, await serveSubgraph(subgraph, { port: 0, internalKey: KEY }));
}

/** Posts as whoever has come by this header. */
async function post(url: string, body: string, header?: string): Promise<number> {
  const headers = header === undefined ? {} : { [IDENTITY_HEADER]: header };
  const response = await fetch(url, { method: 'POST', body, headers });
  await response.text();
  return response.status;
}

/** What a subscription of whoever has come by this header gives, or the code that its socket is closed with. */
async function subscribe(url: string, header?: unknown): Promise<unknown> {
  const client = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(header !== undefined && { connectionParams: { [IDENTITY_HEADER]: header } }),
  });
  try {
    return (await client.iterate({ query: 'subscription { who }' }).next()).value;
  } catch (err) {
    return (err as { code: number }).code;
  } finally {
    await client.dispose();
  }
}

const readClaims = (header: string) =>
  JSON.parse(Buffer.from(header.split('.')[0] ?? '', 'base64url').toString()) as Record<string, unknown>;

/** A header with other claims, signed with the gateway's key as it would be. */
function resign(header: string, body: string, claims: Record<string, unknown>): string {
  const payload = Buffer.from(JSON.stringify({ ...readClaims(header), ...claims })).toString('base64url');
  return `${payload}.${createHmac('sha256', KEY).update(`${payload}.`).update(body).digest('base64url')}`;
}

/** The same with the old signature: what somebody without the key can do. */
function alter(header: string, claims: Record<string, unknown>): string {
  const payload = Buffer.from(JSON.stringify({ ...readClaims(header), ...claims })).toString('base64url');
  return `${payload}.${header.split('.')[1]}`;
}

const sign = (body: string) => signCaller(KEY, 'sample', body, aCaller());

const REFUSED: readonly (readonly [string, (body: string) => string | undefined])[] = [
  ['is not signed', () => undefined],
  ['has an empty header', () => ''],
  ['is signed with another key', (body) => signCaller('x'.repeat(32), 'sample', body, aCaller())],
  ['is signed for another subgraph', (body) => signCaller(KEY, 'other', body, aCaller())],
  ['is signed with another body', () => sign(`${BODY} `)],
  ['has its claims forged', (body) => alter(sign(body), { viewer: { ...aViewer(), roles: ['ADMIN'] } })],
  ['has its signature cut off', (body) => sign(body).slice(0, -1)],
  ['has claims only', (body) => sign(body).split('.')[0]],
  ['has expired', (body) => resign(sign(body), body, { at: Date.now() - MAX_AGE_MS - 1 })],
  ['is of the future', (body) => resign(sign(body), body, { at: Date.now() + 2 * MAX_AGE_MS })],
  ['has no nonce', (body) => resign(sign(body), body, { nonce: undefined })],
];

describe('subgraph exposure: the door of a subgraph', () => {
  it.each(REFUSED)('answers no request that %s', async (_case, headerOf) => {
    await using sample = await serveSample();
    expect(await post(sample.url, BODY, headerOf(BODY))).toBe(401);
    expect(sample.runs).toBe(0);
    expect(await post(sample.url, BODY, sign(BODY))).toBe(200);
    expect(sample.runs).toBe(1);
  });

  it.each(REFUSED)('opens no socket that %s', async (_case, headerOf) => {
    await using sample = await serveSample();
    expect(await subscribe(sample.url, headerOf(''))).toBe(4403);
  });

  it('answers a request once: a replayed one is refused', async () => {
    await using sample = await serveSample();
    const header = sign(BODY);
    const statuses = await Promise.all([1, 2, 3].map(() => post(sample.url, BODY, header)));
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 401, 401]);
    expect(sample.runs).toBe(1);
  });

  it('opens one socket for a header, and a header of a request opens none', async () => {
    await using sample = await serveSample();
    const alice = aViewer();
    const header = signCaller(KEY, 'sample', '', aCaller(alice));
    expect(await subscribe(sample.url, header)).toEqual({ data: { who: alice.userId } });
    expect(await subscribe(sample.url, header)).toBe(4403);
    expect(await subscribe(sample.url, sign(BODY))).toBe(4403);
  });

  it('tells of its health, and of nothing inside, to anybody', async () => {
    await using sample = await serveSample();
    for (const what of ['live', 'ready']) {
      const response = await fetch(new URL(`/health/${what}`, sample.url));
      expect(Object.keys((await response.json()) as object)).toEqual(['status']);
    }
  });
});

describe('nonces', () => {
  it('are good once', () => {
    const nonces = new Nonces();
    expect([nonces.take('a', 1), nonces.take('b', 1), nonces.take('a', 2)]).toEqual([true, true, false]);
  });

  it('that were forgotten for lack of room are refused for their age', () => {
    const nonces = new Nonces(2);
    for (let at = 1; at <= 6; at++) expect(nonces.take(`n${at}`, at)).toBe(true);
    for (let at = 1; at <= 6; at++) expect(nonces.take(`n${at}`, at)).toBe(false);
    expect(nonces.take('new', 7)).toBe(true);
  });
});
