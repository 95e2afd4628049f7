import { Viewer } from '@volna/platform/identity';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
  type JWTVerifyGetKey,
} from 'jose';
import { z } from 'zod';

import { LruMap } from '../executor/lru-map.ts';
import { TokenError } from './token-error.ts';

/** Somebody who has signed in, until when. */
export interface SignedIn {
  readonly viewer: Viewer;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Who a token is from; throws `TokenError` for one that proves nothing. */
export type VerifyAccessToken = (token: string) => Promise<SignedIn>;

/** Where the public keys come from: a URL, or whoever holds them. */
export type KeySource = string | (() => JSONWebKeySet | Promise<JSONWebKeySet>);

const REQUIRED = {
  algorithms: ['RS256'],
  issuer: 'volna',
  audience: 'volna',
  typ: 'at+jwt',
  requiredClaims: ['sub', 'sid', 'exp'],
};
/** Faults of the key source, not of the token. */
const KEYS_ARE_AWAY = new Set(['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID']);
/** How long a verified token is trusted without looking at the keys again. */
const TRUST_MS = 30_000;
const MAX_TRUSTED = 10_000;
/** How often keys may be asked for because of a token that names an unknown one. */
const KEYS_COOLDOWN_MS = 10_000;

const Claims = z
  .object({
    sub: z.string(),
    sid: z.string(),
    exp: z.number(),
    roles: z.array(z.string()),
    scopes: z.array(z.string()),
  })
  .partial({ roles: true, scopes: true });

export function createAccessTokenVerifier(source: KeySource): VerifyAccessToken {
  const keys = typeof source === 'string' ? createRemoteJWKSet(new URL(source)) : keysFrom(source);
  const trusted = new LruMap<string, SignedIn & { until: number }>(MAX_TRUSTED);
  return async (token) => {
    const known = trusted.get(token);
    const now = Date.now();
    if (known && now < known.until && now < known.expiresAt) return known;
    const signedIn = readClaims(await verify(token, keys));
    trusted.set(token, { ...signedIn, until: now + TRUST_MS });
    return signedIn;
  };
}

async function verify(token: string, keys: JWTVerifyGetKey): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys, REQUIRED)).payload;
  } catch (err) {
    if (err instanceof errors.JWTExpired) throw new TokenError('TOKEN_EXPIRED');
    if (err instanceof errors.JOSEError && !KEYS_ARE_AWAY.has(err.code))
      throw new TokenError('TOKEN_INVALID');
    throw err;
  }
}

function readClaims(payload: JWTPayload): SignedIn {
  const claims = Claims.safeParse(payload);
  if (!claims.success) throw new TokenError('TOKEN_INVALID');
  const { sub, sid, exp, roles = [], scopes = [] } = claims.data;
  const viewer = Viewer.safeParse({ userId: sub, sessionId: sid, roles, scopes });
  if (!viewer.success) throw new TokenError('TOKEN_INVALID');
  return { viewer: viewer.data, expiresAt: exp * 1000 };
}

/** Keys of this process, asked for again when a token names one that is not among them. */
function keysFrom(source: () => JSONWebKeySet | Promise<JSONWebKeySet>): JWTVerifyGetKey {
  let keys: JWTVerifyGetKey | undefined;
  let askedAt = 0;
  const ask = async (): Promise<JWTVerifyGetKey> => {
    askedAt = Date.now();
    return (keys = createLocalJWKSet(await source()));
  };
  return async (header, token) => {
    try {
      return await (keys ?? (await ask()))(header, token);
    } catch (err) {
      const mayBeNew = err instanceof errors.JWKSNoMatchingKey && Date.now() - askedAt > KEYS_COOLDOWN_MS;
      if (!mayBeNew) throw err;
      return (await ask())(header, token);
    }
  };
}
