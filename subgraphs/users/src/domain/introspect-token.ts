import { ClientError } from '@volna/platform/errors';
import { createLocalJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';

import type { Context } from '../context.ts';
import type { Role, TokenInfo } from '../generated/graphql.ts';
import { ACCESS_TOKEN, type SigningKeys } from '../tokens/signing-keys.ts';
import { findApiKeyGrant } from './grant-api-key.ts';
import { revokedUntil } from './revoke-tokens.ts';

const Claims = z.object({
  sub: z.string(),
  sid: z.string(),
  iat: z.number(),
  exp: z.number(),
  roles: z.array(z.string()),
  scopes: z.array(z.string()),
});

/** What is said of a token, and the sign-in that it stands for: a session, or the key itself. */
interface Found {
  readonly info: TokenInfo;
  readonly signIn: string;
}

/**
 * Whether a token is good and for what (RFC 7662). Only an ADMIN, or a key with the scope `admin`, may ask about any;
 * anybody about the sign-in that asks. To others a good token and a bad one look the same.
 */
export async function introspectToken(context: Context, token: string): Promise<TokenInfo> {
  const { sessionId, scopes } = context.requireViewer();
  const found = token.startsWith('vk_')
    ? await ofApiKey(context, token)
    : await ofAccessToken(context, token);
  if (!scopes.includes('admin') && found?.signIn !== sessionId) {
    throw new ClientError('FORBIDDEN', 'only an ADMIN may ask about tokens of others');
  }
  return found?.info ?? { active: false };
}

async function ofApiKey(context: Context, key: string): Promise<Found | null> {
  const grant = await findApiKeyGrant(context, key);
  if (!grant) return null;
  const { keyId, userId, roles, scopes, expiresAt } = grant;
  const info = {
    active: true,
    kind: 'API_KEY' as const,
    userId,
    roles: [...roles] as Role[],
    scopes: [...scopes],
  };
  return { signIn: keyId, info: { ...info, expiresAt } };
}

async function ofAccessToken(context: Context, token: string): Promise<Found | null> {
  const claims = Claims.safeParse(await verify(context.keys, token)).data;
  if (!claims) return null;
  const { sub: userId, sid: sessionId, iat, exp, roles, scopes } = claims;
  const session = await context.db.session.findUnique({ where: { id: sessionId }, include: { user: true } });
  if (!session || session.revokedAt || session.user.deactivatedAt) return null;
  if (iat * 1000 <= (await revokedUntil(context.cache, sessionId))) return null;
  const info = {
    active: true,
    kind: 'ACCESS_TOKEN' as const,
    userId,
    sessionId,
    roles: roles as Role[],
    scopes,
  };
  return { signIn: sessionId, info: { ...info, expiresAt: new Date(exp * 1000) } };
}

async function verify(keys: SigningKeys, token: string): Promise<JWTPayload | null> {
  try {
    return (await jwtVerify(token, createLocalJWKSet(keys.jwks()), ACCESS_TOKEN)).payload;
  } catch (err) {
    if (err instanceof errors.JOSEError) return null;
    throw err;
  }
}
