import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryCache } from '@volna/platform/cache-memory';
import { REVOCATIONS_KEY, revokedKey } from '@volna/platform/revocations';

import { Revocations } from './revocations.ts';

/** A cache that counts what it is asked, and that can be away. */
class WatchedCache extends MemoryCache {
  asked: string[] = [];
  isAway = false;
  hangs = false;

  override async get(key: string): Promise<string | null> {
    this.asked.push(key);
    if (this.isAway) throw new Error('away');
    if (this.hangs) await new Promise(() => {});
    return super.get(key);
  }

  async revoke(session: string, until: number): Promise<void> {
    await this.set(revokedKey(session), String(until), 60_000);
    await this.set(REVOCATIONS_KEY, `${session} ${until}`, 60_000);
  }
}

let cache: WatchedCache;
let now: number;
let revocations: Revocations;
beforeEach(() => {
  cache = new WatchedCache();
  now = 0;
  revocations = new Revocations(cache, () => now);
});

describe('revocations', () => {
  it('are of tokens that were issued until then, not of later ones nor of other sessions', async () => {
    await cache.revoke('one', 1_000);
    expect(await revocations.isRevoked('one', 999)).toBe(true);
    expect(await revocations.isRevoked('one', 1_000)).toBe(true);
    expect(await revocations.isRevoked('one', 1_001)).toBe(false);
    expect(await revocations.isRevoked('two', 1)).toBe(false);
  });

  it('of a session that is known are heard of within two seconds', async () => {
    expect(await revocations.isRevoked('one', 5)).toBe(false);
    await cache.revoke('one', 10);
    now = 2_000;
    expect(await revocations.isRevoked('one', 5)).toBe(true);
  });

  it('cost nothing while there are none: the cache is not asked about a session that is known', async () => {
    await revocations.isRevoked('one', 5);
    cache.asked = [];
    for (let i = 0; i < 100; i++) await revocations.isRevoked('one', 5);
    expect(cache.asked).toEqual([]);
    now = 2_000;
    for (let i = 0; i < 100; i++) await revocations.isRevoked('one', 5);
    expect(cache.asked).toEqual([REVOCATIONS_KEY]);
    await cache.revoke('two', 10);
    cache.asked = [];
    now = 4_000;
    for (let i = 0; i < 100; i++) await revocations.isRevoked('one', 5);
    expect(cache.asked).toEqual([REVOCATIONS_KEY, revokedKey('one')]);
  });

  it('are kept in mind when the cache has forgotten them', async () => {
    await cache.revoke('one', 10);
    await revocations.isRevoked('one', 5);
    await cache.delete(revokedKey('one'), REVOCATIONS_KEY);
    now = 2_000;
    expect(await revocations.isRevoked('one', 5)).toBe(true);
  });

  it('are not known while the cache is away: tokens count, but those that were known to be revoked', async () => {
    await cache.revoke('one', 10);
    await revocations.isRevoked('one', 5);
    cache.isAway = true;
    now = 2_000;
    expect(await revocations.isRevoked('two', 5)).toBe(false);
    expect(await revocations.isRevoked('one', 5)).toBe(true);
    cache.asked = [];
    for (let i = 0; i < 100; i++) await revocations.isRevoked(`session ${i}`, 5);
    expect(cache.asked).toEqual([]);

    await cache.revoke('two', 10);
    cache.isAway = false;
    now = 4_000;
    // nobody waits for a cache that was away
    await revocations.isRevoked('two', 5);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await revocations.isRevoked('two', 5)).toBe(true);
  });

  it('are not waited for longer than a moment', async () => {
    cache.hangs = true;
    expect(await revocations.isRevoked('one', 5)).toBe(false);
  });
});
