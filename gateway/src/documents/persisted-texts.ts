import { createHash } from 'node:crypto';

import type { Cache } from '@volna/platform/cache';
import { logger } from '@volna/platform/log';
import { LruMap } from '@volna/platform/lru-map';

/** Longer texts are run, not kept: their clients send them each time. In characters. */
export const MAX_KEPT_TEXT = 16 * 1024;
const MAX_KEPT_TEXTS = 1000;
const DAY_MS = 24 * 60 * 60 * 1000;
/** What the shared cache takes of new texts in a day. All operations of a large client are a hundredth of it. */
const MAX_SHARED_A_DAY = 64 * 1024 * 1024;

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Texts of operations by their hashes, for clients that send the hash only: the latest thousand in this process, and
 * for a day in the cache that gateways share. Both are bounded, whatever strangers register.
 */
export class PersistedTexts {
  readonly #cache: Cache;
  readonly #kept = new LruMap<string, string>(MAX_KEPT_TEXTS);

  constructor(cache: Cache) {
    this.#cache = cache;
  }

  async find(hash: string): Promise<string | null> {
    const kept = this.#kept.get(hash);
    if (kept !== undefined) return kept;
    try {
      const text = await this.#cache.get(keyOf(hash));
      // the cache is shared: what it says is believed for what it proves
      if (text === null || hashOf(text) !== hash) return null;
      this.#kept.set(hash, text);
      return text;
    } catch (err) {
      logger.warn({ err }, 'persisted query not found: the cache is away');
      return null;
    }
  }

  /** Keeps a text that the caller has found valid. */
  async keep(hash: string, text: string): Promise<void> {
    if (text.length > MAX_KEPT_TEXT || this.#kept.get(hash) !== undefined) return;
    this.#kept.set(hash, text);
    try {
      const shared = await this.#cache.increment('documents', text.length, DAY_MS);
      if (shared <= MAX_SHARED_A_DAY) await this.#cache.set(keyOf(hash), text, DAY_MS);
    } catch (err) {
      logger.warn({ err }, 'persisted query not shared: the cache is away');
    }
  }
}

function keyOf(hash: string): string {
  return `document:${hash}`;
}
