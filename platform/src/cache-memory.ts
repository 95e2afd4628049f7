import type { Cache } from './cache.ts';

interface Item {
  readonly value: string;
  /** Unix milliseconds. */
  readonly endsAt: number;
}

export interface MemoryCacheOptions {
  /** The least recently used key goes first when there are more. */
  readonly maxKeys?: number;
}

const MAX_KEYS = 100_000;

/** The cache of one process. Keys end when they are looked at: there are no timers. */
export class MemoryCache implements Cache {
  readonly kind = 'embedded';
  /** Least recently used first. */
  readonly #items = new Map<string, Item>();
  readonly #maxKeys: number;

  constructor({ maxKeys = MAX_KEYS }: MemoryCacheOptions = {}) {
    this.#maxKeys = maxKeys;
  }

  async get(key: string): Promise<string | null> {
    return this.#live(key)?.value ?? null;
  }

  async set(key: string, value: string, ttlMs: number): Promise<void> {
    this.#put(key, { value, endsAt: Date.now() + checkTtl(ttlMs) });
  }

  async setIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean> {
    if (this.#live(key)) return false;
    await this.set(key, value, ttlMs);
    return true;
  }

  async delete(...keys: readonly string[]): Promise<void> {
    for (const key of keys) this.#items.delete(key);
  }

  async increment(key: string, by: number, ttlMs: number): Promise<number> {
    const { value, endsAt } = this.#live(key) ?? { value: '0', endsAt: Date.now() + checkTtl(ttlMs) };
    const sum = Number(value) + by;
    if (!Number.isInteger(sum)) throw new Error(`${key} is no counter`);
    this.#put(key, { value: String(sum), endsAt });
    return sum;
  }

  #live(key: string): Item | undefined {
    const item = this.#items.get(key);
    if (!item) return undefined;
    this.#items.delete(key);
    if (item.endsAt <= Date.now()) return undefined;
    this.#items.set(key, item);
    return item;
  }

  #put(key: string, item: Item): void {
    this.#items.delete(key);
    this.#items.set(key, item);
    const [oldest] = this.#items.keys();
    if (this.#items.size > this.#maxKeys && oldest !== undefined) this.#items.delete(oldest);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#items.clear();
  }
}

function checkTtl(ttlMs: number): number {
  if (!(Number.isInteger(ttlMs) && ttlMs > 0)) throw new Error(`not a time to live: ${ttlMs}`);
  return ttlMs;
}
