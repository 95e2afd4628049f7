import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { signToken, startToyGateway, type ToyGateway } from '../testing/gateway.ts';
import { known } from '../testing/live.ts';
import { connect, RawSocket, until } from '../testing/sockets.ts';
import { MAX_MESSAGE_BYTES } from './socket-limits.ts';

let gateway: ToyGateway;
beforeAll(async () => {
  gateway = await startToyGateway({ socketLimits: { initMs: 100, subscriptionsPerSocket: 3 } });
});
afterAll(async () => gateway[Symbol.asyncDispose]());

const TICKS = 'subscription { ticks { seq track { title likedBy { name } reaction } } }';
const init = { type: 'connection_init' };
const subscribe = (id: string, query: string, variables?: object) => ({
  id,
  type: 'subscribe',
  payload: { query, variables },
});
/** Resolves once no subscription of a client is open on its subgraph. */
async function expectIdle(): Promise<void> {
  await until(() => gateway.ticker.listeners === 0);
}

async function ready(payload?: object): Promise<RawSocket> {
  const socket = await new RawSocket(gateway).open();
  socket.say(payload ? { ...init, payload } : init);
  expect(await socket.hear()).toEqual({ type: 'connection_ack' });
  return socket;
}

/** How the gateway closes a socket that says this. */
async function closeAfter(...messages: unknown[]): Promise<string> {
  const socket = await new RawSocket(gateway).open();
  for (const message of messages) socket.say(message);
  return socket.closed;
}

describe('a subscription over graphql-ws', () => {
  it('gives each event with fields of other subgraphs, to the end', async () => {
    const client = connect(gateway, { connectionParams: { Authorization: `Bearer ${await signToken()}` } });
    const results = client.iterate({ query: TICKS });
    const first = results.next();
    await until(() => gateway.ticker.listeners === 1);
    gateway.ticker.tick(1);
    const track = { title: 'One', likedBy: { name: 'Alice' }, reaction: 'LIKE' };
    expect((await first).value).toMatchObject({
      data: { ticks: { seq: 1, track } },
      extensions: { cost: { requested: 3 } },
    });
    gateway.ticker.tick(2);
    expect((await results.next()).value).toEqual({ data: { ticks: { seq: 2, track } } });
    gateway.ticker.end();
    expect((await results.next()).done).toBe(true);
    await client.dispose();
    await expectIdle();
  });

  it('closes its source when the client has enough, also while no event comes', async () => {
    const client = connect(gateway);
    const results = client.iterate({ query: TICKS });
    const pending = results.next();
    await until(() => gateway.ticker.listeners === 1);
    await results.return?.();
    await pending;
    await expectIdle();
    await client.dispose();
  });

  it('closes its source when the client is gone', async () => {
    await using socket = await ready();
    socket.say(subscribe('1', TICKS));
    await until(() => gateway.ticker.listeners === 1);
    socket.socket.terminate();
    await expectIdle();
  });

  it('ends with an error when its source fails', async () => {
    await using socket = await ready();
    socket.say(subscribe('1', TICKS));
    await until(() => gateway.ticker.listeners === 1);
    gateway.ticker.fail(new Error('secret'));
    const { payload } = await socket.hear();
    expect(payload.errors).toMatchObject([
      { message: 'unexpected error', extensions: { code: 'INTERNAL_SERVER_ERROR' } },
    ]);
    expect(await socket.hear()).toEqual({ id: '1', type: 'complete' });
  });

  it('that its subgraph refuses gives the error and ends', async () => {
    await using socket = await ready();
    socket.say(subscribe('1', 'subscription { refused { seq } }'));
    const { payload } = await socket.hear();
    expect(payload.errors).toMatchObject([
      { message: 'not for you', extensions: { code: 'FORBIDDEN', serviceName: 'media' } },
    ]);
    expect(await socket.hear()).toEqual({ id: '1', type: 'complete' });
  });
});

