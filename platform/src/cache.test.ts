import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, describe, expect, it } from '@jest/globals';

import type { Binary } from './binaries.ts';
import { withLocalFallback } from './cache-fallback.ts';
import { MemoryCache } from './cache-memory.ts';
import { RedisCache } from './cache-redis.ts';
import type { Cache } from './cache.ts';
import { startRedisServer } from './embedded/redis-server.ts';
import type { EmbeddedServer } from './embedded/server-process.ts';
import { openScratch } from './scratch.ts';
import { binaryForTests, openRedisServer } from './testing/servers.ts';

const HOUR_MS = 3_600_000;

const redis = await binaryForTests('redis-server');
let server: Promise<EmbeddedServer> | undefined;

async function openRedisCache(prefix: string = randomUUID()): Promise<Cache> {
  if (typeof redis === 'string') throw new Error(redis);
  server ??= openRedisServer(redis);
  return RedisCache.connect((await server).url, { prefix });
}

/** Where a server has been and none is any more. */
async function openedAndGone(binary: Binary): Promise<string> {
  await using gone = await openRedisServer(binary);
  return gone.url;
}

afterAll(async () => {
  await (await server)?.[Symbol.asyncDispose]();
});

const refuse = async (): Promise<never> => {
  throw new Error('away');
};
/** A cache that is never there. */
const away: Cache = {
  kind: 'away',
  get: refuse,
  set: refuse,
  setIfAbsent: refuse,
  delete: refuse,
  increment: refuse,
  async [Symbol.asyncDispose]() {},
};

const twins = [
  { title: 'MemoryCache', missing: false, open: async (): Promise<Cache> => new MemoryCache() },
  {
    title: typeof redis === 'string' ? `RedisCache (skipped: ${redis})` : 'RedisCache',
    missing: typeof redis === 'string',
    open: openRedisCache,
  },
  {
    title: 'a cache that goes on in this process while the shared one is away',
    missing: false,
    open: async (): Promise<Cache> => withLocalFallback(away),
  },
];

for (const { title, missing, open } of twins) {
  const suite = missing ? describe.skip : describe;

  suite(title, () => {
    it('gives what was set, until it is deleted', async () => {
      await using cache = await open();
      expect(await cache.get('a')).toBeNull();

      await cache.set('a', 'Ёлка', HOUR_MS);
      await cache.set('b', '', HOUR_MS);
      expect(await cache.get('a')).toBe('Ёлка');
      expect(await cache.get('b')).toBe('');

      await cache.delete('a', 'b', 'unknown');
      await cache.delete();
      expect([await cache.get('a'), await cache.get('b')]).toEqual([null, null]);
    });

    it('forgets a value at its end', async () => {
      await using cache = await open();
      await cache.set('a', '1', 30);
      await cache.set('b', '1', 30);
      await cache.set('b', '2', HOUR_MS);
      await pause(60);

      expect(await cache.get('a')).toBeNull();
      expect(await cache.get('b')).toBe('2');
    });

    it('lets one of many have a key that is free', async () => {
      await using cache = await open();
      const tries = Array.from({ length: 10 }, (_, n) => cache.setIfAbsent('lock', `${n}`, 30));

      expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);

      await pause(60);
      expect(await cache.setIfAbsent('lock', 'next', HOUR_MS)).toBe(true);
      expect(await cache.get('lock')).toBe('next');
    });

    it('counts, and begins anew after the time of the first step', async () => {
      await using cache = await open();
      await Promise.all(Array.from({ length: 10 }, () => cache.increment('count', 2, HOUR_MS)));
      expect(await cache.increment('count', 1, HOUR_MS)).toBe(21);
      expect(await cache.get('count')).toBe('21');

      await cache.increment('short', 5, 30);
      expect(await cache.increment('short', -1, HOUR_MS)).toBe(4);
      await pause(60);
      expect(await cache.increment('short', 1, HOUR_MS)).toBe(1);
    });

    it('refuses to count on what is no number, and a value without an end', async () => {
      await using cache = await open();
      await cache.set('word', 'word', HOUR_MS);

      await expect(cache.increment('word', 1, HOUR_MS)).rejects.toThrow(/counter|integer/);
      await expect(cache.set('a', '1', 0)).rejects.toThrow(/time to live|expire/);
      await expect(cache.set('a', '1', Number.NaN)).rejects.toThrow(/time to live|integer/);
    });
  });
}

describe('a MemoryCache with too many keys', () => {
  it('lets go of the one that was not used for longest', async () => {
    await using cache = new MemoryCache({ maxKeys: 2 });
    await cache.set('a', '1', HOUR_MS);
    await cache.set('b', '2', HOUR_MS);
    await cache.get('a');
    await cache.set('c', '3', HOUR_MS);

    expect([await cache.get('a'), await cache.get('b'), await cache.get('c')]).toEqual(['1', null, '3']);
  });
});

const redisSuite = typeof redis === 'string' ? describe.skip : describe;
redisSuite(typeof redis === 'string' ? `a RedisCache (skipped: ${redis})` : 'a RedisCache', () => {
  it('shares values with others of its prefix only', async () => {
    const prefix = randomUUID();
    await using one = await openRedisCache(prefix);
    await using same = await openRedisCache(prefix);
    await using other = await openRedisCache();
    await one.set('a', '1', HOUR_MS);

    expect([await same.get('a'), await other.get('a')]).toEqual(['1', null]);
  });

  it('rejects in time when its server is away, and when there is none', async () => {
    if (typeof redis === 'string') throw new Error(redis);
    await using mortal = await openRedisServer(redis);
    await using cache = await RedisCache.connect(mortal.url, { timeoutMs: 200 });
    await cache.set('a', '1', HOUR_MS);
    process.kill(mortal.pid, 'SIGSTOP');
    // the signal may arrive a command later
    const untilRefused = async (): Promise<never> => {
      await cache.get('a');
      return untilRefused();
    };
    await expect(untilRefused()).rejects.toThrow(/timed out/i);
    process.kill(mortal.pid, 'SIGKILL');
    await expect(cache.get('a')).rejects.toThrow(/timed out/i);

    const nowhere = RedisCache.connect('redis://127.0.0.1:1', { connectTimeoutMs: 1 });
    await expect(nowhere).rejects.toThrow(/closed|refused/i);
  });

  it('waits for a server that starts later', async () => {
    if (typeof redis === 'string') throw new Error(redis);
    const url = await openedAndGone(redis);
    const connecting = RedisCache.connect(url);
    await using scratch = await openScratch();
    const place = { directory: scratch.path('redis'), port: Number(new URL(url).port) };
    await using _server = await startRedisServer({ binary: redis, ...place });
    await using cache = await connecting;
    await cache.set('a', '1', HOUR_MS);
    expect(await cache.get('a')).toBe('1');
  });
});
