import { randomUUID } from 'node:crypto';

import { startBackground } from '@volna/platform/background';
import { scopesOf } from '@volna/platform/scopes';
import { type CryptoKey, importJWK, type JWK, SignJWT } from 'jose';

import type { Database } from '../database.ts';
import type { SigningKey } from '../generated/prisma/client.ts';
import { SETTINGS } from '../settings.ts';
import { ALGORITHM, isRetired, openFirstKey, publicHalf, retireKeys, rotateWhenDue } from './key-rotation.ts';

/** What an access token must be; its key is another thing. */
export const ACCESS_TOKEN = {
  algorithms: [ALGORITHM],
  issuer: SETTINGS.issuer,
  audience: SETTINGS.audience,
  typ: 'at+jwt',
  requiredClaims: ['sub', 'sid', 'iat', 'exp'],
};

export interface AccessClaims {
  readonly userId: string;
  readonly sessionId: string;
  readonly roles: readonly string[];
}

export interface JwkSet {
  readonly keys: JWK[];
}

export interface SigningKeys extends AsyncDisposable {
  /** The public halves of keys that sign access tokens, will soon, or did a short time ago: for whoever verifies. */
  readonly jwks: () => JwkSet;
  /** The public halves of all keys that there ever were: what they signed for good is still theirs. */
  readonly historicalJwks: () => JwkSet;
  /** An RS256 access token (RFC 9068); both times are to the millisecond. */
  sign(claims: AccessClaims, issuedAt: Date, expiresAt: Date): Promise<string>;
  /** Learns of keys that other processes have made, makes a new one when it is time, and retires old ones. */
  look(): Promise<void>;
}

interface Loaded {
  /** The youngest first. */
  readonly rows: readonly SigningKey[];
  readonly privateKeys: ReadonlyMap<string, CryptoKey>;
}

/**
 * The keys that this database's access tokens are signed with: the youngest whose time has come. It gets a successor at
 * the age of so many days; never for 0.
 */
export async function openSigningKeys(
  db: Database,
  days: number = SETTINGS.signingKeyDays,
): Promise<SigningKeys> {
  await openFirstKey(db);
  let { rows, privateKeys } = await load(db);

  async function look(): Promise<void> {
    if (days > 0) await rotateWhenDue(db, days);
    await retireKeys(db);
    ({ rows, privateKeys } = await load(db));
  }
  const background = startBackground('signing keys', SETTINGS.signingKeyLookMs, look);

  return {
    jwks: () => ({ keys: rows.filter((row) => !isRetired(row)).map(publicHalf) }),
    historicalJwks: () => ({ keys: rows.map(publicHalf) }),
    look,
    async sign({ userId, sessionId, roles }, issuedAt, expiresAt) {
      const now = Date.now();
      const row = rows.find(({ activeAt }) => activeAt.getTime() <= now);
      const key = privateKeys.get(row?.kid ?? '');
      if (!row || !key) throw new Error('no signing key');
      return new SignJWT({ sid: sessionId, roles, scopes: scopesOf(roles) })
        .setProtectedHeader({ alg: ALGORITHM, kid: row.kid, typ: ACCESS_TOKEN.typ })
        .setSubject(userId)
        .setIssuer(SETTINGS.issuer)
        .setAudience(SETTINGS.audience)
        .setJti(randomUUID())
        .setIssuedAt(issuedAt.getTime() / 1000)
        .setExpirationTime(expiresAt.getTime() / 1000)
        .sign(key);
    },
    [Symbol.asyncDispose]: () => background[Symbol.asyncDispose](),
  };
}

async function load(db: Database): Promise<Loaded> {
  const rows = await db.signingKey.findMany({ orderBy: [{ activeAt: 'desc' }, { kid: 'asc' }] });
  const live = rows.filter((row) => !isRetired(row));
  const privateKeys = await Promise.all(
    live.map(
      async ({ kid, privateJwk }) =>
        [kid, (await importJWK(privateJwk as JWK, ALGORITHM)) as CryptoKey] as const,
    ),
  );
  return { rows, privateKeys: new Map(privateKeys) };
}
