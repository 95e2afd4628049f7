import { Viewer } from '@volna/platform/identity';
import { logger } from '@volna/platform/log';
import { LruMap } from '@volna/platform/lru-map';

import type { AskGrant } from './api-key-grant.ts';
import { TokenError } from './token-error.ts';

/** An API key that counts. */
export interface KnownKey {
  readonly viewer: Viewer;
  /** Milliseconds since 1970; Infinity for a key without an end. */
  readonly expiresAt: number;
}

const FORM = /^vk_[\w-]{43}$/;
/** How long an answer of `users` counts. */
const TRUST_MS = 2_500;
/** How long the last good one does, while `users` is away. */
const STALE_MS = 60_000;
const MAX_KEYS = 10_000;

/** Whether an Authorization header holds a key rather than an access token. */
export const isApiKey = (token: string): boolean => token.startsWith('vk_');

/** Whom API keys are from, as `users` says. Keys that it does not know are remembered apart: they push no other out. */
export class ApiKeys {
  readonly #ask: AskGrant;
  readonly #now: () => number;
  readonly #known = new LruMap<string, KnownKey & { askedAt: number }>(MAX_KEYS);
  readonly #unknown = new LruMap<string, number>(MAX_KEYS);
  readonly #asking = new Map<string, Promise<KnownKey | null>>();

  constructor(ask: AskGrant, now = () => performance.now()) {
    this.#ask = ask;
    this.#now = now;
  }

  /** Throws `TokenError` for a key that proves nothing. */
  async read(key: string): Promise<KnownKey> {
    const found = FORM.test(key) ? await this.#find(key) : null;
    if (!found) throw new TokenError('TOKEN_INVALID');
    if (found.expiresAt <= Date.now()) throw new TokenError('TOKEN_INVALID');
    return found;
  }

  async #find(key: string): Promise<KnownKey | null> {
    const now = this.#now();
    const known = this.#known.get(key);
    if (known && now - known.askedAt < TRUST_MS) return known;
    if (now - (this.#unknown.get(key) ?? -Infinity) < TRUST_MS) return null;
    try {
      return await this.#askOnce(key);
    } catch (err) {
      if (!known || now - known.askedAt > STALE_MS) throw err;
      logger.warn({ err }, 'an API key could not be looked up: it counts as before');
      return known;
    }
  }

  #askOnce(key: string): Promise<KnownKey | null> {
    let asking = this.#asking.get(key);
    if (!asking) {
      asking = this.#lookUp(key).finally(() => this.#asking.delete(key));
      this.#asking.set(key, asking);
    }
    return asking;
  }

  async #lookUp(key: string): Promise<KnownKey | null> {
    const askedAt = this.#now();
    const grant = await this.#ask(key);
    if (!grant) {
      this.#known.delete(key);
      this.#unknown.set(key, askedAt);
      return null;
    }
    const { keyId, expiresAt, ...who } = grant;
    const viewer = Viewer.parse({ ...who, sessionId: keyId });
    const known = { viewer, expiresAt: expiresAt ? Date.parse(expiresAt) : Infinity, askedAt };
    this.#known.set(key, known);
    return known;
  }
}