describe('a socket', () => {
  it('takes queries and mutations too', async () => {
    await using socket = await ready({ authorization: `Bearer ${await signToken()}` });
    socket.say(
      subscribe('1', 'mutation ($t: String!) { add(title: $t) { title reaction } }', { t: 'Three' }),
    );
    expect(await socket.hear()).toMatchObject({
      type: 'next',
      payload: { data: { add: { title: 'Three', reaction: 'LIKE' } } },
    });
    expect(await socket.hear()).toEqual({ id: '1', type: 'complete' });
    socket.say(subscribe('2', '{ me { id } }'));
    expect((await socket.hear()).payload.data).toEqual({ me: { id: known.user } });
  });

  it.each([
    ['a syntax error', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{ nope }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      '@include at the root of a subscription',
      'subscription ($x: Boolean!) { ticks @include(if: $x) { seq } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a cost that is too high',
      '{ tracks(first: 1000000) { edges { node { title } } } }',
      'OPERATION_TOO_COMPLEX',
    ],
    ['too many tokens', `{ me { ${'id '.repeat(2000)} } }`, 'GRAPHQL_PARSE_FAILED'],
    [
      'a depth that is too great',
      `subscription { ticks { track { ${'similar { '.repeat(15)}id${' }'.repeat(15)} } } }`,
      'OPERATION_TOO_COMPLEX',
    ],
  ])('says of %s what is wrong, and stays open', async (_case, query, code) => {
    await using socket = await ready();
    socket.say(subscribe('1', query, { x: true }));
    expect(await socket.hear()).toMatchObject({
      id: '1',
      type: 'error',
      payload: [{ extensions: { code } }],
    });
    socket.say({ type: 'ping' });
    expect(await socket.hear()).toEqual({ type: 'pong' });
  });

  it('takes only so many operations at a time', async () => {
    await using socket = await ready();
    for (const id of ['1', '2', '3', '4']) socket.say(subscribe(id, TICKS));
    expect(await socket.hear()).toMatchObject({
      id: '4',
      type: 'error',
      payload: [{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } }],
    });
    socket.say({ id: '1', type: 'complete' });
    await until(() => gateway.ticker.listeners === 2);
  });

  it('closes with 4403 when its token is not valid', async () => {
    const expired = `Bearer ${await signToken({ expiresIn: -5 })}`;
    expect(await closeAfter({ ...init, payload: { authorization: 'Bearer nonsense' } })).toBe(
      '4403 TOKEN_INVALID',
    );
    expect(await closeAfter({ ...init, payload: { authorization: expired } })).toBe('4403 TOKEN_EXPIRED');
  });

  it('closes with 4403 when its token expires, and its subscriptions with it', async () => {
    await using socket = await ready({ authorization: `Bearer ${await signToken({ expiresIn: 0.3 })}` });
    socket.say(subscribe('1', TICKS));
    expect(await socket.closed).toBe('4403 TOKEN_EXPIRED');
    await expectIdle();
  });

  it('closes as the protocol says', async () => {
    expect(await closeAfter('not json')).toBe('4400 Invalid message received');
    expect(await closeAfter(subscribe('1', '{ me { id } }'))).toBe('4401 Unauthorized');
    expect(await closeAfter(init, init)).toBe('4429 Too many initialisation requests');
    expect(await closeAfter()).toBe('4408 Connection initialisation timeout');
    expect(await closeAfter({ ...init, payload: { x: 'x'.repeat(MAX_MESSAGE_BYTES) } })).toMatch(/^1009/);
    await using socket = await ready();
    socket.say(subscribe('1', TICKS)).say(subscribe('1', TICKS));
    expect(await socket.closed).toBe('4409 Subscriber for 1 already exists');
  });

  it('is refused to pages of other origins, on other paths, and beyond so many of one address', async () => {
    expect(await new RawSocket(gateway, undefined, { origin: 'https://evil.example' }).closed).toContain(
      '403',
    );
    expect(await new RawSocket({ ...gateway, url: `${gateway.url}/x` }).closed).toContain('404');
    await using few = await startToyGateway({ socketLimits: { connectionsPerAddress: 1 } });
    await using first = await new RawSocket(few, undefined, { origin: few.url }).open();
    expect(await new RawSocket(few).closed).toContain('429');
    first.socket.terminate();
    await first.closed;
    await using again = await reconnect(few);
    expect(again.socket.readyState).toBe(1);
  });

  it('is told that the gateway goes away', async () => {
    const leaving = await startToyGateway();
    const socket = await new RawSocket(leaving).open();
    await leaving[Symbol.asyncDispose]();
    expect(await socket.closed).toBe('1001 going away');
  });
});

/** The server learns a moment after the client that a socket is gone. */
async function reconnect(to: ToyGateway): Promise<RawSocket> {
  for (;;) {
    const socket = new RawSocket(to);
    const isOpen = await Promise.race([socket.open().then(() => true), socket.closed.then(() => false)]);
    if (isOpen) return socket;
  }
}
