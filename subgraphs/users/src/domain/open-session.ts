import { newId } from '@volna/events';

import type { Deps } from '../context.ts';
import type { Database } from '../database.ts';
import type { Session, User } from '../models.ts';
import { SETTINGS } from '../settings.ts';
import { newSecret } from '../tokens/secret.ts';

type Tx = Pick<Database, 'session' | 'refreshToken'>;

/** Signs a user in on one more client. */
export async function openSession(
  keys: Deps['keys'],
  tx: Tx,
  user: User,
  userAgent: string,
): Promise<Session> {
  const { id } = await tx.session.create({
    data: { id: newId('Session'), userId: user.id, userAgent: userAgent.slice(0, 300) || null },
  });
  return issueTokens(keys, tx, user, id);
}

/** A new pair of tokens for a session that is open. */
export async function issueTokens(
  keys: Deps['keys'],
  tx: Tx,
  user: User,
  sessionId: string,
): Promise<Session> {
  const now = Date.now();
  const accessTokenExpiresAt = new Date(now + SETTINGS.accessTokenMs);
  const refreshTokenExpiresAt = new Date(now + SETTINGS.refreshTokenMs);
  const { secret, hash } = newSecret();
  await tx.refreshToken.create({ data: { hash, sessionId, expiresAt: refreshTokenExpiresAt } });
  const claims = { userId: user.id, sessionId, roles: user.roles };
  const accessToken = await keys.sign(claims, accessTokenExpiresAt);
  return { accessToken, accessTokenExpiresAt, refreshToken: secret, refreshTokenExpiresAt, user };
}
