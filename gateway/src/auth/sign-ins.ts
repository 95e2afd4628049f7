import type { Cache } from '@volna/platform/cache';
import type { Viewer } from '@volna/platform/identity';
import { logger } from '@volna/platform/log';

import { createAccessTokenVerifier } from './access-token.ts';
import type { AskGrant } from './api-key-grant.ts';
import { ApiKeys, isApiKey } from './api-keys.ts';
import type { KeySource } from './key-set.ts';
import { Revocations } from './revocations.ts';
import { TokenError } from './token-error.ts';

/** Somebody who has signed in, until when. */
export interface SignedIn {
  readonly viewer: Viewer;
  /** Milliseconds since 1970; Infinity for an API key without an end. */
  readonly expiresAt: number;
  /** Of an access token, in milliseconds since 1970. */
  readonly issuedAt?: number;
  readonly apiKey?: string;
}

/** Who a token or an API key is from; throws `TokenError` for one that proves nothing. */
export type Verify = (token: string) => Promise<SignedIn>;

export interface SignIns extends Disposable {
  readonly verify: Verify;
  /**
   * Tells once, with `TOKEN_EXPIRED` or `TOKEN_INVALID`, when a sign-in has ended: expired, revoked, or its rights have
   * changed. Within five seconds, until it is disposed of.
   */
  watch(signedIn: SignedIn, onEnded: (reason: TokenError) => void): Disposable;
}

export interface SignInOptions {
  readonly jwks: KeySource;
  readonly cache: Cache;
  readonly askGrant: AskGrant;
}

/** How often those who are watched are looked at. */
const WATCH_MS = 1_000;
/** The longest that a timer takes. */
const MAX_TIMER_MS = 2 ** 31 - 1;

interface Watched {
  readonly signedIn: SignedIn;
  readonly end: (reason: TokenError) => void;
}

export function createSignIns({ jwks, cache, askGrant }: SignInOptions): SignIns {
  const readAccessToken = createAccessTokenVerifier(jwks);
  const revocations = new Revocations(cache);
  const apiKeys = new ApiKeys(askGrant);
  const watched = new Set<Watched>();

  async function verify(token: string): Promise<SignedIn> {
    if (isApiKey(token)) return { ...(await apiKeys.read(token)), apiKey: token };
    const signedIn = await readAccessToken(token);
    await check(signedIn);
    return signedIn;
  }

  /** Throws once a sign-in that was good is not any more. */
  async function check({ viewer, issuedAt = Infinity, apiKey }: SignedIn): Promise<void> {
    if (apiKey !== undefined) {
      const now = await apiKeys.read(apiKey);
      if (!haveSameRights(now.viewer, viewer)) throw new TokenError('TOKEN_EXPIRED');
    } else if (await revocations.isRevoked(viewer.sessionId, issuedAt)) {
      throw new TokenError('TOKEN_EXPIRED');
    }
  }

  const timer = setInterval(() => {
    for (const { signedIn, end } of watched) {
      check(signedIn).catch((err: unknown) => {
        if (err instanceof TokenError) end(err);
        else logger.warn({ err }, 'whether a sign-in still counts is not known');
      });
    }
  }, WATCH_MS).unref();

  return {
    verify,
    watch(signedIn, onEnded) {
      const ms = Math.min(Math.max(signedIn.expiresAt - Date.now(), 0), MAX_TIMER_MS);
      const expiry = setTimeout(() => entry.end(new TokenError('TOKEN_EXPIRED')), ms);
      const stop = () => {
        clearTimeout(expiry);
        return watched.delete(entry);
      };
      const entry = { signedIn, end: (reason: TokenError) => void (stop() && onEnded(reason)) };
      watched.add(entry);
      return { [Symbol.dispose]: () => void stop() };
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

function haveSameRights(a: Viewer, b: Viewer): boolean {
  return String([a.roles, a.scopes]) === String([b.roles, b.scopes]);
}
