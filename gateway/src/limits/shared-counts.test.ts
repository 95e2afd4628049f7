import { afterAll, describe, expect, it } from '@jest/globals';
import type { Cache } from '@volna/platform/cache';
import { MemoryCache } from '@volna/platform/cache-memory';
import { RedisCache } from '@volna/platform/cache-redis';
import { binaryForTests, openRedisServer } from '@volna/platform/testing/servers';

import { SharedCounts } from './shared-counts.ts';

const LIMIT = { requests: 10, cost: 1000 };
const request = { requests: 1, cost: 0 };
const now = Date.now();

const redis = await binaryForTests('redis-server');
const opened = new AsyncDisposableStack();
afterAll(async () => opened.disposeAsync());

function takeAll(counts: SharedCounts, caller = 'a'): number {
  let taken = 0;
  while (counts.take(caller, request, LIMIT, now) === 0) taken += 1;
  return taken;
}

async function openRedis(): Promise<Cache> {
  if (typeof redis === 'string') throw new Error(redis);
  const server = opened.use(await openRedisServer(redis));
  return opened.use(await RedisCache.connect(server.url));
}

const twins = [
  { title: 'memory', missing: false, open: async (): Promise<Cache> => new MemoryCache() },
  {
    title: typeof redis === 'string' ? `Redis (skipped: ${redis})` : 'Redis',
    missing: typeof redis === 'string',
    open: openRedis,
  },
];

for (const { title, missing, open } of twins) {
  (missing ? describe.skip : describe)(`counts that gateways share through ${title}`, () => {
    it('are one limit for all of them', async () => {
      const cache = await open();
      using one = new SharedCounts(cache);
      using other = new SharedCounts(cache);
      for (let n = 0; n < 7; n++) expect(one.take('a', { requests: 1, cost: 70 }, LIMIT, now)).toBe(0);
      await one.exchange();
      expect(other.take('a', { requests: 1, cost: 70 }, LIMIT, now)).toBe(0);
      await other.exchange();
      expect(other.take('a', { requests: 0, cost: 500 }, LIMIT, now)).toBeGreaterThan(0);
      expect(takeAll(other)).toBe(2);
      expect(takeAll(other, 'b')).toBe(10);
      await other.exchange();
      // it was told of seven: it finds out at its next exchange
      expect(one.take('a', request, LIMIT, now)).toBe(0);
      await one.exchange();
      expect(takeAll(one)).toBe(0);
    });
  });
}

const suite = typeof redis === 'string' ? describe.skip : describe;

suite('counts without their cache', () => {
  it('hold in each gateway, and are shared again afterwards', async () => {
    if (typeof redis === 'string') return;
    await using stack = new AsyncDisposableStack();
    const server = await openRedisServer(redis);
    const cache = stack.use(await RedisCache.connect(server.url, { timeoutMs: 200 }));
    using counts = new SharedCounts(cache);
    await server[Symbol.asyncDispose]();
    expect(counts.take('a', request, LIMIT, now)).toBe(0);
    await counts.exchange();
    // nothing that was counted is lost with the exchange
    expect(takeAll(counts)).toBe(9);
    expect(takeAll(counts)).toBe(0);
  });
});
