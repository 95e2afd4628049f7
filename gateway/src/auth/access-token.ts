import { Viewer } from '@volna/platform/identity';
import { LruMap } from '@volna/platform/lru-map';
import { errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';

import { createKeySet, type KeySource } from './key-set.ts';
import { TokenError } from './token-error.ts';

/** An access token that is what it says. */
export interface AccessToken {
  readonly viewer: Viewer;
  /** Both in milliseconds since 1970. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

const REQUIRED = {
  algorithms: ['RS256'],
  issuer: 'volna',
  audience: 'volna',
  typ: 'at+jwt',
  requiredClaims: ['sub', 'sid', 'iat', 'exp'],
};
/** How long a verified token is trusted without looking at the keys again. */
const TRUST_MS = 30_000;
const MAX_TRUSTED = 10_000;

const Claims = z
  .object({
    sub: z.string(),
    sid: z.string(),
    iat: z.number(),
    exp: z.number(),
    roles: z.array(z.string()),
    scopes: z.array(z.string()),
  })
  .partial({ roles: true, scopes: true });

/** Reads access tokens; throws `TokenError` for one that proves nothing. Whether one was revoked is not its business. */
export function createAccessTokenVerifier(source: KeySource): (token: string) => Promise<AccessToken> {
  const keys = createKeySet(source);
  const trusted = new LruMap<string, AccessToken & { until: number }>(MAX_TRUSTED);
  return async (token) => {
    const known = trusted.get(token);
    const now = Date.now();
    if (known && now < known.until && now < known.expiresAt) return known;
    const read = readClaims(await verify(token, keys));
    trusted.set(token, { ...read, until: now + TRUST_MS });
    return read;
  };
}

async function verify(token: string, keys: JWTVerifyGetKey): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys, REQUIRED)).payload;
  } catch (err) {
    if (err instanceof errors.JWTExpired) throw new TokenError('TOKEN_EXPIRED');
    // anything else is a fault of the keys' source, not of the token
    if (err instanceof errors.JOSEError) throw new TokenError('TOKEN_INVALID');
    throw err;
  }
}

function readClaims(payload: JWTPayload): AccessToken {
  const claims = Claims.safeParse(payload);
  if (!claims.success) throw new TokenError('TOKEN_INVALID');
  const { sub, sid, iat, exp, roles = [], scopes = [] } = claims.data;
  const viewer = Viewer.safeParse({ userId: sub, sessionId: sid, roles, scopes });
  if (!viewer.success) throw new TokenError('TOKEN_INVALID');
  return { viewer: viewer.data, issuedAt: iat * 1000, expiresAt: exp * 1000 };
}
