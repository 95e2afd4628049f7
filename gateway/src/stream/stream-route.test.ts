import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { signToken, startToyGateway, type ToyGateway } from '../testing/gateway.ts';
import { until } from '../testing/sockets.ts';
import { openStream, readStream, type Streamed } from '../testing/streams.ts';

let gateway: ToyGateway;
beforeAll(async () => {
  gateway = await startToyGateway();
});
afterAll(async () => gateway[Symbol.asyncDispose]());

const MULTIPART = 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0",application/json';
const SSE = 'text/event-stream';
const query = 'subscription { ticks { seq track { title likedBy { name } reaction } } }';
const track = { title: 'One', likedBy: { name: 'Alice' }, reaction: null };

const listening = async () => until(() => gateway.ticker.listeners === 1);
/** Resolves once no subscription of a client is open on its subgraph. */
async function expectIdle(): Promise<void> {
  await until(() => gateway.ticker.listeners === 0);
}

async function nextPart(stream: Streamed): Promise<unknown> {
  const [, body] = (await stream.until('\r\n--graphql')).split('\r\n\r\n');
  return JSON.parse(body ?? '');
}

async function nextEvent(stream: Streamed): Promise<unknown> {
  for (;;) {
    const event = await stream.until('\n\n');
    const data = /^event: next\ndata: (.*)$/s.exec(event)?.[1];
    if (data) return JSON.parse(data);
  }
}

/** Status and code of an operation that gets no stream. */
async function refused(text: string, headers = {}): Promise<unknown[]> {
  await using stream = await openStream(gateway, SSE, { query: text }, headers);
  return [stream.response.status, JSON.parse(await stream.rest()).errors[0].extensions.code];
}

describe('a subscription over HTTP', () => {
  it('comes in parts of Apollo’s multipart protocol', async () => {
    await using stream = await openStream(gateway, MULTIPART, { query });
    expect(stream.response.headers.get('content-type')).toBe(
      'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"',
    );
    await listening();
    await stream.until('\r\n--graphql');
    gateway.ticker.tick(1);
    expect(await nextPart(stream)).toMatchObject({
      payload: { data: { ticks: { seq: 1, track } }, extensions: { cost: { requested: 3 } } },
    });
    gateway.ticker.tick(2);
    expect(await nextPart(stream)).toEqual({ payload: { data: { ticks: { seq: 2, track } } } });
    gateway.ticker.end();
    expect(await stream.rest()).toBe('--\r\n');
  });

  it('comes as server-sent events', async () => {
    const headers = { authorization: `Bearer ${await signToken()}` };
    await using stream = await openStream(gateway, SSE, { query }, headers);
    expect(stream.response.headers.get('content-type')).toMatch('text/event-stream');
    await listening();
    gateway.ticker.tick(1);
    expect(await nextEvent(stream)).toMatchObject({
      data: { ticks: { seq: 1, track: { ...track, reaction: 'LIKE' } } },
    });
    gateway.ticker.end();
    expect(await stream.rest()).toBe('event: complete\ndata:\n\n');
  });

  it('may be asked for by GET, which is all that EventSource can', async () => {
    const abort = new AbortController();
    const url = `${gateway.url}/graphql?query=${encodeURIComponent('subscription ($e: Int) { ticks(every: $e) { seq } }')}&variables={"e":1}`;
    const response = await fetch(url, { headers: { accept: SSE }, signal: abort.signal });
    await using stream = readStream(response, abort);
    await listening();
    gateway.ticker.tick(7);
    expect(await nextEvent(stream)).toMatchObject({ data: { ticks: { seq: 7 } } });
  });

  it.each([MULTIPART, SSE])('closes its source when the client goes (%s)', async (accept) => {
    await expectIdle();
    const stream = await openStream(gateway, accept, { query });
    await listening();
    await stream[Symbol.asyncDispose]();
    await expectIdle();
  });

  it('is refused as any operation is', async () => {
    const aliases = Array.from({ length: 31 }, (_, i) => `a${i}: seq`).join(' ');
    expect(await refused('subscription { nope }')).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
    expect(await refused(`subscription { ticks { ${aliases} seq } }`)).toEqual([
      400,
      'OPERATION_TOO_COMPLEX',
    ]);
    expect(await refused(query, { authorization: 'Bearer nonsense' })).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('ends, and says why, when its token expires', async () => {
    const headers = { authorization: `Bearer ${await signToken({ expiresIn: 0.3 })}` };
    await using stream = await openStream(gateway, SSE, { query }, headers);
    expect(await nextEvent(stream)).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED', reason: 'TOKEN_EXPIRED' } }],
    });
    expect(await stream.rest()).toBe('event: complete\ndata:\n\n');
    await expectIdle();
  });

  it('counts among the connections of an address', async () => {
    await using few = await startToyGateway({ socketLimits: { connectionsPerAddress: 1 } });
    await using first = await openStream(few, SSE, { query });
    expect(first.response.status).toBe(200);
    await using second = await openStream(few, SSE, { query });
    expect(second.response.status).toBe(429);
  });

  it('ends when the gateway is stopped', async () => {
    const stopping = await startToyGateway();
    await using stream = await openStream(stopping, SSE, { query });
    await until(() => stopping.ticker.listeners === 1);
    await stopping[Symbol.asyncDispose]();
    await expect(stream.rest()).rejects.toThrow('terminated');
  });
});

describe('a query that wants server-sent events', () => {
  it('gives its one result', async () => {
    await using stream = await openStream(gateway, SSE, {
      query: 'mutation { add(title: "Sse") { title } }',
    });
    expect(await nextEvent(stream)).toMatchObject({ data: { add: { title: 'Sse' } } });
    expect(await stream.rest()).toBe('event: complete\ndata:\n\n');
  });

  it('is not run by GET', async () => {
    const url = `${gateway.url}/graphql?query=${encodeURIComponent('mutation { add(title: "x") { title } }')}`;
    const { status } = await fetch(url, {
      headers: { accept: `${SSE}, application/json`, 'apollo-require-preflight': '1' },
    });
    expect(status).toBe(405);
  });
});
