import { Redis } from 'ioredis';

import type { Cache } from './cache.ts';
import { logger } from './log.ts';
import { REACH_MS, untilReachable } from './until-reachable.ts';

export interface RedisCacheOptions {
  /** Before each key: caches of different prefixes share nothing. `volna:` unless told. */
  readonly prefix?: string;
  /** How long a command waits for the server before it rejects. */
  readonly timeoutMs?: number;
  /** How long `connect` tries to reach a server that is still starting. */
  readonly connectTimeoutMs?: number;
}

const RECONNECT_MAX_MS = 2_000;
const DISCONNECT_MS = 100;

/** One step, so that a counter cannot be left without an end. */
const INCREMENT = `
local value = redis.call('INCRBY', KEYS[1], ARGV[1])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return value`;

/** The cache of a deployment. */
export class RedisCache implements Cache {
  readonly kind = 'redis';
  readonly #redis: Redis;
  readonly #prefix: string;

  private constructor(redis: Redis, prefix: string) {
    this.#redis = redis;
    this.#prefix = prefix;
  }

  /** Resolves when the server has answered; later outages are waited out, each command for its time. */
  static async connect(url: string, options: RedisCacheOptions = {}): Promise<RedisCache> {
    const { prefix = 'volna:', timeoutMs = 2_000, connectTimeoutMs = REACH_MS } = options;
    let isConnected = false;
    const redis = new Redis(url, {
      lazyConnect: true,
      connectTimeout: timeoutMs,
      commandTimeout: timeoutMs,
      // its timer would hold the process
      disconnectTimeout: DISCONNECT_MS,
      maxRetriesPerRequest: null,
      retryStrategy: (attempt) => (isConnected ? Math.min(50 * attempt, RECONNECT_MAX_MS) : null),
    });
    // why a connection failed is told here; the promise of it says only that it is closed
    let reason: unknown;
    redis.on('error', (err: unknown) => {
      reason = err;
      if (isConnected) logger.warn({ err }, 'cache away');
    });
    const connect = () =>
      redis.connect().catch((err: unknown) => {
        throw reason ?? err;
      });
    try {
      await untilReachable('Redis', connect, { timeoutMs: connectTimeoutMs });
    } catch (err) {
      redis.disconnect();
      throw err;
    }
    isConnected = true;
    return new RedisCache(redis, prefix);
  }

  get(key: string): Promise<string | null> {
    return this.#redis.get(this.#prefix + key);
  }

  async set(key: string, value: string, ttlMs: number): Promise<void> {
    await this.#redis.set(this.#prefix + key, value, 'PX', ttlMs);
  }

  async setIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean> {
    return (await this.#redis.set(this.#prefix + key, value, 'PX', ttlMs, 'NX')) === 'OK';
  }

  async delete(...keys: readonly string[]): Promise<void> {
    if (keys.length > 0) await this.#redis.del(keys.map((key) => this.#prefix + key));
  }

  async increment(key: string, by: number, ttlMs: number): Promise<number> {
    return Number(await this.#redis.eval(INCREMENT, 1, this.#prefix + key, by, ttlMs));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#redis.disconnect();
  }
}
