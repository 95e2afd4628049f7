import type { Cache } from '@volna/platform/cache';
import { logger } from '@volna/platform/log';
import { LruMap } from '@volna/platform/lru-map';
import { REVOCATIONS_KEY, revokedKey } from '@volna/platform/revocations';

/** How old what is known may be; from half of it on it is looked up anew, while nobody waits. */
const LOOK_MS = 1_500;
/** How long anybody waits for the cache. */
const PATIENCE_MS = 250;
const MAX_SESSIONS = 50_000;

interface Known {
  /** Tokens that were issued until then count for nothing; 0 for none. */
  readonly until: number;
  /** The word under which that was looked up. */
  readonly word: string | null;
}

/**
 * Which access tokens were revoked before their time, from the cache that `users` tells it to. The cache is asked about
 * a session only when it is new here, or after somebody's was revoked; else once in a while, for all sessions in one,
 * whether that has happened. While the cache is away tokens count until they expire.
 */
export class Revocations {
  readonly #cache: Cache;
  readonly #now: () => number;
  readonly #known = new LruMap<string, Known>(MAX_SESSIONS);
  #word: string | null = null;
  #lookedAt = -Infinity;
  #look: Promise<void> | undefined;
  #isAway = false;

  constructor(cache: Cache, now = () => performance.now()) {
    this.#cache = cache;
    this.#now = now;
  }

  /** Whether a token of a session that was issued then, in ms since 1970, counts no more. */
  async isRevoked(sessionId: string, issuedAt: number): Promise<boolean> {
    const age = this.#now() - this.#lookedAt;
    if (age >= LOOK_MS / 2) {
      const look = this.#lookAgain();
      if (age >= LOOK_MS && !this.#isAway) await look;
    }
    const known = this.#known.get(sessionId);
    const isNews = known?.word !== this.#word && !this.#isAway;
    const until = isNews ? await this.#ask(sessionId, known?.until ?? 0) : (known?.until ?? 0);
    return issuedAt <= until;
  }

  #lookAgain(): Promise<void> {
    this.#look ??= this.#readWord().finally(() => {
      this.#look = undefined;
    });
    return this.#look;
  }

  async #readWord(): Promise<void> {
    const startedAt = this.#now();
    const word = await this.#patiently(this.#cache.get(REVOCATIONS_KEY));
    if (word !== undefined) this.#word = word;
    this.#lookedAt = startedAt;
  }

  async #ask(sessionId: string, knownUntil: number): Promise<number> {
    // of before the answer: what is revoked while it comes makes another word
    const word = this.#word;
    const answer = await this.#patiently(this.#cache.get(revokedKey(sessionId)));
    if (answer === undefined) return knownUntil;
    // a cache that came back empty has forgotten what this gateway need not
    const until = Math.max(Number(answer), knownUntil);
    this.#known.set(sessionId, { until, word });
    return until;
  }

  /** The answer; undefined where it does not come. */
  async #patiently(answer: Promise<string | null>): Promise<string | null | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('the cache took too long')), PATIENCE_MS);
    });
    try {
      const value = await Promise.race([answer, late]);
      this.#saw(true);
      return value;
    } catch (err) {
      this.#saw(false, err);
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  #saw(isThere: boolean, err?: unknown): void {
    if (this.#isAway === !isThere) return;
    this.#isAway = !isThere;
    if (isThere) logger.info('revoked access tokens are refused again');
    else logger.warn({ err }, 'the cache is away: revoked access tokens count until they expire');
  }
}
