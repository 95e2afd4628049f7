import type { Cache } from '@volna/platform/cache';
import { logger } from '@volna/platform/log';
import { LruMap } from '@volna/platform/lru-map';

import type { Budget } from './rate-limits.ts';
import { add, NOTHING, RateWindow, WINDOW_MS } from './rate-window.ts';

/** How often counts go to the cache and those of other gateways come back. */
const EXCHANGE_MS = 100;
/** How long the cache is left alone after it has failed. */
const PAUSE_MS = 1_000;
/** Callers whose counts are kept here; of others only what the cache knows. */
const MAX_CALLERS = 50_000;
/** One counter holds both numbers, so that both take one round trip: requests below, cost above. */
const COST_UNIT = 2 ** 24;

/**
 * Counts callers for all gateways that share a cache. Nobody waits for it: a request is judged by what this process
 * knows, and at most every tenth of a second what it has counted since is added to the cache's count and the sum read
 * back, in one round trip a caller. So a limit can be overshot by what other gateways let in within that time. Without
 * the cache each gateway counts for itself.
 */
export class SharedCounts implements Disposable {
  readonly #cache: Cache;
  readonly #windows = new LruMap<string, RateWindow>(MAX_CALLERS);
  readonly #changed = new Map<string, RateWindow>();
  #timer: NodeJS.Timeout | undefined;
  #pausedUntil = 0;
  #isAway = false;
  #isClosed = false;

  constructor(cache: Cache) {
    this.#cache = cache;
  }

  /** How long a caller has to wait for what it asks for; 0 for not at all. */
  take(caller: string, asked: Budget, limit: Budget, now = Date.now()): number {
    const window = this.#windows.take(caller, () => new RateWindow(now));
    const wait = window.take(asked, limit, now);
    if (wait === 0) {
      this.#changed.set(caller, window);
      this.#exchangeSoon();
    }
    return wait;
  }

  /** Tells the cache what was counted since the last time, and learns what others have. */
  async exchange(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (Date.now() >= this.#pausedUntil) {
      const changed = [...this.#changed].filter(([, window]) => window.sent === NOTHING);
      for (const [caller] of changed) this.#changed.delete(caller);
      await Promise.all(changed.map(([caller, window]) => this.#tell(caller, window)));
    }
    if (this.#changed.size > 0) this.#exchangeSoon();
  }

  #exchangeSoon(): void {
    if (this.#isClosed) return;
    this.#timer ??= setTimeout(() => void this.exchange(), EXCHANGE_MS).unref();
  }

  async #tell(caller: string, window: RateWindow): Promise<void> {
    const { index, unsent } = window;
    window.sent = unsent;
    window.unsent = NOTHING;
    try {
      const by = unsent.requests + unsent.cost * COST_UNIT;
      const sum = await this.#cache.increment(`rate:${index}:${caller}`, by, 2 * WINDOW_MS);
      if (window.index === index) {
        window.known = { requests: sum % COST_UNIT, cost: Math.floor(sum / COST_UNIT) };
        window.sent = NOTHING;
      }
      this.#sawCache(true);
    } catch (err) {
      if (window.index === index) {
        window.unsent = add(window.unsent, window.sent);
        window.sent = NOTHING;
        this.#changed.set(caller, window);
      }
      this.#pausedUntil = Date.now() + PAUSE_MS;
      this.#sawCache(false, err);
    }
  }

  #sawCache(isThere: boolean, err?: unknown): void {
    if (this.#isAway === !isThere) return;
    this.#isAway = !isThere;
    if (isThere) logger.info('rate limits are shared again');
    else logger.warn({ err }, 'rate limits are not shared: the cache is away');
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }
}
