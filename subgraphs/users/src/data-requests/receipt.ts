import { importJWK, type JWK, SignJWT } from 'jose';

import type { Database } from '../database.ts';
import { SETTINGS } from '../settings.ts';

export interface ErasureFacts {
  readonly requestId: string;
  readonly userId: string;
  readonly requestedAt: Date;
  /** How many of what, by service. */
  readonly services: Readonly<Record<string, unknown>>;
}

/** A proof, for whoever was erased, that it was done: a JWS by the key that signs access tokens. It does not expire. */
export async function signReceipt(db: Database, facts: ErasureFacts): Promise<string> {
  const key = await db.signingKey.findFirstOrThrow({
    where: { activeAt: { lte: new Date() } },
    orderBy: { activeAt: 'desc' },
  });
  const { requestId, userId, requestedAt, services } = facts;
  return new SignJWT({ requestedAt: requestedAt.toISOString(), services })
    .setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'erasure-receipt+jwt' })
    .setIssuer(SETTINGS.issuer)
    .setSubject(userId)
    .setJti(requestId)
    .setIssuedAt()
    .sign(await importJWK(key.privateJwk as JWK, 'RS256'));
}
