import { describe, expect, it } from '@jest/globals';
import { newId } from '@volna/events';
import { MemoryCache } from '@volna/platform/cache-memory';

import type { GatewayOptions } from './service.ts';
import { post, signToken, startToyGateway, type ToyGateway } from './testing/gateway.ts';
import { connect } from './testing/sockets.ts';
import { openStream } from './testing/streams.ts';

const ME = '{ me { id } }';
const limited = async (
  rateLimits: GatewayOptions['rateLimits'] = {},
  options: Partial<GatewayOptions> = {},
) =>
  startToyGateway({
    rateLimits: {
      stranger: { requests: 3, cost: 50_000 },
      user: { requests: 5, cost: 50_000 },
      ...rateLimits,
    },
    ...options,
  });

type Ask = (gateway: ToyGateway) => Promise<string>;

/** One request of each kind; gives the code that refuses it, or `ok`. */
const transports: Record<string, Ask> = {
  POST: async (gateway) => codeOf(await post(gateway, { query: ME })),
  GET: async ({ url }) => {
    const headers = { 'apollo-require-preflight': '1' };
    return codeOf(await (await fetch(`${url}/graphql?query=${encodeURIComponent(ME)}`, { headers })).json());
  },
  multipart: async (gateway) => {
    const accept = 'multipart/mixed;subscriptionSpec="1.0"';
    await using stream = await openStream(gateway, accept, { query: 'subscription { ticks { seq } }' });
    return stream.response.status === 429 ? 'RATE_LIMITED' : 'ok';
  },
  SSE: async (gateway) => {
    await using stream = await openStream(gateway, 'text/event-stream', { query: ME });
    return stream.response.status === 429 ? 'RATE_LIMITED' : 'ok';
  },
  'graphql-ws': async (gateway) => {
    const client = connect(gateway);
    try {
      return codeOf((await client.iterate({ query: ME }).next()).value ?? {});
    } catch (errors) {
      return codeOf({ errors });
    } finally {
      await client.dispose();
    }
  },
};

function codeOf(result: unknown): string {
  const { errors } = result as { errors?: { extensions: { code: string } }[] };
  return errors?.[0]?.extensions.code ?? 'ok';
}

const askAll = async (gateway: ToyGateway, headers: Record<string, string>, times: number) => {
  const codes: string[] = [];
  for (let n = 0; n < times; n++) codes.push(codeOf(await post(gateway, { query: ME }, headers)));
  return codes;
};

const bearerOfSomeone = async () => ({
  authorization: `Bearer ${await signToken({ claims: { sub: newId('User') } })}`,
});

const LIMITED = 'RATE_LIMITED';

describe('rate limits', () => {
  it.each(Object.entries(transports))('hold over %s, and count all transports as one', async (_name, ask) => {
    await using gateway = await limited({ stranger: { requests: 3, cost: 50_000 } });
    expect(await ask(gateway)).toBe('ok');
    expect(await askAll(gateway, {}, 2)).toEqual(['ok', 'ok']);
    expect(await ask(gateway)).toBe(LIMITED);
  });

  it('say when to come again, to programs and to HTTP', async () => {
    await using gateway = await limited({ stranger: { requests: 0, cost: 50_000 } });
    const { status, headers, errors, data } = await post(gateway, { query: ME });
    const wait = Number(errors?.[0]?.extensions['retryAfterMs']);
    expect([status, data, wait > 0 && wait <= 60_000]).toEqual([429, undefined, true]);
    expect(headers.get('retry-after')).toBe(String(Math.ceil(wait / 1000)));
    expect(errors?.[0]?.message).toMatch(/try again in \d+ s/);
  });

  it('are of each user, wherever the requests come from, and more than of a stranger', async () => {
    await using gateway = await limited();
    const [alice, bob] = [await bearerOfSomeone(), await bearerOfSomeone()];
    expect(await askAll(gateway, alice, 6)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', LIMITED]);
    expect(await askAll(gateway, bob, 1)).toEqual(['ok']);
    expect(await askAll(gateway, {}, 4)).toEqual(['ok', 'ok', 'ok', LIMITED]);
  });

  it('cannot be bypassed by X-Forwarded-For (rate-limit bypass by XFF)', async () => {
    await using gateway = await limited();
    const spoof = async (n: number) =>
      codeOf(await post(gateway, { query: ME }, { 'x-forwarded-for': `198.51.100.${n}` }));
    expect([await spoof(1), await spoof(2), await spoof(3), await spoof(4)]).toEqual([
      'ok',
      'ok',
      'ok',
      LIMITED,
    ]);
    await using behind = await limited({}, { trustedProxies: 1 });
    const through = async (client: string) =>
      codeOf(await post(behind, { query: ME }, { 'x-forwarded-for': `203.0.113.9, ${client}` }));
    for (let n = 0; n < 3; n++) expect(await through('198.51.100.1')).toBe('ok');
    expect(await through('198.51.100.1')).toBe(LIMITED);
    expect(await through('198.51.100.2')).toBe('ok');
  });

  it('take the addresses of one IPv6 network for one', async () => {
    await using gateway = await limited({}, { trustedProxies: 1 });
    const from = async (ip: string) => codeOf(await post(gateway, { query: ME }, { 'x-forwarded-for': ip }));
    for (const end of ['1', 'abcd:1', '2:3:4']) expect(await from(`2001:db8:0:1::${end}`)).toBe('ok');
    expect(await from('2001:db8:0:1:ffff::1')).toBe(LIMITED);
    expect(await from('2001:db8:0:2::1')).toBe('ok');
  });

  it('count what operations cost, so that few large ones are as many small ones', async () => {
    await using gateway = await limited({ stranger: { requests: 100, cost: 25_000 } });
    const large = { query: '{ tracks(first: 4000) { edges { node { title } } } }' };
    const costs = await Promise.all([1, 2, 3, 4].map(async () => post(gateway, large)));
    expect(costs.map(codeOf)).toEqual(['ok', 'ok', 'ok', LIMITED]);
    expect(costs[3]?.status).toBe(429);
    expect(codeOf(await post(gateway, { query: ME }))).toBe('ok');
  });

  it('give a client of a listed name its share, and no client more than its caller has', async () => {
    await using gateway = await limited({ clients: { crawler: 0.34, banned: 0 } });
    const as = async (client: string) =>
      codeOf(await post(gateway, { query: ME }, { 'apollographql-client-name': client }));
    expect(await as('banned')).toBe(LIMITED);
    expect([await as('crawler'), await as('crawler')]).toEqual(['ok', LIMITED]);
    expect([await as('player'), await as('toString'), await as('player')]).toEqual(['ok', 'ok', LIMITED]);
  });

  it('count requests with tokens that prove nothing by their address', async () => {
    await using gateway = await limited();
    const headers = { authorization: 'Bearer a.b.c' };
    const codes = await askAll(gateway, headers, 4);
    expect(codes).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED', 'UNAUTHENTICATED', LIMITED]);
  });

  it('are shared by gateways with one cache', async () => {
    const cache = new MemoryCache();
    await using one = await limited({}, { cache });
    await using other = await limited({}, { cache });
    expect(await askAll(one, {}, 3)).toEqual(['ok', 'ok', 'ok']);
    // what one has counted is known to the other after their next exchanges
    let asked = 0;
    while (codeOf(await post(other, { query: ME })) === 'ok') asked += 1;
    expect(asked).toBeLessThanOrEqual(3);
  });
});
