import { randomUUID } from 'node:crypto';

import { scopesOf } from '@volna/platform/scopes';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';

import type { Database } from '../database.ts';
import { SETTINGS } from '../settings.ts';

export interface AccessClaims {
  readonly userId: string;
  readonly sessionId: string;
  readonly roles: readonly string[];
}

export interface SigningKeys {
  /** The public halves, for everybody who verifies. */
  readonly jwks: () => { keys: JWK[] };
  /** An RS256 access token (RFC 9068); both times are to the millisecond. */
  sign(claims: AccessClaims, issuedAt: Date, expiresAt: Date): Promise<string>;
}

const ALGORITHM = 'RS256';
/** One lock for all processes that start at once on an empty table. */
const LOCK = 7_311_301;

/** The keys that this database's access tokens are signed with; the newest signs, all verify. */
export async function openSigningKeys(db: Database): Promise<SigningKeys> {
  const rows = await readOrCreate(db);
  const [newest] = rows;
  if (!newest) throw new Error('no signing key');
  const privateKey = (await importJWK(newest.privateJwk as JWK, ALGORITHM)) as CryptoKey;
  const keys = rows.map(({ kid, privateJwk }) => publicHalf(kid, privateJwk as JWK));
  return {
    jwks: () => ({ keys }),
    sign: ({ userId, sessionId, roles }, issuedAt, expiresAt) =>
      new SignJWT({ sid: sessionId, roles, scopes: scopesOf(roles) })
        .setProtectedHeader({ alg: ALGORITHM, kid: newest.kid, typ: 'at+jwt' })
        .setSubject(userId)
        .setIssuer(SETTINGS.issuer)
        .setAudience(SETTINGS.audience)
        .setJti(randomUUID())
        .setIssuedAt(issuedAt.getTime() / 1000)
        .setExpirationTime(expiresAt.getTime() / 1000)
        .sign(privateKey),
  };
}

function readOrCreate(db: Database) {
  return db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK})`;
    const rows = await tx.signingKey.findMany({ orderBy: { createdAt: 'desc' } });
    return rows.length > 0 ? rows : [await tx.signingKey.create({ data: await newKey() })];
  });
}

async function newKey() {
  const { privateKey } = await generateKeyPair(ALGORITHM, { modulusLength: 2048, extractable: true });
  return { kid: randomUUID(), privateJwk: { ...(await exportJWK(privateKey)) } };
}

function publicHalf(kid: string, { kty, n, e }: JWK): JWK {
  return { kty, n, e, kid, alg: ALGORITHM, use: 'sig' } as JWK;
}
