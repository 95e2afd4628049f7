import { MemoryCache } from './cache-memory.ts';
import type { Cache } from './cache.ts';
import { logger } from './log.ts';

/** How long a cache that has failed is left alone. */
const PAUSE_MS = 1_000;

/**
 * A cache that goes on in this process alone while the shared one is away. What is in one is not in the other: good for
 * counting tries, which then count in each process for itself, and for nothing that has to be found again.
 */
export function withLocalFallback(shared: Cache): Cache {
  const local = new MemoryCache();
  let awayUntil = 0;
  let isAway = false;

  async function ask<Answer>(question: (cache: Cache) => Promise<Answer>): Promise<Answer> {
    if (Date.now() < awayUntil) return question(local);
    try {
      const answer = await question(shared);
      if (isAway) logger.info('tries are counted for all processes together again');
      isAway = false;
      return answer;
    } catch (err) {
      if (!isAway) logger.warn({ err }, 'the cache is away: each process counts tries for itself');
      isAway = true;
      awayUntil = Date.now() + PAUSE_MS;
      return question(local);
    }
  }

  return {
    kind: shared.kind,
    get: (key) => ask((cache) => cache.get(key)),
    set: (key, value, ttlMs) => ask((cache) => cache.set(key, value, ttlMs)),
    setIfAbsent: (key, value, ttlMs) => ask((cache) => cache.setIfAbsent(key, value, ttlMs)),
    delete: (...keys) => ask((cache) => cache.delete(...keys)),
    increment: (key, by, ttlMs) => ask((cache) => cache.increment(key, by, ttlMs)),
    [Symbol.asyncDispose]: () => local[Symbol.asyncDispose](),
  };
}
