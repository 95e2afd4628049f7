import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@volna/events';

import { signToken, startToyGateway, type ToyGateway } from '../testing/gateway.ts';
import { known } from '../testing/live.ts';
import { RawSocket, until } from '../testing/sockets.ts';
import { createMessageLimit } from './message-limit.ts';

let gateway: ToyGateway;
beforeAll(async () => {
  gateway = await startToyGateway({ socketLimits: { subscriptionsPerUser: 3, messagesPerSecond: 5 } });
});
afterAll(async () => gateway[Symbol.asyncDispose]());

const TICKS = 'subscription { ticks { seq } }';
const subscribe = (id: string, query = TICKS) => ({ id, type: 'subscribe', payload: { query } });
const bearer = async (options: Parameters<typeof signToken>[0] = {}) => `Bearer ${await signToken(options)}`;
const ping = (payload: object) => ({ type: 'ping', payload });
const expectIdle = () => until(() => gateway.ticker.listeners === 0);

async function ready(payload: object = {}, to = gateway): Promise<RawSocket> {
  const socket = await new RawSocket(to).open();
  socket.say({ type: 'connection_init', payload });
  expect(await socket.hear()).toEqual({ type: 'connection_ack' });
  return socket;
}

describe('F24: a client that reads nothing', () => {
  const BIG = 'subscription { ticks { seq big } }';

  it('is closed with 4008 when it reads again, and keeps others waiting for nothing', async () => {
    await using slow = await ready();
    await using quick = await ready();
    slow.say(subscribe('1', BIG));
    quick.say(subscribe('1'));
    await until(() => gateway.ticker.listeners === 2);
    slow.socket.pause();
    for (let seq = 0; seq < 200; seq++) {
      gateway.ticker.tick(seq);
      expect((await quick.hear()).payload.data).toEqual({ ticks: { seq } });
    }
    slow.socket.resume();
    expect(await slow.closed).toBe('4008 Too slow');
    await quick[Symbol.asyncDispose]();
    await expectIdle();
  });

  it('is cut off, and what waited for it is let go', async () => {
    await using wide = await startToyGateway();
    const before = process.memoryUsage().rss;
    const sockets = await Promise.all(Array.from({ length: 10 }, () => ready({}, wide)));
    for (const socket of sockets) socket.say(subscribe('1', BIG));
    await until(() => wide.ticker.listeners === sockets.length);
    for (const { socket } of sockets) socket.pause();
    for (let seq = 0; wide.ticker.listeners > 0; seq++) {
      if (seq < 400) wide.ticker.tick(seq);
      await new Promise(setImmediate);
    }
    // 400 MB were sent
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 2 ** 20);
    for (const socket of sockets) {
      socket.socket.resume();
      expect(await socket.closed).toMatch(/^(?:1006|4008)/);
    }
  });
});

describe('unbounded subscriptions', () => {
  it('are refused to one user over all sockets, and let be once others have ended', async () => {
    const authorization = await bearer();
    await using first = await ready({ authorization });
    await using second = await ready({ authorization });
    await using stranger = await ready();
    first.say(subscribe('1')).say(subscribe('2'));
    second.say(subscribe('1')).say(subscribe('2'));
    expect(await second.hear()).toMatchObject({
      id: '2',
      type: 'error',
      payload: [{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } }],
    });
    stranger.say(subscribe('1'));
    await until(() => gateway.ticker.listeners === 4);
    await first[Symbol.asyncDispose]();
    await until(() => gateway.ticker.listeners === 2);
    second.say(subscribe('3'));
    await until(() => gateway.ticker.listeners === 3);
    for (const socket of [second, stranger]) await socket[Symbol.asyncDispose]();
    await expectIdle();
  });

  it('are refused by the socket when all that the gateway takes are open', async () => {
    await using few = await startToyGateway({ socketLimits: { connections: 1 } });
    await using _first = await ready({}, few);
    expect(await new RawSocket(few).closed).toContain('429');
  });
});

describe('a flood of messages', () => {
  it.each(['message', 'ping'])('closes its socket with 4429 (%s)', async (kind) => {
    await using socket = await ready();
    for (let i = 0; i < 30; i++) {
      if (kind === 'ping') socket.socket.ping();
      else socket.say({ type: 'ping' });
    }
    expect(await socket.closed).toBe('4429 Too many messages');
  });

  it('is what comes faster than the limit in the long run', () => {
    const isWithin = createMessageLimit(2);
    const answers = Array.from({ length: 20 }, isWithin);
    expect(answers.filter(Boolean)).toHaveLength(8);
  });
});

describe('a token refreshed in place', () => {
  it('keeps the socket and its subscriptions beyond the expiry of the first', async () => {
    await using socket = await ready({ authorization: await bearer({ expiresIn: 1 }) });
    const first = Date.now() + 1_000;
    socket.say(subscribe('1'));
    await until(() => gateway.ticker.listeners === 1);
    socket.say(ping({ authorization: await bearer({ expiresIn: 3 }), at: 7 }));
    expect(await socket.hear()).toEqual({ type: 'pong', payload: { at: 7 } });
    await until(() => Date.now() > first + 100);
    gateway.ticker.tick(1);
    expect((await socket.hear()).payload.data).toEqual({ ticks: { seq: 1 } });
    expect(await socket.closed).toBe('4403 TOKEN_EXPIRED');
    await expectIdle();
  });

  it.each([
    ['of another user', () => bearer({ claims: { sub: newId('User') } })],
    ['that has expired', () => bearer({ expiresIn: -5 })],
    ['that proves nothing', async () => 'Bearer nonsense'],
    ['that is none', async () => null],
  ])('closes the socket when it is one %s', async (_case, token) => {
    await using socket = await ready({ authorization: await bearer() });
    socket.say(ping({ authorization: await token() }));
    expect(await socket.closed).toMatch(/^4403 TOKEN_(?:INVALID|EXPIRED)$/);
  });

  it('makes no user of a stranger, and nothing of one who has not said connection_init', async () => {
    await using stranger = await ready();
    stranger.say(ping({ authorization: await bearer() }));
    expect(await stranger.closed).toBe('4403 TOKEN_INVALID');
    await using early = await new RawSocket(gateway).open();
    early.say(ping({ authorization: await bearer() })).say({ type: 'connection_init' });
    expect(await early.hear()).toEqual({ type: 'pong' });
    expect(await early.hear()).toEqual({ type: 'connection_ack' });
    early.say(subscribe('1', '{ me { id } }'));
    expect((await early.hear()).payload.data).toEqual({ me: null });
  });

  it('counts for what is asked after it', async () => {
    await using socket = await ready({ authorization: await bearer({ claims: { roles: [] } }) });
    socket.say(ping({ authorization: await bearer({ claims: { roles: ['ADMIN'] } }) }));
    expect(await socket.hear()).toEqual({ type: 'pong' });
    socket.say(subscribe('1', '{ me { id roles } }'));
    expect((await socket.hear()).payload.data).toEqual({ me: { id: known.user, roles: ['ADMIN'] } });
  });
});
