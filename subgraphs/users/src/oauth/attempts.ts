import { UserError } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import type { OAuthAttempt } from '../generated/prisma/client.ts';
import { hashSecret, newSecret } from '../tokens/secret.ts';
import type { AuthorizationRequest } from './provider.ts';
import { OAUTH } from './settings.ts';

/** A sign-in that has begun, and the secret of the client that began it. */
export interface BegunAttempt extends AuthorizationRequest {
  readonly secret: string;
}

export interface AttemptFacts {
  readonly provider: string;
  readonly redirectUri: string;
  /** The account that it is to be linked to; null for signing in. */
  readonly userId: string | null;
}

/** Remembers a sign-in that begins; of the state and the client's secret, nothing but their hash. */
export async function beginAttempt({ db }: Context, facts: AttemptFacts): Promise<BegunAttempt> {
  const [state, secret, nonce, codeVerifier] = [random(), random(), random(), random()];
  const now = Date.now();
  await db.oAuthAttempt.deleteMany({ where: { expiresAt: { lt: new Date(now) } } });
  await db.oAuthAttempt.create({
    data: {
      ...facts,
      hash: attemptHash(state, secret),
      nonce,
      codeVerifier,
      expiresAt: new Date(now + OAUTH.attemptMs),
    },
  });
  return { state, nonce, codeVerifier, redirectUri: facts.redirectUri, secret };
}

/**
 * Ends a sign-in, once: only whoever holds both the state, which went through the browser's address, and the secret,
 * which did not, and is signed in as the one who began where that was to link.
 */
export async function claimAttempt(
  { db, viewer }: Context,
  state: string,
  secret: string,
): Promise<OAuthAttempt> {
  const hash = attemptHash(state, secret);
  const now = new Date();
  const { count } = await db.oAuthAttempt.updateMany({
    where: {
      hash,
      usedAt: null,
      expiresAt: { gt: now },
      OR: [{ userId: null }, ...(viewer ? [{ userId: viewer.userId }] : [])],
    },
    data: { usedAt: now },
  });
  if (count === 0) {
    throw new UserError('OAUTH_EXPIRED', 'this sign-in is used, too old or not yours; begin again');
  }
  return db.oAuthAttempt.findUniqueOrThrow({ where: { hash } });
}

const random = (): string => newSecret().secret;
const attemptHash = (state: string, secret: string): string => hashSecret(`${state}.${secret}`);
