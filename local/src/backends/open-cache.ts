import { join } from 'node:path';

import { findBinary, type FindBinaryOptions } from '@volna/platform/binaries';
import type { Cache } from '@volna/platform/cache';
import { MemoryCache } from '@volna/platform/cache-memory';
import { RedisCache } from '@volna/platform/cache-redis';
import { startRedisServer } from '@volna/platform/embedded/redis-server';
import { UnavailableError } from '@volna/platform/unavailable';

import { keep, type Opened } from './open-bus.ts';
import { type BackendsOptions, hostOf } from './options.ts';

/** The named Redis, else a redis-server of our own, else the memory of this process. */
export async function openCache(
  { config, directory }: BackendsOptions,
  find: FindBinaryOptions,
): Promise<Opened<Cache>> {
  await using opened = new AsyncDisposableStack();
  if (config.REDIS_URL) {
    const open = opened.use(await RedisCache.connect(config.REDIS_URL));
    return { open, backend: `Redis at ${hostOf(config.REDIS_URL)}`, ...keep(opened) };
  }
  try {
    const binary = await findBinary('redis-server', find);
    const server = opened.use(await startRedisServer({ binary, directory: join(directory, 'redis') }));
    const open = opened.use(await RedisCache.connect(server.url));
    return { open, backend: `redis-server, pid ${server.pid}`, ...keep(opened) };
  } catch (err) {
    if (!(err instanceof UnavailableError)) throw err;
    const open = opened.use(new MemoryCache());
    return { open, backend: `in process (${err.message})`, ...keep(opened) };
  }
}
